import type { MetricSource } from '../policy.ts';
import type { MetricStatus } from '../status.ts';

/** A metric as people call it: `cpu`, `memory of container app`, `external queue`. */
export function metricName(metric: MetricSource | MetricStatus): string {
  switch (metric.type) {
    case 'Resource':
      return metric.resource;
    case 'ContainerResource':
      return `${metric.resource} of container ${metric.container}`;
    case 'Pods':
      return `${metric.metric.name} of pods`;
    case 'Object':
      return `${metric.metric.name} of ${metric.describedObject.kind} ${metric.describedObject.name}`;
    case 'External':
      return `external ${metric.metric.name}`;
    case 'PodScrape':
      return `${metric.metric.name} of pods`;
    case 'Prometheus':
      return `Prometheus query ${cut(metric.query)}`;
    case 'Unknown':
      return `metric of type ${metric.given}`;
    case 'Empty':
      return 'a metric';
  }
}

/** Characters of a query that are enough to know it by. */
const maxQuery = 60;

function cut(query: string): string {
  return query.length <= maxQuery ? query : `${query.slice(0, maxQuery - 1)}…`;
}
