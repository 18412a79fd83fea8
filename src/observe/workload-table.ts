import { replicaWriters } from '../api/replica-writers.ts';
import type { ObjectMeta } from '../api/types.ts';
import type { TargetScale } from '../decide/snapshot.ts';
import type { ReflectorHandler } from '../kube/reflector.ts';
import { selectorFromLabelSelector } from '../lib/selector.ts';
import type { LabelSelectorLike } from '../lib/selector.ts';
import { owned, OwnedIndex } from './owned-index.ts';
import type { Owned } from './owned-index.ts';

/** What is kept of a Deployment, StatefulSet or ReplicaSet: some hundred bytes. */
export interface Workload {
  /** `namespace/name` */
  readonly key: string;
  /** Absent for what nobody autoscales: a ReplicaSet that its Deployment scales. */
  readonly scale?: TargetScale;
  readonly uid?: string;
  /** Whose it is; absent where nobody controls it. */
  readonly owned?: Owned;
  /** It has no pods and wants none, as all but the last ReplicaSets of a Deployment. */
  readonly idle?: true;
}

interface WorkloadJson {
  readonly metadata: ObjectMeta;
  readonly spec?: { readonly replicas?: number; readonly selector?: LabelSelectorLike };
  readonly status?: { readonly replicas?: number };
}

/** Projects a ReplicaSet. Of one that a Deployment or the like controls, of which there are many, only whose it is. */
export function replicaSet(object: unknown): Workload {
  const { metadata, spec, status } = object as WorkloadJson;
  const isControlled = metadata.ownerReferences?.some(({ controller }) => controller === true) === true;
  if (!isControlled) return workload(object);
  const isIdle = (spec?.replicas ?? 0) === 0 && (status?.replicas ?? 0) === 0;
  return { key: keyOf(metadata), ...ownedPart(metadata), ...(isIdle && { idle: true }) };
}

function keyOf({ namespace = '', name = '' }: ObjectMeta): string {
  return `${namespace}/${name}`;
}

function ownedPart(metadata: ObjectMeta): Pick<Workload, 'owned'> {
  const entry = owned(metadata);
  return entry === undefined ? {} : { owned: entry };
}

/**
 * Projects a workload of apps/v1 to the Scale that the API server would make of it. A Deployment or StatefulSet may well have a controller
 * of its own, an operator of its kind, and an autoscaler besides.
 * @throws SelectorError for a selector that the API server would not have stored
 */
export function workload(object: unknown): Workload {
  const { metadata, spec = {}, status = {} } = object as WorkloadJson;
  const { resourceVersion, uid } = metadata;
  return {
    key: keyOf(metadata),
    scale: {
      specReplicas: spec.replicas ?? 0,
      statusReplicas: status.replicas ?? 0,
      selector: selectorFromLabelSelector(spec.selector).toString(),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...writersPart(metadata),
    },
    ...(uid === undefined ? {} : { uid }),
    ...ownedPart(metadata),
  };
}

/** Who wrote the count, of a server that tells. */
function writersPart({ managedFields, creationTimestamp }: ObjectMeta): Partial<TargetScale> {
  if (managedFields === undefined || managedFields === null) return {};
  const createdAtMs = Date.parse(creationTimestamp ?? '') || 0;
  return { createdAtMs, replicaWriters: replicaWriters(managedFields) };
}

interface Target {
  readonly scale: TargetScale;
  readonly uid: string | undefined;
}

/** The scales of one kind, and whose its objects are, as a watch tells them. */
export class WorkloadTable implements ReflectorHandler<Workload> {
  #targets = new Map<string, Target>();
  readonly #owned = new OwnedIndex();
  /** resourceVersions of our own writes that the watch has not shown yet. */
  readonly #written = new Map<string, string>();
  readonly #isCurrent: () => boolean;

  /** @param isCurrent false while the watch cannot be relied on: nothing is known then */
  constructor(isCurrent: () => boolean) {
    this.#isCurrent = isCurrent;
  }

  get size(): number {
    return this.#targets.size;
  }

  /** The scale, unless it is unknown or known to be older than our own last write: then the server must be asked. */
  find(namespace: string, name: string): TargetScale | undefined {
    const key = `${namespace}/${name}`;
    const scale = this.#targets.get(key)?.scale;
    if (scale === undefined || !this.#isCurrent()) return undefined;
    const written = this.#written.get(key);
    if (written === undefined) return scale;
    if (!hasReached(scale.resourceVersion, written)) return undefined;
    this.#written.delete(key);
    return scale;
  }

  /** The uid of an object whose scale is known. */
  uidOf(namespace: string, name: string): string | undefined {
    return this.#targets.get(`${namespace}/${name}`)?.uid;
  }

  /** uids of what an object controls, newest first; undefined while the watch cannot be relied on. */
  ownedBy(uid: string): readonly string[] | undefined {
    return this.#isCurrent() ? this.#owned.ownedBy(uid).map((entry) => entry.uid) : undefined;
  }

  /** Remembers our own write: what the watch shows from before it is not to be decided on. */
  wrote(namespace: string, name: string, resourceVersion: string): void {
    const key = `${namespace}/${name}`;
    if (this.#targets.has(key)) this.#written.set(key, resourceVersion);
  }

  replace(workloads: readonly Workload[]): void {
    const listed = new Set(workloads.map(({ key }) => key));
    for (const key of [...this.#owned.keys()]) if (!listed.has(key)) this.#owned.delete(key);
    this.#targets = new Map();
    for (const each of workloads) this.upsert(each);
    for (const key of this.#written.keys()) if (!this.#targets.has(key)) this.#written.delete(key);
  }

  upsert({ key, scale, uid, owned: entry, idle }: Workload): void {
    if (scale === undefined) this.#forgetScale(key);
    else this.#targets.set(key, { scale, uid });
    // One that had pods stays known: its last ones may still be seen.
    if (entry === undefined) this.#owned.delete(key);
    else if (idle !== true || this.#owned.has(key)) this.#owned.set(key, entry);
  }

  remove({ key }: Pick<Workload, 'key'>): void {
    this.#forgetScale(key);
    this.#owned.delete(key);
  }

  #forgetScale(key: string): void {
    this.#targets.delete(key);
    this.#written.delete(key);
  }
}

/** resourceVersions of one kind grow; those that cannot be compared prove nothing, unless they are equal. */
function hasReached(seen: string | undefined, written: string): boolean {
  if (seen === written) return true;
  if (seen === undefined || !/^\d+$/.test(seen) || !/^\d+$/.test(written)) return false;
  return BigInt(seen) >= BigInt(written);
}
