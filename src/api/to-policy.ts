import { applyDefaults } from './defaults.ts';
import type * as wire from './generated/custom-autoscaler.ts';
import { defined, milli } from './json.ts';
import type { Behavior, MetricSpec, MetricTarget, Policy, ScalingRules } from '../decide/policy.ts';
import type { LabelSelector, MetricIdentifier, ObjectReference } from '../decide/snapshot.ts';
import { parseQuantity, quantityToNumber } from '../lib/quantity.ts';

/** What a Policy is made of: a CustomAutoscaler, or a HorizontalPodAutoscaler of autoscaling/v2. */
export type AutoscalerObject = Pick<wire.CustomAutoscaler, 'metadata' | 'spec'>;

/**
 * The policy of an autoscaler, defaults applied. It checks nothing: what upstream's controller meets at run time in an object that
 * slipped past validation comes through as it is, and a metric of no known type as `Unknown`.
 * @throws QuantityError where a quantity is none
 */
export function toPolicy({ metadata = {}, spec }: AutoscalerObject): Policy {
  const { scaleTargetRef, minReplicas = 1, maxReplicas, metrics = [], behavior, mode } = applyDefaults(spec);
  return defined({
    namespace: metadata.namespace ?? 'default',
    name: metadata.name ?? '',
    target: objectReference(scaleTargetRef),
    minReplicas,
    maxReplicas,
    metrics: metrics.map(metricSpec),
    behavior: behavior ? behaviorOf(behavior) : undefined,
    mode,
  });
}

/** One row a metric type; undefined when the field that the type names is missing. */
const metricSpecs = new Map<string, (metric: wire.MetricSpec) => MetricSpec | undefined>([
  [
    'Resource',
    ({ resource }) =>
      resource && { type: 'Resource', resource: resource.name, target: metricTarget(resource.target) },
  ],
  [
    'ContainerResource',
    ({ containerResource }) =>
      containerResource && {
        type: 'ContainerResource',
        resource: containerResource.name,
        container: containerResource.container,
        target: metricTarget(containerResource.target),
      },
  ],
  [
    'Pods',
    ({ pods }) =>
      pods && { type: 'Pods', metric: metricIdentifier(pods.metric), target: metricTarget(pods.target) },
  ],
  [
    'Object',
    ({ object }) =>
      object && {
        type: 'Object',
        metric: metricIdentifier(object.metric),
        describedObject: objectReference(object.describedObject),
        target: metricTarget(object.target),
      },
  ],
  [
    'External',
    ({ external }) =>
      external && {
        type: 'External',
        metric: metricIdentifier(external.metric),
        target: metricTarget(external.target),
      },
  ],
]);

function metricSpec(metric: wire.MetricSpec): MetricSpec {
  return metricSpecs.get(metric.type)?.(metric) ?? { type: 'Unknown', given: metric.type };
}

function metricTarget({ type, averageUtilization, averageValue, value }: wire.MetricTarget): MetricTarget {
  return defined({
    type,
    averageUtilization,
    averageMilli: averageValue === undefined ? undefined : milli(averageValue),
    valueMilli: value === undefined ? undefined : milli(value),
  });
}

/** A reference of a spec or of a status, where everything may be absent. */
export function objectReference(reference: wire.CrossVersionObjectReferenceStatus): ObjectReference {
  return {
    apiVersion: reference.apiVersion ?? '',
    kind: reference.kind ?? '',
    name: reference.name ?? '',
  };
}

/** A metric's name and selector, of a spec or of a status. */
export function metricIdentifier({ name = '', selector }: wire.MetricIdentifierStatus): MetricIdentifier {
  return defined({ name, selector: selector && labelSelector(selector) });
}

function labelSelector({ matchLabels, matchExpressions }: wire.MetricSelector): LabelSelector {
  return defined({
    matchLabels,
    matchExpressions: matchExpressions?.map(({ key = '', operator = '', values }) =>
      defined({ key, operator, values }),
    ),
  });
}

function behaviorOf({ scaleUp = {}, scaleDown = {} }: wire.Behavior): Behavior {
  return { scaleUp: scalingRules(scaleUp), scaleDown: scalingRules(scaleDown) };
}

function scalingRules(rules: wire.ScaleDownRules): ScalingRules {
  const { stabilizationWindowSeconds, selectPolicy = 'Max', policies = [], tolerance } = rules;
  return defined({
    stabilizationWindowSeconds,
    selectPolicy,
    policies,
    tolerance: tolerance === undefined ? undefined : quantityToNumber(parseQuantity(String(tolerance))),
  });
}
