import type { History, MetricMemory } from '../history.ts';
import { metricId } from '../metrics/metric-id.ts';
import type { MetricSpec, Policy } from '../policy.ts';

/** What each metric is remembered by, in the policy's order: of two that read the same, each has a memory of its own. */
export function metricIds(metrics: readonly MetricSpec[]): readonly string[] {
  const counts = new Map<string, number>();
  return metrics.map((spec) => {
    const id = metricId(spec);
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    return count === 1 ? id : `${id}#${count}`;
  });
}

/** What is remembered of a metric, without what the policy does not ask for any more. */
export function recall({ metrics }: History, id: string, { requireFreshSamples }: Policy): MetricMemory {
  const memory = metrics?.[id] ?? {};
  const { actedSampleAtMs, ...rest } = memory;
  return requireFreshSamples === true || actedSampleAtMs === undefined ? memory : rest;
}

export type MetricMemories = NonNullable<History['metrics']>;

/** The history with what there is to remember of metrics now; without a trace of them where there is nothing. */
export function rememberMetrics(history: History, memories: MetricMemories): History {
  const { metrics, ...rest } = history;
  const worthIt = Object.entries(memories).filter(([, memory]) => Object.keys(memory).length > 0);
  if (worthIt.length > 0) return { ...rest, metrics: Object.fromEntries(worthIt) };
  return metrics === undefined ? history : rest;
}
