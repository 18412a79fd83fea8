import type { FallbackBehavior, OnError } from '../policy.ts';
import type { Meanwhile } from '../proposal.ts';

/** What is done now with a metric that has failed since `sinceMs`. */
export function meanwhileOf(
  onError: OnError | undefined,
  sinceMs: number,
  currentReplicas: number,
  nowMs: number,
): Meanwhile {
  if (onError === undefined || onError.type === 'Hold') return { type: 'Held' };
  const atMs = sinceMs + onError.afterMs;
  const next =
    onError.type === 'Ignore'
      ? ({ type: 'Ignored' } as const)
      : ({
          type: 'Fallback',
          replicas: proposed[onError.behavior](onError.replicas, currentReplicas),
        } as const);
  return nowMs < atMs ? { type: 'Held', next: { ...next, atMs } } : next;
}

/** What a fallback proposes, as KEDA's behaviors of the same names do. */
const proposed: Readonly<Record<FallbackBehavior, (replicas: number, current: number) => number>> = {
  Static: (replicas) => replicas,
  CurrentReplicas: (_, current) => current,
  CurrentReplicasIfHigher: Math.max,
  CurrentReplicasIfLower: Math.min,
};
