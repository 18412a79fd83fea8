import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { metricTable } from './metric-table.ts';
import type { MetricTable } from './metric-table.ts';

type Labels<R extends { readonly labels: readonly string[] }> = R['labels'][number];

type MetricOf<R extends MetricTable[keyof MetricTable]> = R['type'] extends 'counter'
  ? Counter<Labels<R>>
  : R['type'] extends 'gauge'
    ? Gauge<Labels<R>>
    : Histogram<Labels<R>>;

/** The metrics of the table by their names in it. */
export type Metrics = { readonly [K in keyof MetricTable]: MetricOf<MetricTable[K]> };

const seconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Makes every metric of the table in a registry. */
export function createMetrics(registry: Registry): Metrics {
  const entries = Object.entries(metricTable).map(([name, { type, help, labels }]) => {
    const options = { name: `plimsoll_${name}`, help, labelNames: [...labels], registers: [registry] };
    switch (type) {
      case 'counter':
        return [name, new Counter(options)];
      case 'gauge':
        return [name, new Gauge(options)];
      case 'histogram':
        return [name, new Histogram({ ...options, buckets: seconds })];
    }
  });
  return Object.fromEntries(entries) as Metrics;
}
