import { ableToScale } from './conditions.ts';
import { holder, report } from './normalize.ts';
import type { Limited, Normalized, Proposed, Stabilized } from './normalize.ts';
import type { Behavior } from './policy.ts';
import { remember } from './recommendations.ts';
import { rateRule, scaleDownLimit, scaleUpLimit } from './scale-rate.ts';

/** How far back recommendations are looked at in each direction. */
interface Windows {
  readonly upMs: number;
  readonly downMs: number;
}

/**
 * The path of autoscalers with `behavior`: both directions are stabilized and limited in speed by their own rules.
 * @param defaultWindowMs the window for scaling down where the behavior gives none
 */
export function normalizeBehavior(
  proposed: Proposed,
  behavior: Behavior,
  defaultWindowMs: number,
): Normalized {
  const { proposedReplicas, history, nowMs } = proposed;
  const windows = {
    upMs: windowMs(behavior.scaleUp.stabilizationWindowSeconds, 0),
    downMs: windowMs(behavior.scaleDown.stabilizationWindowSeconds, defaultWindowMs),
  };
  const stabilized = stabilize(proposed, windows);
  const oldestMs = nowMs - Math.max(windows.upMs, windows.downMs);
  const recommendations = remember(
    history.recommendations,
    { atMs: nowMs, replicas: proposedReplicas },
    ({ atMs }) => atMs < oldestMs,
  );
  return report(proposed, stabilized, limit(proposed, behavior, stabilized.replicas), recommendations);
}

function windowMs(seconds: number | undefined, defaultMs: number): number {
  return seconds === undefined ? defaultMs : seconds * 1000;
}

/** The current count, moved only as far as every recommendation within a window agrees. The edge is outside. */
function stabilize(proposed: Proposed, { upMs, downMs }: Windows): Stabilized {
  const { proposedReplicas, currentReplicas, history, nowMs } = proposed;
  const { recommendations } = history;
  let lowest = proposedReplicas;
  let highest = proposedReplicas;
  for (const { atMs, replicas } of recommendations) {
    if (atMs > nowMs - upMs && replicas < lowest) lowest = replicas;
    if (atMs > nowMs - downMs && replicas > highest) highest = replicas;
  }
  const replicas = Math.min(Math.max(currentReplicas, lowest), highest);
  if (replicas === proposedReplicas) return { replicas, finding: ableToScale.ready };
  if (replicas < proposedReplicas) {
    const by = holder(proposed, upMs, (one) => one.atMs > nowMs - upMs && one.replicas <= replicas);
    return { replicas, finding: ableToScale.scaleUpStabilized, by };
  }
  const by = holder(proposed, downMs, (one) => one.atMs > nowMs - downMs && one.replicas >= replicas);
  return { replicas, finding: ableToScale.scaleDownStabilized, by };
}

function limit(proposed: Proposed, behavior: Behavior, replicas: number): Limited {
  const { currentReplicas } = proposed;
  if (replicas > currentReplicas) return limitUp(proposed, behavior, replicas);
  if (replicas < currentReplicas) return limitDown(proposed, behavior, replicas);
  return { replicas, reason: 'DesiredWithinRange' };
}

function limitUp(proposed: Proposed, { scaleUp }: Behavior, replicas: number): Limited {
  const { currentReplicas, maxReplicas, history, nowMs } = proposed;
  const rate = scaleUpLimit(currentReplicas, history, scaleUp, nowMs);
  const fastest = Math.max(rate.replicas, currentReplicas);
  if (replicas <= Math.min(maxReplicas, fastest)) return { replicas, reason: 'DesiredWithinRange' };
  if (maxReplicas <= fastest) return { replicas: maxReplicas, reason: 'TooManyReplicas' };
  const by = rateRule(rate, fastest - currentReplicas, history.scaleUps, nowMs);
  return { replicas: fastest, reason: 'ScaleUpLimit', by };
}

function limitDown(proposed: Proposed, { scaleDown }: Behavior, replicas: number): Limited {
  const { currentReplicas, minReplicas, history, nowMs } = proposed;
  const rate = scaleDownLimit(currentReplicas, history, scaleDown, nowMs);
  const fastest = Math.min(rate.replicas, currentReplicas);
  if (replicas >= Math.max(minReplicas, fastest)) return { replicas, reason: 'DesiredWithinRange' };
  if (minReplicas >= fastest) return { replicas: minReplicas, reason: 'TooFewReplicas' };
  const by = rateRule(rate, currentReplicas - fastest, history.scaleDowns, nowMs);
  return { replicas: fastest, reason: 'ScaleDownLimit', by };
}
