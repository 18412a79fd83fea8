import type { Advised } from './advised.ts';
import type { Finding } from './conditions.ts';
import type { Decision } from './decision.ts';
import type { SuspendedMark } from './limiter-marks.ts';
import { modeAt, suspensionAt } from './mode.ts';
import type { Policy, Suspension } from './policy.ts';
import { timeText } from './trust/time-text.ts';

/**
 * The decision as the mode lets it be carried out: in a dry run, and where a pause holds its direction back, it is reported and not
 * written. What it would have left behind if it were (scale events, marks, times) is then not remembered, as nothing was done.
 */
export function underMode(decision: Decision, policy: Policy): Decision {
  if (policy.mode === 'DryRun') return { ...decision, dryRun: true };
  const suspension = suspensionAt(policy, decision.atMs);
  if (suspension === undefined || !holdsBack(suspension, decision)) return decision;
  const { trace } = decision;
  const limiters = [...trace.limiters, markOf(decision, suspension)];
  return { ...decision, suspended: true, trace: { ...trace, limiters } };
}

function holdsBack(
  { scaleUp, scaleDown }: Suspension,
  { currentReplicas, desiredReplicas }: Decision,
): boolean {
  return desiredReplicas > currentReplicas ? scaleUp : scaleDown;
}

function markOf(
  { currentReplicas: to, desiredReplicas: from }: Decision,
  { untilMs, reason: why }: Suspension,
): SuspendedMark {
  return {
    ...{ limiter: 'suspended', from, to },
    reason: from > to ? 'ScaleUpSuspended' : 'ScaleDownSuspended',
    ...(untilMs !== undefined && { untilMs }),
    ...(why !== undefined && { why }),
  };
}

/** What the pause held back; undefined where it did not. */
export function suspendedMark({ trace }: Decision): SuspendedMark | undefined {
  return trace.limiters.findLast((mark) => mark.limiter === 'suspended');
}

/** `scaling up is suspended until 2026-12-24T18:00:00Z: the sale` */
export function suspendedText({ reason, untilMs, why }: SuspendedMark): string {
  const what = reason === 'ScaleUpSuspended' ? 'scaling up' : 'scaling down';
  return `${what} is suspended${termsText(untilMs, why)}`;
}

/** `Suspended`: which directions a pause holds back, until when, and why; its words stay the same while the pause does. */
export function suspended({ policy, decision }: Advised): Finding {
  const suspension = suspensionAt(policy, decision.atMs);
  if (suspension === undefined) return notSuspended(policy, decision.atMs);
  const { untilMs, reason } = suspension;
  const message = `${directionsText(suspension)} is suspended${termsText(untilMs, reason)}`;
  return { type: 'Suspended', status: 'True', reason: 'Paused', message };
}

function notSuspended(policy: Policy, nowMs: number): Finding {
  const { untilMs } = policy.suspend ?? {};
  if (untilMs !== undefined) {
    const message = `the pause ended at ${timeText(untilMs)}`;
    return { type: 'Suspended', status: 'False', reason: 'PauseEnded', message };
  }
  const message = `the mode is ${modeAt(policy, nowMs)}`;
  return { type: 'Suspended', status: 'False', reason: 'NotPaused', message };
}

function directionsText({ scaleUp, scaleDown }: Suspension): string {
  if (scaleUp && scaleDown) return 'scaling up and down';
  return scaleUp ? 'scaling up' : 'scaling down';
}

function termsText(untilMs: number | undefined, why: string | undefined): string {
  const until = untilMs === undefined ? '' : ` until ${timeText(untilMs)}`;
  return why === undefined || why === '' ? until : `${until}: ${why}`;
}
