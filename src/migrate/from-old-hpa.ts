import { hpaResult } from './from-hpa.ts';
import { behaviorShape, pickKnown, type Shape } from './known-fields.ts';
import type { Remarks } from './remarks.ts';
import { isObject, isPresent, type Json } from '../api/checks.ts';
import { defined } from '../api/json.ts';
import { Place, root, type Problem } from '../api/problems.ts';

const metricsAnnotation = 'autoscaling.alpha.kubernetes.io/metrics';
const behaviorAnnotation = 'autoscaling.alpha.kubernetes.io/behavior';

const reference: Shape = { apiVersion: 'any', kind: 'any', name: 'any' };
const resource: Shape = {
  name: 'any',
  container: 'any',
  targetAverageUtilization: 'any',
  targetAverageValue: 'any',
};

/** A metric as autoscaling/v2beta1 has it, and autoscaling/v1 in an annotation. */
const oldMetric: Shape = {
  type: 'any',
  resource,
  containerResource: resource,
  pods: { metricName: 'any', selector: 'any', targetAverageValue: 'any' },
  object: { target: reference, metricName: 'any', selector: 'any', targetValue: 'any', averageValue: 'any' },
  external: { metricName: 'any', metricSelector: 'any', targetValue: 'any', targetAverageValue: 'any' },
};

const common = { scaleTargetRef: reference, minReplicas: 'any', maxReplicas: 'any' } satisfies Shape;

/**
 * A HorizontalPodAutoscaler of autoscaling/v1. What that version has no field for stands in two annotations, as the API server
 * writes them.
 */
export function fromHpaV1(hpa: Json, remarks: Remarks, problems: Problem[]): Json {
  const shape: Shape = { ...common, targetCPUUtilizationPercentage: 'any' };
  const given = pickKnown(hpa.spec, shape, 'spec', remarks);
  if (!isObject(given)) return hpaResult(hpa.metadata, given, remarks);
  const place = new Place(root, problems);
  const { targetCPUUtilizationPercentage: percent, ...spec } = given;
  const cpu = { name: 'cpu', target: { type: 'Utilization', averageUtilization: percent } };
  const metrics = annotation(hpa, metricsAnnotation, place, [oldMetric], remarks);
  const all = [
    ...(isPresent(percent) ? [{ type: 'Resource', resource: cpu }] : []),
    ...(Array.isArray(metrics) ? metrics.map(newMetric) : []),
  ];
  const behavior = annotation(hpa, behaviorAnnotation, place, behaviorShape, remarks);
  const converted = defined({ ...spec, metrics: all.length > 0 ? all : undefined, behavior });
  return hpaResult(hpa.metadata, converted, remarks, [metricsAnnotation, behaviorAnnotation]);
}

/** A HorizontalPodAutoscaler of autoscaling/v2beta1. */
export function fromHpaV2beta1(hpa: Json, remarks: Remarks): Json {
  const given = pickKnown(hpa.spec, { ...common, metrics: [oldMetric] }, 'spec', remarks);
  const metrics = isObject(given) && Array.isArray(given.metrics) ? given.metrics.map(newMetric) : undefined;
  return hpaResult(hpa.metadata, isObject(given) ? defined({ ...given, metrics }) : given, remarks);
}

function annotation({ metadata }: Json, key: string, place: Place, shape: Shape, remarks: Remarks): unknown {
  const annotations = isObject(metadata) && isObject(metadata.annotations) ? metadata.annotations : {};
  const text = annotations[key];
  if (!isPresent(text)) return undefined;
  const path = `metadata.annotations[${key}]`;
  try {
    return pickKnown(JSON.parse(String(text)), shape, path, remarks);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    place.field(path).invalid(text, 'must be JSON');
    return undefined;
  }
}

const resourceTarget = (given: Json): Json =>
  isPresent(given.targetAverageUtilization)
    ? { type: 'Utilization', averageUtilization: given.targetAverageUtilization }
    : { type: 'AverageValue', averageValue: given.targetAverageValue };

const averageOrValue = (average: unknown, value: unknown): Json =>
  isPresent(average) ? { type: 'AverageValue', averageValue: average } : { type: 'Value', value };

const identifier = (name: unknown, selector: unknown): Json => defined({ name, selector });

/** One row a metric type: how its source is written today. */
const sources: Readonly<Record<string, readonly [field: string, convert: (given: Json) => Json]>> = {
  Resource: ['resource', (given) => ({ name: given.name, target: resourceTarget(given) })],
  ContainerResource: [
    'containerResource',
    (given) => ({ name: given.name, container: given.container, target: resourceTarget(given) }),
  ],
  Pods: [
    'pods',
    ({ metricName, selector, targetAverageValue }) => ({
      metric: identifier(metricName, selector),
      target: averageOrValue(targetAverageValue, undefined),
    }),
  ],
  Object: [
    'object',
    ({ target, metricName, selector, averageValue, targetValue }) => ({
      describedObject: target,
      metric: identifier(metricName, selector),
      target: averageOrValue(averageValue, targetValue),
    }),
  ],
  External: [
    'external',
    ({ metricName, metricSelector, targetAverageValue, targetValue }) => ({
      metric: identifier(metricName, metricSelector),
      target: averageOrValue(targetAverageValue, targetValue),
    }),
  ],
};

function newMetric(given: unknown): unknown {
  if (!isObject(given) || typeof given.type !== 'string') return given;
  const [field, convert] = sources[given.type] ?? [];
  const source = field === undefined ? undefined : given[field];
  if (field === undefined || convert === undefined || !isObject(source)) return given;
  return { type: given.type, [field]: convert(source) };
}
