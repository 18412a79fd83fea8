import { milliResources, timeMs } from './json.ts';
import type { PodMetricsJson } from './types.ts';
import type { PodUsage } from '../decide/snapshot.ts';
import { parseDuration } from '../lib/duration.ts';
import { remember } from '../lib/remember.ts';

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
    windowMs: windowMs(metrics.window ?? ''),
    containers: (metrics.containers ?? []).map(({ name = '', usage }) => ({
      name,
      usage: milliResources(usage),
    })),
  };
}

/** An absent or unreadable window is none. */
const windowMs = remember((text) => parseDuration(text) ?? 0);
