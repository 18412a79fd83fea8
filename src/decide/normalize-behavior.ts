import { ableToScale } from './conditions.ts';
import { report } from './normalize.ts';
import type { Limited, Normalized, Proposed } from './normalize.ts';
import type { Behavior } from './policy.ts';
import { remember } from './recommendations.ts';
import { scaleDownLimit, scaleUpLimit } from './scale-rate.ts';

/**
 * The path of autoscalers with `behavior`: both directions are stabilized and limited in speed by their own rules.
 * @param defaultWindowMs the window for scaling down where the behavior gives none
 */
export function normalizeBehavior(
  proposed: Proposed,
  behavior: Behavior,
  defaultWindowMs: number,
): Normalized {
  const { proposedReplicas, currentReplicas, history, nowMs } = proposed;
  const upCutoffMs = nowMs - windowMs(behavior.scaleUp.stabilizationWindowSeconds, 0);
  const downCutoffMs = nowMs - windowMs(behavior.scaleDown.stabilizationWindowSeconds, defaultWindowMs);
  const replicas = stabilize(proposed, upCutoffMs, downCutoffMs);
  const held =
    proposedReplicas >= currentReplicas ? ableToScale.scaleUpStabilized : ableToScale.scaleDownStabilized;
  const finding = replicas === proposedReplicas ? ableToScale.ready : held;
  const oldestMs = Math.min(upCutoffMs, downCutoffMs);
  const recommendations = remember(
    history.recommendations,
    { atMs: nowMs, replicas: proposedReplicas },
    ({ atMs }) => atMs < oldestMs,
  );
  const limited = limit(proposed, behavior, replicas);
  return report(proposedReplicas, { replicas, finding }, limited, { ...history, recommendations });
}

function windowMs(seconds: number | undefined, defaultMs: number): number {
  return seconds === undefined ? defaultMs : seconds * 1000;
}

/** The current count, moved only as far as every recommendation within a window agrees. The edge is outside. */
function stabilize(proposed: Proposed, upCutoffMs: number, downCutoffMs: number): number {
  let lowest = proposed.proposedReplicas;
  let highest = proposed.proposedReplicas;
  for (const { atMs, replicas } of proposed.history.recommendations) {
    if (atMs > upCutoffMs && replicas < lowest) lowest = replicas;
    if (atMs > downCutoffMs && replicas > highest) highest = replicas;
  }
  return Math.min(Math.max(proposed.currentReplicas, lowest), highest);
}

function limit(proposed: Proposed, behavior: Behavior, replicas: number): Limited {
  const { currentReplicas } = proposed;
  if (replicas > currentReplicas) return limitUp(proposed, behavior, replicas);
  if (replicas < currentReplicas) return limitDown(proposed, behavior, replicas);
  return { replicas, reason: 'DesiredWithinRange' };
}

function limitUp(proposed: Proposed, { scaleUp }: Behavior, replicas: number): Limited {
  const { currentReplicas, maxReplicas, history, nowMs } = proposed;
  const fastest = Math.max(scaleUpLimit(currentReplicas, history, scaleUp, nowMs), currentReplicas);
  if (replicas <= Math.min(maxReplicas, fastest)) return { replicas, reason: 'DesiredWithinRange' };
  return maxReplicas > fastest
    ? { replicas: fastest, reason: 'ScaleUpLimit' }
    : { replicas: maxReplicas, reason: 'TooManyReplicas' };
}

function limitDown(proposed: Proposed, { scaleDown }: Behavior, replicas: number): Limited {
  const { currentReplicas, minReplicas, history, nowMs } = proposed;
  const fastest = Math.min(scaleDownLimit(currentReplicas, history, scaleDown, nowMs), currentReplicas);
  if (replicas >= Math.max(minReplicas, fastest)) return { replicas, reason: 'DesiredWithinRange' };
  return minReplicas < fastest
    ? { replicas: fastest, reason: 'ScaleDownLimit' }
    : { replicas: minReplicas, reason: 'TooFewReplicas' };
}
