import * as part from './schema-parts.ts';
import type { Schema } from './schema-parts.ts';

/**
 * What a scenario may hold. It asks for what Kubernetes' own decoder asks for (types, ranges of integers, times, durations,
 * quantities) and for the fields without which there is nothing to decide. Whatever decodes is no error: a metric type that
 * nobody knows, a selector that is none, a negative count are what the controller meets at run time, and its answer is a result.
 */
const { int32, int64, listOf, mapOf, number, object, orNull, quantity, requiredIf, text, time } = part;

/**
 * What is large, or stands in several places. The validator makes a function of each, where it would else write all of them out
 * in one so long that it takes most of a replay until it runs fast.
 */
const $defs: Record<string, Schema> = {};

function named(name: string, schema: Schema): Schema {
  $defs[name] = schema;
  const { description } = schema;
  return { $ref: `#/$defs/${name}`, ...(description !== undefined && { description }) };
}

const labels = named('labels', mapOf(text, 'an object of labels'));
const quantities = named('quantities', mapOf(quantity, 'an object of quantities'));
const reference = object({ apiVersion: text, kind: text, name: text });

const labelSelector = named(
  'labelSelector',
  object({
    matchLabels: labels,
    matchExpressions: listOf(object({ key: text, operator: text, values: listOf(text) })),
  }),
);
const metricIdentifier = named('metricIdentifier', object({ name: text, selector: labelSelector }));

const target = named(
  'target',
  object({
    type: text,
    averageUtilization: int32,
    averageValue: quantity,
    value: quantity,
  }),
);

/** The field that each metric type keeps its own in. */
const metricFields: Readonly<Record<string, [field: string, schema: Schema]>> = {
  Resource: ['resource', object({ name: text, target }, ['name', 'target'])],
  ContainerResource: [
    'containerResource',
    object({ name: text, container: text, target }, ['name', 'container', 'target']),
  ],
  Pods: ['pods', object({ metric: metricIdentifier, target }, ['metric', 'target'])],
  Object: [
    'object',
    object({ metric: metricIdentifier, describedObject: reference, target }, [
      'metric',
      'describedObject',
      'target',
    ]),
  ],
  External: ['external', object({ metric: metricIdentifier, target }, ['metric', 'target'])],
};

/** Upstream crashes on a metric without the field of its type: there is no answer of its own to give. */
const metric = named('metric', {
  ...object({ type: text, ...Object.fromEntries(Object.values(metricFields)) }, ['type']),
  allOf: Object.entries(metricFields).map(([type, [field, schema]]) =>
    requiredIf({ properties: { type: { const: type } }, required: ['type'] }, field, schema),
  ),
});

const scalingRules = named(
  'scalingRules',
  object({
    stabilizationWindowSeconds: int32,
    selectPolicy: text,
    tolerance: quantity,
    policies: listOf(
      object({ type: text, value: int32, periodSeconds: int32 }, ['type', 'value', 'periodSeconds']),
    ),
  }),
);

const spec = named(
  'spec',
  object(
    {
      scaleTargetRef: object({ apiVersion: text, kind: text, name: text }, ['kind', 'name']),
      minReplicas: int32,
      maxReplicas: int32,
      metrics: listOf(metric),
      behavior: object({ scaleUp: scalingRules, scaleDown: scalingRules }),
    },
    ['scaleTargetRef', 'maxReplicas'],
  ),
);

const current = object({ averageUtilization: int32, averageValue: quantity, value: quantity });
const metricStatus = named(
  'metricStatus',
  object({
    type: text,
    resource: object({ name: text, current }),
    containerResource: object({ name: text, container: text, current }),
    pods: object({ metric: metricIdentifier, current }),
    object: object({ metric: metricIdentifier, describedObject: reference, current }),
    external: object({ metric: metricIdentifier, current }),
  }),
);

const status = named(
  'status',
  object({
    currentReplicas: int32,
    desiredReplicas: int32,
    lastScaleTime: time,
    currentMetrics: orNull(listOf(metricStatus)),
    conditions: listOf(
      object({ type: text, status: text, reason: text, message: text, lastTransitionTime: time }),
    ),
  }),
);

/** The kinds that are read, each with its group and version. */
const kinds = {
  HorizontalPodAutoscaler: 'autoscaling/v2',
  CustomAutoscaler: 'plimsoll.dev/v1',
} as const;
const kindsInWords = Object.entries(kinds)
  .map(([kind, apiVersion]) => `${kind} (${apiVersion})`)
  .join(' or ');

const autoscaler = named('autoscaler', {
  ...object(
    {
      apiVersion: text,
      kind: { enum: Object.keys(kinds), description: kindsInWords },
      metadata: object({ name: text, namespace: text }),
      spec,
      status,
    },
    ['spec'],
    `an object: ${kindsInWords}`,
  ),
  allOf: Object.entries(kinds).map(([kind, apiVersion]) => ({
    if: { properties: { kind: { const: kind } }, required: ['kind'] },
    then: { properties: { apiVersion: { const: apiVersion, description: `"${apiVersion}" for ${kind}` } } },
  })),
});

const container = named(
  'container',
  object({ name: text, restartPolicy: text, resources: object({ requests: quantities }) }),
);
const metadata = named(
  'metadata',
  object({
    name: text,
    namespace: text,
    labels,
    creationTimestamp: time,
    deletionTimestamp: time,
  }),
);

const pod = named(
  'pod',
  object({
    metadata,
    spec: object({
      containers: listOf(container),
      initContainers: listOf(container),
      resources: object({ requests: quantities }),
      overhead: quantities,
    }),
    status: object({
      phase: text,
      startTime: time,
      conditions: listOf(object({ type: text, status: text, lastTransitionTime: time })),
    }),
  }),
);

const podMetrics = named(
  'podMetrics',
  object({
    metadata,
    timestamp: time,
    window: part.duration,
    containers: listOf(object({ name: text, usage: quantities })),
  }),
);

const customMetric = named(
  'customMetric',
  object({
    describedObject: object({ apiVersion: text, kind: text, namespace: text, name: text }),
    metric: metricIdentifier,
    timestamp: time,
    windowSeconds: int64,
    window: int64,
    value: quantity,
  }),
);

const externalMetric = named(
  'externalMetric',
  object({ metricName: text, metricLabels: labels, timestamp: time, value: quantity }),
);

const scale = named(
  'scale',
  object(
    { spec: object({ replicas: int32 }), status: object({ replicas: int32, selector: text }) },
    [],
    'an object with spec and status, or scaleError in its place',
  ),
);

/** Looser than a status that is read: what stands here is only compared. */
const expectation = named(
  'expectation',
  object(
    {
      scaledTo: orNull(int32),
      statusWritten: part.trueOrFalse,
      status: object({
        currentReplicas: int32,
        desiredReplicas: int32,
        lastScaleTime: orNull(text),
        currentMetrics: orNull(listOf(object({}))),
        conditions: orNull(listOf(object({}))),
      }),
      events: orNull(listOf(object({}))),
    },
    ['scaledTo', 'statusWritten', 'status'],
  ),
);

const tick = named('tick', {
  ...object(
    {
      time,
      autoscalerUpdate: object({ generation: int64, spec }, ['spec']),
      scale,
      scaleError: text,
      scaleUpdateError: text,
      statusUpdateError: text,
      notes: listOf(text),
      pods: listOf(pod),
      resourceMetrics: listOf(podMetrics),
      resourceMetricsError: text,
      customMetrics: listOf(customMetric),
      customMetricsError: text,
      externalMetrics: listOf(externalMetric),
      externalMetricsError: text,
      expect: expectation,
    },
    ['time'],
  ),
  ...requiredIf({ not: { required: ['scaleError'] } }, 'scale', scale),
});

const replicasAt = listOf(object({ time, replicas: int32 }, ['time', 'replicas']));

const controller = {
  syncPeriodSeconds: number,
  tolerance: number,
  downscaleStabilizationSeconds: number,
  cpuInitializationPeriodSeconds: number,
  initialReadinessDelaySeconds: number,
};

export const scenarioSchema: Schema = {
  $defs,
  ...object(
    {
      name: text,
      requires: listOf(text),
      featureGates: mapOf(part.trueOrFalse),
      initialState: object({
        recommendations: replicasAt,
        scaleUpEvents: replicasAt,
        scaleDownEvents: replicasAt,
      }),
      controller: object(controller, Object.keys(controller), 'an object with the flags of the controller'),
      otherAutoscalers: listOf(
        object({ namespace: text, name: text, selector: text }, ['namespace', 'name', 'selector']),
      ),
      autoscaler,
      ticks: listOf(tick, 'a list of ticks'),
    },
    ['name', 'controller', 'autoscaler', 'ticks'],
    'a scenario (an object)',
  ),
};
