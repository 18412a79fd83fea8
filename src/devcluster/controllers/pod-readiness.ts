import { findCondition, timeMs } from './metadata.ts';
import type { Pod } from './objects.ts';

export function isFinished(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

export function isReady(pod: Pod): boolean {
  return findCondition(pod.status?.conditions, 'Ready')?.status === 'True';
}

export function readySinceMs(pod: Pod): number {
  const ready = findCondition(pod.status?.conditions, 'Ready');
  return ready?.status === 'True' ? timeMs(ready.lastTransitionTime) : 0;
}

/** Ready for at least `minReadySeconds`. */
export function isAvailable(pod: Pod, minReadySeconds: number, nowMs: number): boolean {
  return isReady(pod) && (minReadySeconds === 0 || readySinceMs(pod) + minReadySeconds * 1000 <= nowMs);
}
