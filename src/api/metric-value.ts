import { milli, timeMs } from './json.ts';
import type { ExternalMetricValueJson, MetricValueJson } from './types.ts';
import type { PodMetricSample } from '../decide/snapshot.ts';

/** As upstream's metrics client: the window of a sample that names none. */
const defaultWindowMs = 60_000;

/**
 * A MetricValue of custom.metrics.k8s.io (v1beta2 or v1beta1) that describes a pod.
 * @throws QuantityError
 */
export function podMetricSample(metric: MetricValueJson): PodMetricSample {
  const windowSeconds = metric.windowSeconds ?? metric.window;
  return {
    podName: metric.describedObject?.name ?? '',
    timestampMs: timeMs(metric.timestamp),
    windowMs: windowSeconds === null || windowSeconds === undefined ? defaultWindowMs : windowSeconds * 1000,
    milli: milli(metric.value),
  };
}

/**
 * The value of a MetricValue or an ExternalMetricValue in thousandths, rounded away from zero.
 * @throws QuantityError
 */
export function metricMilli(metric: MetricValueJson | ExternalMetricValueJson): bigint {
  return milli(metric.value);
}

/** When the oldest of some values was measured; nothing where none says so. */
export function measuredAt(
  metrics: readonly Pick<MetricValueJson | ExternalMetricValueJson, 'timestamp'>[],
): { readonly timestampMs?: number } {
  const told = metrics.map(({ timestamp }) => timestamp).filter((text) => typeof text === 'string');
  return told.length === 0 ? {} : { timestampMs: Math.min(...told.map(timeMs)) };
}
