import { measuredAt, metricMilli, podMetricSample } from '../api/metric-value.ts';
import { podUsage } from '../api/pod-metrics.ts';
import type { MetricSpec } from '../decide/policy.ts';
import type { MetricIdentifier, ObjectReference } from '../decide/references.ts';
import type { MetricReading, Reading } from '../decide/snapshot.ts';
import { selectorFromLabelSelector, SelectorError } from '../lib/selector.ts';
import type { Selector } from '../lib/selector.ts';
import type { CustomMetric, RecordedTick } from './scenario.ts';

/** What one metric of a policy read at a recorded tick. */
export type MetricReader = (tick: RecordedTick) => MetricReading;

/**
 * How the metric APIs answer for one metric: they filter what the tick lists by namespace, object, metric and selector.
 * A list that came out empty is a reading; an API that failed is not.
 */
export function metricReader(spec: MetricSpec, namespace: string): MetricReader {
  switch (spec.type) {
    case 'Resource':
    case 'ContainerResource':
      return ({ resourceMetrics, resourceMetricsError }) => ({
        type: spec.type,
        usage: listReading(resourceMetricsError, resourceMetrics, podUsage),
      });
    case 'Pods':
      return podsReader(spec.metric, namespace);
    case 'Object':
      return objectReader(spec.metric, spec.describedObject, namespace);
    case 'External':
      return externalReader(spec.metric);
    case 'PodScrape':
      return () => ({ type: 'PodScrape', samples: notRecorded, notScraped: [] });
    case 'Prometheus':
      return () => ({ type: 'Prometheus', milli: notRecorded });
    case 'Unknown':
      return () => ({ type: 'Unknown' });
  }
}

/** A recording holds what the metrics APIs answered, and nothing else. */
const notRecorded = { ok: false, message: 'a recording has no metrics of this type' } as const;

function podsReader(metric: MetricIdentifier, namespace: string): MetricReader {
  const isNamed = sameMetric(metric);
  const wanted = (item: CustomMetric): boolean =>
    item.describedObject?.kind === 'Pod' && item.describedObject.namespace === namespace && isNamed(item);
  return ({ customMetrics, customMetricsError }) => ({
    type: 'Pods',
    samples: listReading(customMetricsError, customMetrics?.filter(wanted), podMetricSample),
  });
}

function objectReader(metric: MetricIdentifier, described: ObjectReference, namespace: string): MetricReader {
  const isNamed = sameMetric(metric);
  return ({ customMetrics, customMetricsError }) => {
    const found = customMetrics?.find((item) => describes(item, described, namespace) && isNamed(item));
    const milli = objectReading(customMetricsError, found);
    return { type: 'Object', milli, ...measuredAt(found === undefined ? [] : [found]) };
  };
}

function externalReader(metric: MetricIdentifier): MetricReader {
  const selector = selectorOrNone(() => selectorFromLabelSelector(metric.selector ?? {}));
  return ({ externalMetrics, externalMetricsError }) => {
    const items = (externalMetrics ?? []).filter(
      ({ metricName, metricLabels }) =>
        metricName === metric.name && selector?.matches(metricLabels ?? {}) === true,
    );
    const milli = listReading(externalMetricsError, items, metricMilli);
    return { type: 'External', milli, ...measuredAt(items) };
  };
}

function listReading<T, R>(
  error: string | undefined,
  items: readonly T[] = [],
  convert: (item: T) => R,
): Reading<readonly R[]> {
  return error === undefined ? { ok: true, value: items.map(convert) } : { ok: false, message: error };
}

function objectReading(error: string | undefined, found: CustomMetric | undefined): Reading<bigint> {
  if (error !== undefined) return { ok: false, message: error };
  if (found === undefined) return { ok: false, message: 'no item of that object and metric' };
  return { ok: true, value: metricMilli(found) };
}

/** A Namespace of the core group is cluster-scoped, and always the autoscaler's own, whatever the reference names. */
function describes(
  { describedObject = {} }: CustomMetric,
  wanted: ObjectReference,
  namespace: string,
): boolean {
  if (describedObject.kind !== wanted.kind || groupOf(describedObject) !== groupOf(wanted)) return false;
  if (wanted.kind === 'Namespace' && groupOf(wanted) === '') {
    return describedObject.name === namespace && describedObject.namespace === undefined;
  }
  return describedObject.name === wanted.name && describedObject.namespace === namespace;
}

/** The API group of a reference; the core group is the empty text. */
export function groupOf({ apiVersion = '' }: { apiVersion?: string }): string {
  return apiVersion.includes('/') ? apiVersion.replace(/\/.*/, '') : '';
}

/** Selectors are the same when they ask for the same, however they are written. */
function sameMetric(wanted: MetricIdentifier): (item: CustomMetric) => boolean {
  const wantedSelector = selectorText(wanted.selector);
  const wantedJson = JSON.stringify(wanted.selector);
  return ({ metric = {} }) =>
    metric.name === wanted.name &&
    (JSON.stringify(metric.selector) === wantedJson || selectorText(metric.selector) === wantedSelector);
}

/** Undefined for one that Kubernetes refuses. */
function selectorText(selector: MetricIdentifier['selector'] | null): string | undefined {
  if (selector === undefined || selector === null) return '';
  return selectorOrNone(() => selectorFromLabelSelector(selector))?.toString();
}

/** Undefined for what is no selector: it selects nothing. */
function selectorOrNone(parse: () => Selector): Selector | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SelectorError) return undefined;
    throw error;
  }
}
