import type { History } from './history.ts';
import { isReady } from './pod-selection.ts';
import type { Policy } from './policy.ts';
import type { PodFacts } from './snapshot.ts';
import { metricIds } from './trust/remember-metrics.ts';

/**
 * What to ask for while an overload keeps every pod from being ready, so that no metric can be had of them: half as many replicas
 * again, at least one more. Scale-up rules and the maximum limit it further; it is done once until a pod was ready again.
 * @param pods all that serve the target
 * @returns undefined where the policy does not ask for it, a pod is ready, none is there, it was done, or no metric was above
 *   its target when it could last be evaluated
 */
export function stepUp(
  policy: Policy,
  pods: readonly PodFacts[],
  history: History,
  currentReplicas: number,
): number | undefined {
  if (policy.onAllPodsUnready !== 'StepUp' || history.steppedUpAtMs !== undefined) return undefined;
  if (currentReplicas === 0 || pods.length === 0 || pods.some(isReady)) return undefined;
  return wasAboveTarget(policy, history) ? currentReplicas + Math.ceil(currentReplicas / 2) : undefined;
}

function wasAboveTarget({ metrics }: Policy, { metrics: memory }: History): boolean {
  return metricIds(metrics).some((id) => memory?.[id]?.lastGood?.aboveTarget === true);
}

/** The history without a step that is over: a pod is ready again, or the policy asks for no steps any more. */
export function withoutOldStep(policy: Policy, pods: readonly PodFacts[], history: History): History {
  if (history.steppedUpAtMs === undefined) return history;
  if (policy.onAllPodsUnready === 'StepUp' && !pods.some(isReady)) return history;
  const rest: { -readonly [K in keyof History]: History[K] } = { ...history };
  delete rest.steppedUpAtMs;
  return rest;
}
