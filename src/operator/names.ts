import type { Regarding } from '../act/events.ts';
import type { Autoscaler } from './autoscaler-table.ts';

/** `/apis/apps/v1/namespaces/shop/deployments`, or of all namespaces. */
export function collectionPath(groupVersion: string, plural: string, namespace?: string): string {
  const root = groupVersion.includes('/') ? '/apis' : '/api';
  const place = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}/${groupVersion}${place}/${plural}`;
}

/** `/apis/plimsoll.dev/v1/namespaces/shop/customautoscalers`, or of all namespaces. */
export function autoscalersPath(namespace?: string): string {
  return collectionPath('plimsoll.dev/v1', 'customautoscalers', namespace);
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
