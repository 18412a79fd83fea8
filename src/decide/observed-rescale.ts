import type { DecideInput } from './decide-input.ts';
import { rememberRescale } from './scale-events.ts';

/**
 * The history of a dry run with what the other autoscaler of the target did since the last tick, as if it had been our own doing:
 * whoever takes the target over then counts its last steps against the scaling policies, as the other would have.
 */
export function withObservedRescale<T extends DecideInput>(input: T): T {
  const { policy, snapshot, history, nowMs } = input;
  if (policy.mode !== 'DryRun' || history === undefined || !snapshot.target.ok) return input;
  const { rivals = [], status } = snapshot;
  const from = status.currentReplicas;
  const to = snapshot.target.value.specReplicas;
  if (rivals.length === 0 || from === undefined || from === to) return input;
  return { ...input, history: rememberRescale(history, policy.behavior, { from, to }, nowMs) };
}
