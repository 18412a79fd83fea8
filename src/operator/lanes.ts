import type { MetricSpec } from '../decide/policy.ts';
import { watchedKind } from '../observe/target.ts';
import type { Autoscaler } from './autoscaler-table.ts';

/** The API that serves each type of metric. */
const sources: Readonly<Record<MetricSpec['type'], string>> = {
  Resource: 'resource',
  ContainerResource: 'resource',
  Pods: 'custom',
  Object: 'custom',
  External: 'external',
  PodScrape: 'scrape',
  Prometheus: 'prometheus', // each server by itself
  Unknown: '',
};

/**
 * Autoscalers that read the same sources of metrics share their workers: one source that is slow delays only those that use it. So do
 * those whose target's scale must be asked for, which another server may answer.
 */
export function laneOf(autoscaler: Autoscaler | undefined): string {
  if (autoscaler?.parsed.ok !== true) return '';
  const { metrics, target } = autoscaler.parsed.policy;
  const used = new Set(metrics.map(sourceOf));
  if (watchedKind(target) === undefined) used.add('scale');
  return [...used].sort().join('+');
}

function sourceOf(metric: MetricSpec): string {
  const source = sources[metric.type];
  return metric.type === 'Prometheus' ? `${source} ${metric.server}` : source;
}
