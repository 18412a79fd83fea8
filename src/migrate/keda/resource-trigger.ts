import type { TriggerContext } from './trigger-context.ts';
import type { MetricSpec, MetricTarget } from '../../api/generated/custom-autoscaler.ts';

const types = ['Utilization', 'AverageValue'];

/** A cpu or memory trigger: what KEDA itself makes of it in its HPA. */
export function resourceMetric(context: TriggerContext): MetricSpec | undefined {
  const { type: name } = context.trigger;
  const target = resourceTarget(context);
  const container = context.take('containerName');
  context.nameRest({
    activationValue: 'a target at zero has no usage, so that it cannot wake it',
    activationThreshold: 'KEDA does not know it for cpu and memory either',
  });
  if (target === undefined) return undefined;
  return container === undefined
    ? { type: 'Resource', resource: { name, target } }
    : { type: 'ContainerResource', containerResource: { name, container, target } };
}

function resourceTarget(context: TriggerContext): MetricTarget | undefined {
  const inMetadata = context.take('type');
  const type = context.metricType ?? inMetadata ?? '';
  if (!types.includes(type)) {
    context.unsupportedMetricType(type, types);
    return undefined;
  }
  if (type === 'AverageValue') {
    const averageValue = context.needQuantity('value');
    return averageValue === undefined ? undefined : { type, averageValue };
  }
  const averageUtilization = context.needWhole('value', 'must be a whole number of percent above 0');
  if (averageUtilization === 0) context.invalid('value', 'must be a whole number of percent above 0');
  return averageUtilization === undefined ? undefined : { type: 'Utilization', averageUtilization };
}
