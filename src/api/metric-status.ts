import type * as wire from './generated/custom-autoscaler.ts';
import { defined, milli } from './json.ts';
import { metricIdentifier, objectReference } from './to-policy.ts';
import type { LabelSelector, MetricIdentifier, ObjectReference } from '../decide/references.ts';
import type { MetricStatus } from '../decide/status.ts';
import { formatAsStored, formatQuantity, quantityFromMilli } from '../lib/quantity.ts';

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

/**
 * One metric of a status as decisions read it; `Empty` where its type is unknown, or what it says of it is missing.
 * @throws QuantityError
 */
export function readMetric(metric: wire.MetricStatus): MetricStatus {
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
