import { historyLagMs } from '../act/status-plan.ts';
import { readHistory, wireHistory } from '../api/history.ts';
import type { WireHistory } from '../api/history.ts';
import { historyToKeep, historyWindows } from '../decide/compact-history.ts';
import type { Decision, Outcome } from '../decide/decision.ts';
import type { History } from '../decide/history.ts';
import type { Policy } from '../decide/policy.ts';
import { restoreHistory } from '../decide/restore-history.ts';
import type { Snapshot } from '../decide/snapshot.ts';
import type { Autoscaler } from './autoscaler-table.ts';
import type { Tools } from './tools.ts';
import { periodMsOf } from './wake.ts';

/** What an autoscaler remembers: its history in memory, or else, after a restart or a change of leaders, the one in its status. */
export function historyOf(
  { history, object }: Autoscaler,
  policy: Policy,
  { target }: Snapshot,
  { options, clock }: Tools,
): History | undefined {
  if (history !== undefined || !target.ok) return history;
  const stored = readHistory(object.status?.history);
  if (stored === undefined) return undefined;
  const { mode, desiredReplicas } = object.status ?? {};
  return restoreHistory(stored, {
    windows: historyWindows(policy, options.controller),
    currentReplicas: target.value.specReplicas,
    // A dry run tells what it would ask for, which says nothing about what the target was asked to run.
    ...(mode === 'Active' && desiredReplicas !== undefined && { expectedReplicas: desiredReplicas }),
    nowMs: clock.now(),
    lagMs: historyLagMs({ ...options, syncPeriodMs: periodMsOf(policy, options.syncPeriodMs) }),
  });
}

/**
 * The history as the status is to keep it; undefined when there is nothing worth it. While the target was never read nothing is
 * remembered: then what the last operator stored must stay.
 */
export function historyForStatus(
  { history, object }: Autoscaler,
  policy: Policy,
  { decision, outcome }: { readonly decision: Decision; readonly outcome: Outcome },
  { options }: Tools,
): WireHistory | undefined {
  if (history === undefined) return object.status?.history;
  const replicas = outcome.type === 'Scaled' ? decision.desiredReplicas : decision.currentReplicas;
  const windows = historyWindows(policy, options.controller);
  const nowMs = decision.atMs;
  return wireHistory(historyToKeep(history, windows, { replicas, nowMs }), nowMs);
}
