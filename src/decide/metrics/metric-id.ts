import type { MetricSpec } from '../policy.ts';
import { selectorText } from './tick.ts';

/** A metric's identity between ticks, whatever its target: `Resource/cpu`, `Pods/hits`, `Object/hits of Service/front`. */
export function metricId(spec: MetricSpec): string {
  return `${spec.type}/${source(spec)}`;
}

function source(spec: MetricSpec): string {
  switch (spec.type) {
    case 'Resource':
      return spec.resource;
    case 'ContainerResource':
      return `${spec.container}/${spec.resource}`;
    case 'Pods':
    case 'External':
      return named(spec);
    case 'Object':
      return `${named(spec)} of ${spec.describedObject.kind}/${spec.describedObject.name}`;
    case 'PodScrape':
      return `${spec.port}${spec.path} ${named(spec)}`;
    case 'Prometheus':
      return `${spec.server} ${spec.query}`;
    case 'Unknown':
      return spec.given;
  }
}

function named({ metric }: Pick<Extract<MetricSpec, { type: 'Pods' }>, 'metric'>): string {
  return metric.selector === undefined ? metric.name : `${metric.name}${selectorText(metric)}`;
}
