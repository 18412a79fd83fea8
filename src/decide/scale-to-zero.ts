import { isScheduledToZero, isTrue, scaledToZero, withFindings, without } from './conditions.ts';
import type { ControllerOptions, MetricSpec, Policy } from './policy.ts';
import type { Condition } from './status.ts';

/** Whether a target at zero is left alone: always, unless the autoscaler itself brought it there and may bring it back. */
export function isSwitchedOff(
  policy: Policy,
  conditions: readonly Condition[],
  options: ControllerOptions,
): boolean {
  // What a schedule brings to zero it brings back, once its window has closed.
  if (policy.maxReplicas === 0) return true;
  if (isScheduledToZero(conditions)) return false;
  if (!options.featureGates.HPAScaleToZero || !isTrue(conditions, 'ScaledToZero')) return true;
  return policy.minReplicas === 0 && !hasOutsideMetric(policy);
}

/** The mark that tells later ticks who scaled to zero; without the feature gate there is none. */
export function markScaledToZero(
  policy: Policy,
  conditions: readonly Condition[],
  rescale: { readonly from: number; readonly to: number },
  options: ControllerOptions,
  nowMs: number,
): readonly Condition[] {
  if (!options.featureGates.HPAScaleToZero) return without(conditions, 'ScaledToZero');
  const { from, to } = rescale;
  const didScaleToZero = from > 0 && to === 0 && policy.minReplicas === 0 && hasOutsideMetric(policy);
  return withFindings(conditions, [scaledToZero(didScaleToZero)], nowMs);
}

const outsideTypes: readonly string[] = ['Object', 'External', 'Prometheus'] satisfies MetricSpec['type'][];

/** Only a metric that is there without pods can ask for the first one. */
function hasOutsideMetric({ metrics }: Policy): boolean {
  return metrics.some(({ type }) => outsideTypes.includes(type));
}
