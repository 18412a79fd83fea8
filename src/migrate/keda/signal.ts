/** What a trigger that reads a number from elsewhere says besides where it is read: its target, and what activates it. */

import type { TriggerContext } from './trigger-context.ts';
import type { FieldPath } from '../remarks.ts';
import type { MetricSpec, MetricTarget } from '../../api/generated/custom-autoscaler.ts';

const types = ['AverageValue', 'Value'];

/** The target of the trigger's metric type, AverageValue where it has none. @returns undefined where it is missing, which is then a problem */
export function targetOf(context: TriggerContext, parameter: string): MetricTarget | undefined {
  const quantity = context.needQuantity(parameter);
  const { metricType: type = 'AverageValue' } = context;
  if (!isTargetType(type)) {
    context.unsupportedMetricType(type, types);
    return undefined;
  }
  if (quantity === undefined) return undefined;
  return type === 'Value' ? { type, value: quantity } : { type, averageValue: quantity };
}

function isTargetType(type: string): type is 'AverageValue' | 'Value' {
  return types.includes(type);
}

/** @param at where the activation will stand in the result */
export function activationOf(
  context: TriggerContext,
  parameter: string,
  at: FieldPath,
): Pick<MetricSpec, 'activation'> {
  const activation = context.takeNumber(parameter);
  const { minReplicaCount = 0 } = context.spec;
  if (activation > 0 && minReplicaCount === 0)
    context.remarks.changed(
      context.path(parameter),
      'it keeps a target at zero; once pods run, a value above 0 keeps at least one of them, where KEDA goes back to zero',
      at,
    );
  return activation > 0 ? { activation: String(activation) } : {};
}
