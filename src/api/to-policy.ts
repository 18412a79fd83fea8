import { applyDefaults } from './defaults.ts';
import type * as wire from './generated/custom-autoscaler.ts';
import { defined, milli } from './json.ts';
import { ownPolicy } from './own-policy.ts';
import type {
  Behavior,
  MetricOptions,
  MetricSource,
  MetricSpec,
  MetricTarget,
  OnError,
  Policy,
  ScalingRules,
} from '../decide/policy.ts';
import type { LabelSelector, MetricIdentifier, ObjectReference } from '../decide/references.ts';
import { parseQuantity, quantityToNumber } from '../lib/quantity.ts';

/** What a Policy is made of: a CustomAutoscaler, or a HorizontalPodAutoscaler of autoscaling/v2. */
export type AutoscalerObject = Pick<wire.CustomAutoscaler, 'metadata' | 'spec'>;

/**
 * The policy of an autoscaler, defaults applied. It checks little: what upstream's controller meets at run time in an object that
 * slipped past validation comes through as it is, and a metric of no known type as `Unknown`.
 * @throws QuantityError where a quantity is none, UserError where a schedule has no start or duration that can be read
 */
export function toPolicy({ metadata = {}, spec }: AutoscalerObject): Policy {
  const {
    scaleTargetRef,
    minReplicas = 1,
    maxReplicas,
    metrics = [],
    behavior,
    ...own
  } = applyDefaults(spec);
  return defined({
    namespace: metadata.namespace ?? 'default',
    name: metadata.name ?? '',
    target: objectReference(scaleTargetRef),
    minReplicas,
    maxReplicas,
    metrics: metrics.map(metricSpec),
    behavior: behavior ? behaviorOf(behavior) : undefined,
    ...ownPolicy(own),
  });
}

/** One row a metric type; undefined when the field that the type names is missing. */
const metricSources = new Map<string, (metric: wire.MetricSpec) => MetricSource | undefined>([
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
  [
    'PodScrape',
    ({ podScrape }) =>
      podScrape &&
      defined({
        type: 'PodScrape' as const,
        port: podScrape.port,
        path: podScrape.path ?? '/metrics',
        metric: metricIdentifier(podScrape.metric),
        rate: podScrape.rate,
        target: metricTarget(podScrape.target),
      }),
  ],
  [
    'Prometheus',
    ({ prometheus }) =>
      prometheus && {
        type: 'Prometheus',
        server: prometheus.server ?? 'default',
        query: prometheus.query,
        target: metricTarget(prometheus.target),
      },
  ],
]);

function metricSpec(metric: wire.MetricSpec): MetricSpec {
  const source = metricSources.get(metric.type)?.(metric) ?? { type: 'Unknown', given: metric.type };
  return { ...source, ...metricOptions(metric) };
}

function metricOptions(metric: wire.MetricSpec): MetricOptions {
  const { onError, maxAgeSeconds, suspectZeroSeconds, activation } = metric;
  return defined({
    onError: onError && onErrorOf(onError),
    maxAgeMs: maxAgeSeconds === undefined ? undefined : maxAgeSeconds * 1000,
    suspectZeroMs: suspectZeroSeconds === undefined ? undefined : suspectZeroSeconds * 1000,
    activationMilli: activation === undefined ? undefined : milli(activation),
  });
}

/** Fallback waits by default for as long as a metrics server may be away when it is replaced. */
const fallbackAfterSeconds = 180;

function onErrorOf({ type, afterSeconds, replicas = 1, behavior = 'Static' }: wire.OnMetricError): OnError {
  switch (type) {
    case 'Hold':
      return { type };
    case 'Ignore':
      return { type, afterMs: (afterSeconds ?? 0) * 1000 };
    case 'Fallback':
      return { type, afterMs: (afterSeconds ?? fallbackAfterSeconds) * 1000, replicas, behavior };
  }
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
