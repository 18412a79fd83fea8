import type { MetricSpec } from '../decide/policy.ts';
import type { Autoscaler } from './autoscaler-table.ts';

/** The API that serves each type of metric. */
const sources: Readonly<Record<MetricSpec['type'], string>> = {
  Resource: 'resource',
  ContainerResource: 'resource',
  Pods: 'custom',
  Object: 'custom',
  External: 'external',
  Unknown: '',
};

/**
 * Autoscalers that read the same sources of metrics share their workers: one source that is slow delays only those that use it.
 */
export function laneOf(autoscaler: Autoscaler | undefined): string {
  if (autoscaler?.parsed.ok !== true) return '';
  const used = new Set(autoscaler.parsed.policy.metrics.map(({ type }) => sources[type]));
  return [...used].sort().join('+');
}
