import type { Condition } from './objects.ts';
import { findCondition, formatTime } from './metadata.ts';

/** The condition with the time at which its status last changed: the earlier one's while the status is the same. */
export function withTransition(before: readonly Condition[], next: Condition, nowMs: number): Condition {
  const earlier = findCondition(before, next.type);
  const since = earlier?.status === next.status ? earlier.lastTransitionTime : undefined;
  return { ...next, lastTransitionTime: since ?? formatTime(nowMs) };
}
