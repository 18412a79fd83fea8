import type { KubeObject, OwnerReference } from '../cluster-api.ts';
import { setOwners } from './claim.ts';
import type { ControllerContext, Stoppable } from './controller.ts';
import { isTerminating } from './metadata.ts';
import type { Located, Ownership } from './ownership.ts';
import { read, watchOwnership } from './ownership.ts';
import { createKeyQueue } from './queue.ts';

const crds = 'customresourcedefinitions.apiextensions.k8s.io';

/**
 * Deletes what nobody owns any more.
 *
 * | owner is deleted | its dependents | the owner goes |
 * |---|---|---|
 * | background (default) | follow once it is gone | at once |
 * | foreground | go first, their own dependents before them | when none is left that blocks it |
 * | orphan | stay, without the reference | when none refers to it |
 */
export function runGarbageCollector(context: ControllerContext): Stoppable {
  const queue = createKeyQueue({ name: 'garbage-collector', log: context.log, work: collect });
  const ownership = watchOwnership(context.api, (uid) => queue.add(uid));
  const collector: Collector = { ...context, ownership };
  const served = context.api.watch(crds, () => ownership.refresh());
  ownership.refresh();

  function collect(uid: string): undefined {
    const located = ownership.find(uid);
    const object = located && read(context.api, located);
    if (object) reconcile(collector, located, object);
  }

  return {
    stop() {
      served.stop();
      ownership.stop();
      queue.stop();
    },
  };
}

interface Collector extends ControllerContext {
  readonly ownership: Ownership;
}

function reconcile(collector: Collector, located: Located, object: KubeObject): void {
  const finalizers = object.metadata.finalizers ?? [];
  if (!isTerminating(object)) collectUnowned(collector, located, object);
  else if (finalizers.includes('orphan')) orphanDependents(collector, located, object);
  else if (finalizers.includes('foregroundDeletion')) deleteDependents(collector, located, object);
}

function collectUnowned({ api, ownership }: Collector, located: Located, object: KubeObject): void {
  const owners = object.metadata.ownerReferences ?? [];
  const present = owners.filter((owner) => exists({ api, ownership }, owner, located.namespace));
  if (owners.length === 0 || present.length === owners.length) return;
  if (present.length > 0) setOwners(api, located.resource, object, present);
  else remove({ api }, located);
}

/** An owner of a kind that is not served counts as present: nobody can tell. */
function exists(
  { api, ownership }: Pick<Collector, 'api' | 'ownership'>,
  owner: OwnerReference,
  namespace: string | undefined,
): boolean {
  const known = ownership.find(owner.uid);
  if (known) return read(api, known) !== undefined;
  const served = api
    .resources()
    .find(({ apiVersion, kind }) => apiVersion === owner.apiVersion && kind === owner.kind);
  if (!served) return true;
  return (
    api.get(served.resource, served.namespaced ? namespace : undefined, owner.name)?.metadata.uid ===
    owner.uid
  );
}

function remove({ api }: Pick<Collector, 'api'>, located: Located, propagationPolicy = 'Background'): void {
  const { resource, namespace, name, uid } = located;
  api.delete(resource, namespace, name, { uid, propagationPolicy });
}

function orphanDependents({ api, ownership }: Collector, owner: Located, object: KubeObject): void {
  for (const dependent of ownership.dependentsOf(owner.uid)) {
    const found = read(api, dependent);
    const others = found?.metadata.ownerReferences?.filter(({ uid }) => uid !== owner.uid) ?? [];
    if (found) setOwners(api, dependent.resource, found, others);
  }
  dropFinalizer({ api }, owner, object, 'orphan');
}

function deleteDependents({ api, ownership }: Collector, owner: Located, object: KubeObject): void {
  const present = ownership.dependentsOf(owner.uid).filter((dependent) => read(api, dependent) !== undefined);
  for (const dependent of present) {
    const found = read(api, dependent);
    const hasOwn = ownership.dependentsOf(dependent.uid).length > 0;
    if (found && !isTerminating(found)) remove({ api }, dependent, hasOwn ? 'Foreground' : 'Background');
  }
  const blocking = present.filter(
    (dependent) =>
      dependent.owners.some(
        ({ uid, blockOwnerDeletion }) => uid === owner.uid && blockOwnerDeletion === true,
      ) && read(api, dependent) !== undefined,
  );
  if (blocking.length === 0) dropFinalizer({ api }, owner, object, 'foregroundDeletion');
}

function dropFinalizer(
  { api }: Pick<Collector, 'api'>,
  located: Located,
  object: KubeObject,
  finalizer: string,
): void {
  const finalizers = (object.metadata.finalizers ?? []).filter((one) => one !== finalizer);
  const patch = { metadata: { finalizers: finalizers.length > 0 ? finalizers : null } };
  api.patch(located.resource, located.namespace, located.name, 'merge', patch);
}
