import type { ClusterApi, KubeObject, OwnerReference, ResourceName, WatchEvent } from '../cluster-api.ts';
import type { Stoppable } from './controller.ts';

/** Where an object is. */
export interface Located {
  readonly resource: ResourceName;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly uid: string;
  readonly owners: readonly OwnerReference[];
}

export interface Ownership extends Stoppable {
  find(uid: string): Located | undefined;
  dependentsOf(uid: string): Located[];
  /** Starts and ends watches as resources come and go. */
  refresh(): void;
}

/** Of events nobody is the owner, and there are many. */
const ignored = new Set<ResourceName>(['events', 'events.events.k8s.io']);

/**
 * Who owns whom, over all resources, from watches.
 * @param changed called with the uid of an object that came, changed or went; with those of its dependents when it
 *   went, and with those of its owners always
 */
export function watchOwnership(api: ClusterApi, changed: (uid: string) => void): Ownership {
  const objects = new Map<string, Located>();
  const dependents = new Map<string, Set<string>>();
  const watches = new Map<ResourceName, { stop(): void }>();

  function link(located: Located): void {
    unlink(located.uid);
    objects.set(located.uid, located);
    for (const owner of located.owners) {
      const set = dependents.get(owner.uid) ?? new Set();
      dependents.set(owner.uid, set.add(located.uid));
    }
  }

  function unlink(uid: string): void {
    for (const owner of objects.get(uid)?.owners ?? []) {
      const set = dependents.get(owner.uid);
      set?.delete(uid);
      if (set?.size === 0) dependents.delete(owner.uid);
    }
    objects.delete(uid);
  }

  function observe(resource: ResourceName, { type, object }: WatchEvent): void {
    const { uid, namespace, name, ownerReferences: owners = [] } = object.metadata;
    if (uid === undefined) return;
    if (type === 'DELETED') {
      unlink(uid);
      dependents.get(uid)?.forEach((dependent) => changed(dependent));
    } else {
      link({ resource, namespace, name, uid, owners });
      if (owners.length > 0 || object.metadata.deletionTimestamp !== undefined) changed(uid);
    }
    for (const owner of owners) changed(owner.uid);
  }

  function refresh(): void {
    const served = new Set(api.resources().map(({ resource }) => resource));
    for (const resource of served) {
      if (ignored.has(resource) || watches.has(resource)) continue;
      watches.set(
        resource,
        api.watch(resource, (event) => observe(resource, event)),
      );
    }
    for (const [resource, watch] of watches) {
      if (served.has(resource)) continue;
      watch.stop();
      watches.delete(resource);
      for (const located of [...objects.values()]) if (located.resource === resource) unlink(located.uid);
    }
  }

  return {
    find: (uid) => objects.get(uid),
    dependentsOf: (uid) =>
      [...(dependents.get(uid) ?? [])].flatMap((dependent) => objects.get(dependent) ?? []),
    refresh,
    stop: () => watches.forEach((watch) => watch.stop()),
  };
}

/** The object that is there now, unless another has taken its name. */
export function read(api: ClusterApi, { resource, namespace, name, uid }: Located): KubeObject | undefined {
  const object = api.get(resource, namespace, name);
  return object?.metadata.uid === uid ? object : undefined;
}
