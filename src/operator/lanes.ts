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
  PodScrape: 'scrape', // the pods of each namespace by themselves
  Prometheus: 'prometheus', // each server by itself
  Unknown: '',
};

/**
 * Autoscalers that read the same sources of metrics share their workers: one source that is slow delays only those that use it. So do
 * those whose target's scale must be asked for, which another server may answer.
 */
export function laneOf(autoscaler: Autoscaler | undefined): string {
  if (autoscaler?.parsed.ok !== true) return '';
  const { metrics, target, namespace } = autoscaler.parsed.policy;
  const used = new Set(metrics.map((metric) => sourceOf(metric, namespace)));
  if (watchedKind(target) === undefined) used.add('scale');
  return [...used].sort().join('+');
}

function sourceOf(metric: MetricSpec, namespace: string): string {
  const source = sources[metric.type];
  if (metric.type === 'PodScrape') return `${source} ${namespace}`;
  return metric.type === 'Prometheus' ? `${source} ${metric.server}` : source;
}
