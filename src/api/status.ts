import type * as wire from './generated/custom-autoscaler.ts';
import type { WireDecision } from './decision-status.ts';
import type { WireHistory } from './history.ts';
import { defined, exactTimeText, milli, timeMs, timeText } from './json.ts';
import { wireShadow } from './shadow.ts';
import { wireSuspension } from './suspended.ts';
import { targetsText } from './targets.ts';
import { metricIdentifier, objectReference } from './to-policy.ts';
import type { Mode, Suspension } from '../decide/policy.ts';
import type { LabelSelector, MetricIdentifier, ObjectReference } from '../decide/references.ts';
import type { Transition } from '../decide/schedules/next-transition.ts';
import type { Shadow } from '../decide/shadow.ts';
import type { AutoscalerStatus, ColdStart, Condition, Fallback, MetricStatus } from '../decide/status.ts';
import { formatAsStored, formatQuantity, quantityFromMilli } from '../lib/quantity.ts';

/** The status on the wire, written in full each time. */
export type WireStatus = wire.CustomAutoscalerStatus;

/**
 * The status as decisions read it; absent before the first evaluation. Text for printing is left out.
 * @throws QuantityError
 */
export function readStatus(status: WireStatus | undefined): AutoscalerStatus {
  const { currentReplicas, desiredReplicas = 0, lastScaleTime, currentMetrics, conditions } = status ?? {};
  const { fallback, coldStart } = status ?? {};
  return defined({
    currentReplicas,
    desiredReplicas,
    lastScaleAtMs: typeof lastScaleTime === 'string' ? timeMs(lastScaleTime) : undefined,
    currentMetrics: currentMetrics?.map(readMetric) ?? null,
    conditions: (conditions ?? []).map(readCondition),
    fallback: fallback && readFallback(fallback),
    coldStart: coldStart && readColdStart(coldStart),
  });
}

function readFallback({ metric, replicas, since }: wire.FallbackInForce): Fallback {
  return { metric, replicas, sinceMs: timeMs(since) };
}

function readColdStart({ time, seconds }: wire.ColdStart): ColdStart {
  return { atMs: timeMs(time), seconds };
}

function readCondition(condition: wire.AutoscalerCondition): Condition {
  const { type, status, reason = '', message = '', lastTransitionTime } = condition;
  return {
    type,
    status: status === 'True' || status === 'False' ? status : 'Unknown',
    reason,
    message,
    lastTransitionAtMs: timeMs(lastTransitionTime),
  };
}

const empty: MetricStatus = { type: 'Empty' };

/** One row a metric type, each undefined where the field of that name is missing. */
const metricReaders = new Map<string, (metric: wire.MetricStatus) => MetricStatus | undefined>([
  ['Resource', ({ resource }) => resource && { type: 'Resource', ...resourceReading(resource) }],
  [
    'ContainerResource',
    ({ containerResource }) =>
      containerResource && {
        type: 'ContainerResource',
        container: containerResource.container ?? '',
        ...resourceReading(containerResource),
      },
  ],
  [
    'Pods',
    ({ pods }) =>
      pods && {
        type: 'Pods',
        metric: metricIdentifier(pods.metric ?? {}),
        averageMilli: milli(pods.current?.averageValue),
      },
  ],
  [
    'Object',
    ({ object }) =>
      object && {
        type: 'Object',
        metric: metricIdentifier(object.metric ?? {}),
        describedObject: objectReference(object.describedObject ?? {}),
        ...valueReading(object.current),
      },
  ],
  [
    'External',
    ({ external }) =>
      external && {
        type: 'External',
        metric: metricIdentifier(external.metric ?? {}),
        ...valueReading(external.current),
      },
  ],
  [
    'PodScrape',
    ({ podScrape }) =>
      podScrape && {
        type: 'PodScrape',
        metric: metricIdentifier(podScrape.metric ?? {}),
        averageMilli: milli(podScrape.current?.averageValue),
      },
  ],
  [
    'Prometheus',
    ({ prometheus }) =>
      prometheus && {
        type: 'Prometheus',
        server: prometheus.server ?? '',
        query: prometheus.query ?? '',
        ...valueReading(prometheus.current),
      },
  ],
]);

function readMetric(metric: wire.MetricStatus): MetricStatus {
  return metricReaders.get(metric.type ?? '')?.(metric) ?? empty;
}

function resourceReading({ name = '', current }: { name?: string; current?: wire.MetricValueStatus }) {
  return defined({
    resource: name,
    averageMilli: milli(current?.averageValue),
    averageUtilization: current?.averageUtilization,
  });
}

function valueReading({ value, averageValue }: wire.MetricValueStatus = {}) {
  return defined({
    valueMilli: value === undefined ? undefined : milli(value),
    averageMilli: averageValue === undefined ? undefined : milli(averageValue),
  });
}

/** What the status says besides the decision's own part. */
export interface StatusContext {
  /** The spec with its defaults, as the object was read: targets print as the user wrote them. */
  readonly spec: wire.CustomAutoscalerSpec;
  /** metadata.generation of that spec; left out of the status when absent. */
  readonly observedGeneration?: number | undefined;
  /** What is to be remembered (api/history.ts); left out of the status when absent. */
  readonly history?: WireHistory | undefined;
  /** When a schedule opens or closes next; left out of the status when absent. */
  readonly nextTransition?: Transition | undefined;
  /** Why the last evaluation came out as it did; left out of the status when absent. */
  readonly decision?: WireDecision | undefined;
  /** The mode that counts; that of the spec when absent. */
  readonly mode?: Mode | undefined;
  /** What a pause holds back now; left out of the status when absent. */
  readonly suspended?: Suspension | undefined;
  /** How a dry run agrees with an HPA; left out of the status when absent. */
  readonly shadow?: Shadow | undefined;
}

/** The whole status for the wire: the HPA's own fields, the text that `kubectl get` prints, and what is to be remembered. */
export function wireStatus(status: AutoscalerStatus, context: StatusContext): WireStatus {
  const { spec, observedGeneration, history, nextTransition, decision, mode, suspended, shadow } = context;
  const currentMetrics = status.currentMetrics?.map(wireMetric) ?? null;
  return defined({
    observedGeneration,
    ...printedSpec(spec),
    ...(mode && { mode }),
    targets: targetsText(spec.metrics ?? [], currentMetrics ?? []),
    lastScaleTime: status.lastScaleAtMs === undefined ? undefined : timeText(status.lastScaleAtMs),
    currentReplicas: status.currentReplicas,
    desiredReplicas: status.desiredReplicas,
    currentMetrics,
    conditions: status.conditions.map(wireCondition),
    nextTransition: nextTransition && wireTransition(nextTransition),
    fallback: status.fallback && wireFallback(status.fallback),
    coldStart: status.coldStart && {
      time: timeText(status.coldStart.atMs),
      seconds: status.coldStart.seconds,
    },
    suspended: suspended && wireSuspension(suspended),
    shadow: shadow && wireShadow(shadow),
    decision,
    history,
  });
}

function wireTransition({ atMs, schedule, type }: Transition): wire.ScheduleTransition {
  return { time: timeText(atMs), schedule, type };
}

function wireFallback({ metric, replicas, sinceMs }: Fallback): wire.FallbackInForce {
  return { metric, replicas, since: exactTimeText(sinceMs) };
}

/** What `kubectl get` prints of a spec, also of one that no decision can be made of. */
export function printedSpec({ scaleTargetRef: { kind, name }, mode = 'Active' }: wire.CustomAutoscalerSpec) {
  return { reference: `${kind}/${name}`, mode } satisfies WireStatus;
}

function wireCondition({ type, status, reason, message, lastTransitionAtMs }: Condition) {
  return { type, status, reason, message, lastTransitionTime: timeText(lastTransitionAtMs) };
}

/** One metric as a status shows it; its quantities print as the API server gives them back. */
export function wireMetric(metric: MetricStatus): wire.MetricStatus {
  switch (metric.type) {
    case 'Empty':
      return { type: '' };
    case 'Resource':
      return { type: 'Resource', resource: { name: metric.resource, current: resourceCurrent(metric) } };
    case 'ContainerResource':
      return {
        type: 'ContainerResource',
        containerResource: {
          name: metric.resource,
          container: metric.container,
          current: resourceCurrent(metric),
        },
      };
    case 'Pods':
      return {
        type: 'Pods',
        pods: { metric: wireIdentifier(metric.metric), current: valueCurrent(metric) },
      };
    case 'Object':
      return {
        type: 'Object',
        object: {
          describedObject: wireReference(metric.describedObject),
          metric: wireIdentifier(metric.metric),
          current: valueCurrent(metric),
        },
      };
    case 'External':
      return {
        type: 'External',
        external: { metric: wireIdentifier(metric.metric), current: valueCurrent(metric) },
      };
    case 'PodScrape':
      return {
        type: 'PodScrape',
        podScrape: { metric: wireIdentifier(metric.metric), current: valueCurrent(metric) },
      };
    case 'Prometheus':
      return {
        type: 'Prometheus',
        prometheus: { server: metric.server, query: metric.query, current: valueCurrent(metric) },
      };
  }
}

type Reading = { readonly valueMilli?: bigint; readonly averageMilli?: bigint };

function valueCurrent({ valueMilli, averageMilli }: Reading): wire.MetricValueStatus {
  return defined({
    value: valueMilli === undefined ? undefined : decimal(valueMilli),
    averageValue: averageMilli === undefined ? undefined : decimal(averageMilli),
  });
}

/**
 * Memory prints in binary units where it is a whole number of them; everything else in decimal ones. The API server reads a number
 * without a suffix as decimal and prints it again: 152,000,000 bytes are `152M` in an HPA's status.
 */
function resourceCurrent({
  resource,
  averageMilli,
  averageUtilization,
}: Extract<MetricStatus, { type: 'Resource' | 'ContainerResource' }>): wire.MetricValueStatus {
  const format = resource === 'memory' ? 'BinarySI' : 'DecimalSI';
  return defined({
    averageUtilization,
    averageValue: formatAsStored(quantityFromMilli(averageMilli, format)),
  });
}

function decimal(milliUnits: bigint): string {
  return formatQuantity(quantityFromMilli(milliUnits));
}

function wireIdentifier({ name, selector }: MetricIdentifier): wire.MetricIdentifierStatus {
  return { name, ...(selector && { selector: wireSelector(selector) }) };
}

function wireSelector({ matchLabels, matchExpressions }: LabelSelector): wire.MetricSelector {
  return defined({
    matchLabels: matchLabels && { ...matchLabels },
    matchExpressions: matchExpressions?.map(({ key, operator, values }) =>
      defined({ key, operator, values: values && [...values] }),
    ),
  });
}

function wireReference({ apiVersion, kind, name }: ObjectReference): wire.CrossVersionObjectReferenceStatus {
  return { ...(apiVersion !== '' && { apiVersion }), kind, name };
}
