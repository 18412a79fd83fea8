import type { MetricSpec } from '../policy.ts';
import { selectorText } from './tick.ts';

/** Characters of an identity, which the status keeps of up to 100 metrics: a query may have 4,096. */
const maxLength = 256;

/**
 * A metric's identity between ticks, whatever its target: `Resource/cpu`, `Pods/hits`, `Object/hits of Service/front`. A long one is
 * its beginning and a hash of all of it.
 */
export function metricId(spec: MetricSpec): string {
  const id = `${spec.type}/${source(spec)}`;
  if (id.length <= maxLength) return id;
  // Half of a character would not come back from the API server as it was sent.
  const beginning = id.slice(0, maxLength - 10).replace(/[\ud800-\udbff]$/, '');
  return `${beginning}… ${hashOf(id).toString(16).padStart(8, '0')}`;
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return value;
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
