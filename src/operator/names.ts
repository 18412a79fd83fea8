import type { Regarding } from '../act/events.ts';
import type { Autoscaler } from './autoscaler-table.ts';

/** `/apis/plimsoll.dev/v1/namespaces/shop/customautoscalers`, or of all namespaces. */
export function autoscalersPath(namespace?: string): string {
  const place = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `/apis/plimsoll.dev/v1${place}/customautoscalers`;
}

/** `/api/v1/namespaces/shop/pods`, or of all namespaces. */
export function podsPath(namespace?: string): string {
  return namespace === undefined
    ? '/api/v1/pods'
    : `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
}

export function objectPath({ namespace, name }: Autoscaler): string {
  return `${autoscalersPath(namespace)}/${encodeURIComponent(name)}`;
}

/** An autoscaler as its events name it. */
export function regarding({ namespace, name, object }: Autoscaler): Regarding {
  const { uid = '', resourceVersion } = object.metadata;
  const about = { apiVersion: 'plimsoll.dev/v1', kind: 'CustomAutoscaler', namespace, name, uid };
  return resourceVersion === undefined ? about : { ...about, resourceVersion };
}
