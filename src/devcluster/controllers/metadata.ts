import type { KubeObject, ObjectMeta, OwnerReference } from '../cluster-api.ts';
import type { Condition } from './objects.ts';

/** A time as Kubernetes prints metav1.Time: whole seconds. */
export function formatTime(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

/** Milliseconds since the epoch; 0 where there is no time. */
export function timeMs(time: string | null | undefined): number {
  return time ? Date.parse(time) : 0;
}

export function key(object: { metadata: ObjectMeta }): string {
  const { namespace, name } = object.metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** The parts of a key; a key without a slash names a cluster-scoped object. */
export function splitKey(text: string): { namespace: string | undefined; name: string } {
  const slash = text.indexOf('/');
  if (slash === -1) return { namespace: undefined, name: text };
  return { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
}

export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller);
}

export function ownedBy(object: KubeObject, owner: KubeObject): boolean {
  return controllerOf(object)?.uid === owner.metadata.uid;
}

/** The reference that makes `owner` the controller of another object. */
export function controllerReference(owner: KubeObject): OwnerReference {
  const { name, uid = '' } = owner.metadata;
  const { apiVersion, kind } = owner;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

export function isTerminating(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

export function findCondition(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}
