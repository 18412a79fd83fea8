import type { Mode, Policy, Suspension } from './policy.ts';

/** The mode that counts at a moment: a pause that has an end is over from then on, and the autoscaler is active again. */
export function modeAt(policy: Pick<Policy, 'mode' | 'suspend'>, nowMs: number): Mode {
  if (policy.mode === 'Paused' && suspensionAt(policy, nowMs) === undefined) return 'Active';
  return policy.mode ?? 'Active';
}

/** What a pause holds back at a moment; undefined while none does. */
export function suspensionAt({ suspend }: Pick<Policy, 'suspend'>, nowMs: number): Suspension | undefined {
  return suspend === undefined || nowMs >= (suspend.untilMs ?? Infinity) ? undefined : suspend;
}

/** When a pause that is in force ends by itself; undefined where none does. */
export function pauseEndMs(policy: Pick<Policy, 'suspend'>, nowMs: number): number | undefined {
  return suspensionAt(policy, nowMs)?.untilMs;
}
