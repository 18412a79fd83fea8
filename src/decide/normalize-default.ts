import { ableToScale } from './conditions.ts';
import { holder, report } from './normalize.ts';
import type { Limited, Normalized, Proposed, Stabilized } from './normalize.ts';
import { remember } from './recommendations.ts';

/**
 * The path of autoscalers without `behavior`: only scaling down is stabilized, only scaling up is limited in speed.
 * @param windowMs the controller's downscale stabilization
 */
export function normalizeDefault(proposed: Proposed, windowMs: number): Normalized {
  const { proposedReplicas, history, nowMs } = proposed;
  const cutoffMs = nowMs - windowMs;
  const stabilized = stabilize(proposed, windowMs);
  const recommendations = remember(
    history.recommendations,
    { atMs: nowMs, replicas: proposedReplicas },
    ({ atMs }) => atMs < cutoffMs,
  );
  return report(proposed, stabilized, limit(proposed, stabilized.replicas), recommendations);
}

/** The highest recommendation of the window. One exactly at the window's edge still counts. */
function stabilize(proposed: Proposed, windowMs: number): Stabilized {
  const { proposedReplicas, history, nowMs } = proposed;
  const cutoffMs = nowMs - windowMs;
  let highest = proposedReplicas;
  for (const { atMs, replicas } of history.recommendations) {
    if (atMs >= cutoffMs && replicas > highest) highest = replicas;
  }
  if (highest === proposedReplicas) return { replicas: highest, finding: ableToScale.ready };
  const by = holder(proposed, windowMs, ({ atMs, replicas }) => atMs >= cutoffMs && replicas === highest);
  return { replicas: highest, finding: ableToScale.scaleDownStabilized, by };
}

/** Up to twice the current replicas in one step, but always up to four. */
function limit({ currentReplicas, minReplicas, maxReplicas }: Proposed, replicas: number): Limited {
  const fastest = Math.max(2 * currentReplicas, 4);
  if (replicas < minReplicas) return { replicas: minReplicas, reason: 'TooFewReplicas' };
  if (replicas <= Math.min(maxReplicas, fastest)) return { replicas, reason: 'DesiredWithinRange' };
  return maxReplicas > fastest
    ? { replicas: fastest, reason: 'ScaleUpLimit', by: { type: 'Doubling' } }
    : { replicas: maxReplicas, reason: 'TooManyReplicas' };
}
