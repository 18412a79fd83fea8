import { metricMilli, podMetricSample } from '../../src/api/metric-value.ts';
import { podUsage } from '../../src/api/pod-metrics.ts';
import { podFacts } from '../../src/api/pod.ts';
import { targetScale } from '../../src/api/scale.ts';
import type { MetricValueJson, PodJson } from '../../src/api/types.ts';
import type { MetricSpec, Policy } from '../../src/decide/policy.ts';
import type {
  AutoscalerStatus,
  LabelSelector,
  MetricIdentifier,
  MetricReading,
  ObjectReference,
  Reading,
  Snapshot,
  TargetScale,
} from '../../src/decide/snapshot.ts';
import { parseSelector, SelectorError, selectorFromLabelSelector } from '../../src/lib/selector.ts';
import type { Selector } from '../../src/lib/selector.ts';
import type { Scenario, WireCustomMetric, WireTick } from './scenario.ts';

/** What a recorded tick showed to its controller, as the fake APIs answered from its lists. */
export function snapshotOf(
  scenario: Scenario,
  tick: WireTick,
  policy: Policy,
  status: AutoscalerStatus,
): Snapshot {
  return {
    target: targetOf(scenario, tick, policy),
    pods: (tick.pods ?? []).filter(isSelected(tick, policy.namespace)).map(podFacts),
    metrics: policy.metrics.map((spec) => readingOf(spec, tick, policy.namespace)),
    otherAutoscalers: scenario.otherAutoscalers ?? [],
    status,
  };
}

/** What the pod lister does with the scale's selector. */
function isSelected({ scale }: WireTick, namespace: string): (pod: PodJson) => boolean {
  const selector = orNone(() => parseSelector(scale?.status?.selector ?? ''));
  return ({ metadata = {} }) =>
    metadata.namespace === namespace && selector?.matches(metadata.labels ?? {}) === true;
}

const kinds = new Set(['apps/Deployment', 'apps/ReplicaSet', 'apps/StatefulSet', '/ReplicationController']);

function targetOf(scenario: Scenario, tick: WireTick, { target }: Policy): Reading<TargetScale> {
  if (tick.scaleError !== undefined) return { ok: false, message: tick.scaleError };
  const mapped = scenario.requires?.includes('restMapping') === true;
  if (
    mapped &&
    (target.apiVersion.split('/').length > 2 || !kinds.has(`${groupOf(target)}/${target.kind}`))
  ) {
    return { ok: false, message: `no matches for kind ${target.kind} in ${target.apiVersion}` };
  }
  return { ok: true, value: targetScale(tick.scale ?? {}) };
}

function groupOf({ apiVersion = '' }: { apiVersion?: string }): string {
  return apiVersion.includes('/') ? apiVersion.replace(/\/.*/, '') : '';
}

function readingOf(spec: MetricSpec, tick: WireTick, namespace: string): MetricReading {
  switch (spec.type) {
    case 'Resource':
    case 'ContainerResource':
      return { type: spec.type, usage: listOf(tick.resourceMetricsError, tick.resourceMetrics, podUsage) };
    case 'Pods': {
      const items = tick.customMetrics?.filter(
        (item) => describesPod(item, namespace) && isNamed(item, spec.metric),
      );
      return { type: 'Pods', samples: listOf(tick.customMetricsError, items, podMetricSample) };
    }
    case 'Object': {
      const found = tick.customMetrics?.find(
        (item) => describes(item, spec.describedObject, namespace) && isNamed(item, spec.metric),
      );
      return { type: 'Object', milli: objectReading(tick.customMetricsError, found) };
    }
    case 'External': {
      const items = tick.externalMetrics?.filter(
        ({ metricName, metricLabels }) =>
          metricName === spec.metric.name && selects(spec.metric, metricLabels ?? {}),
      );
      return { type: 'External', milli: listOf(tick.externalMetricsError, items, metricMilli) };
    }
    case 'Unknown':
      return { type: 'Unknown' };
  }
}

function listOf<T, R>(
  error: string | undefined,
  items: readonly T[] | undefined,
  convert: (item: T) => R,
): Reading<readonly R[]> {
  return error === undefined
    ? { ok: true, value: (items ?? []).map(convert) }
    : { ok: false, message: error };
}

function objectReading(error: string | undefined, found: MetricValueJson | undefined): Reading<bigint> {
  if (error !== undefined) return { ok: false, message: error };
  if (found === undefined) return { ok: false, message: 'no item of that object and metric' };
  return { ok: true, value: metricMilli(found) };
}

function describesPod({ describedObject }: WireCustomMetric, namespace: string): boolean {
  return describedObject?.kind === 'Pod' && describedObject.namespace === namespace;
}

/** A Namespace of the core group is cluster-scoped, and always the autoscaler's own, whatever the reference names. */
function describes(
  { describedObject = {} }: WireCustomMetric,
  wanted: ObjectReference,
  namespace: string,
): boolean {
  const sameKind = describedObject.kind === wanted.kind && groupOf(describedObject) === groupOf(wanted);
  if (wanted.kind === 'Namespace' && groupOf(wanted) === '') {
    return sameKind && describedObject.name === namespace && describedObject.namespace === undefined;
  }
  return sameKind && describedObject.name === wanted.name && describedObject.namespace === namespace;
}

function isNamed({ metric }: WireCustomMetric, wanted: MetricIdentifier): boolean {
  const text = (selector: LabelSelector | null | undefined) =>
    orNone(() => selectorFromLabelSelector(selector ?? {}))?.toString();
  return metric.name === wanted.name && text(metric.selector) === text(wanted.selector);
}

/** No selector selects everything; one that is none selects nothing. */
function selects(metric: MetricIdentifier, labels: Readonly<Record<string, string>>): boolean {
  return orNone(() => selectorFromLabelSelector(metric.selector ?? {}))?.matches(labels) === true;
}

function orNone(parse: () => Selector): Selector | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SelectorError) return undefined;
    throw error;
  }
}
