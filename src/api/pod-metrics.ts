import { milliResources, timeMs } from './json.ts';
import type { PodMetricsJson } from './types.ts';
import type { PodUsage } from '../decide/snapshot.ts';
import { parseDuration } from '../lib/duration.ts';

/** One PodMetrics object: the usage, and what is needed to hand it to the autoscaler that it concerns. */
export interface LabelledPodUsage extends PodUsage {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * metrics.k8s.io PodMetrics, projected.
 * @throws QuantityError for a usage that is no quantity
 */
export function podUsage(metrics: PodMetricsJson): LabelledPodUsage {
  const { metadata = {} } = metrics;
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    labels: metadata.labels ?? {},
    timestampMs: timeMs(metrics.timestamp),
    windowMs: windowMs(metrics.window),
    containers: (metrics.containers ?? []).map(({ name = '', usage }) => ({
      name,
      usage: milliResources(usage),
    })),
  };
}

/** A metrics server has one window, or a few; an odd one that prints ever new ones gets no more room than this. */
const knownWindows = 100;
const windows = new Map<string, number>();

/** An absent or unreadable window is none. */
function windowMs(text = ''): number {
  const known = windows.get(text);
  if (known !== undefined) return known;
  const ms = parseDuration(text) ?? 0;
  if (windows.size < knownWindows) windows.set(text, ms);
  return ms;
}
