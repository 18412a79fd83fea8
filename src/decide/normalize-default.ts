import { ableToScale } from './conditions.ts';
import { report } from './normalize.ts';
import type { Limited, Normalized, Proposed } from './normalize.ts';
import { remember } from './recommendations.ts';

/**
 * The path of autoscalers without `behavior`: only scaling down is stabilized, only scaling up is limited in speed.
 * @param windowMs the controller's downscale stabilization
 */
export function normalizeDefault(proposed: Proposed, windowMs: number): Normalized {
  const { proposedReplicas, history, nowMs } = proposed;
  const cutoffMs = nowMs - windowMs;
  const replicas = highestSince(proposed, cutoffMs);
  const finding = replicas === proposedReplicas ? ableToScale.ready : ableToScale.scaleDownStabilized;
  const recommendations = remember(
    history.recommendations,
    { atMs: nowMs, replicas: proposedReplicas },
    ({ atMs }) => atMs < cutoffMs,
  );
  const limited = limit(proposed, replicas);
  return report(proposedReplicas, { replicas, finding }, limited, { ...history, recommendations });
}

/** A recommendation exactly at the window's edge still counts. */
function highestSince({ proposedReplicas, history }: Proposed, cutoffMs: number): number {
  let highest = proposedReplicas;
  for (const { atMs, replicas } of history.recommendations) {
    if (atMs >= cutoffMs && replicas > highest) highest = replicas;
  }
  return highest;
}

/** Up to twice the current replicas in one step, but always up to four. */
function limit({ currentReplicas, minReplicas, maxReplicas }: Proposed, replicas: number): Limited {
  const fastest = Math.max(2 * currentReplicas, 4);
  if (replicas < minReplicas) return { replicas: minReplicas, reason: 'TooFewReplicas' };
  if (replicas <= Math.min(maxReplicas, fastest)) return { replicas, reason: 'DesiredWithinRange' };
  return maxReplicas > fastest
    ? { replicas: fastest, reason: 'ScaleUpLimit' }
    : { replicas: maxReplicas, reason: 'TooManyReplicas' };
}
