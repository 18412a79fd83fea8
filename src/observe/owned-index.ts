import type { ObjectMeta } from '../api/types.ts';
import { controllerUid } from '../api/pod.ts';

/** A workload that another object controls: a ReplicaSet of a Deployment. */
export interface Owned {
  readonly uid: string;
  readonly ownerUid: string;
  readonly createdAtMs: number;
  /** Of the Deployment's or Rollout's history: a return to an old ReplicaSet makes it the newest. 0 where none is told. */
  readonly revision: number;
}

const revisionAnnotations = ['deployment.kubernetes.io/revision', 'rollout.argoproj.io/revision'];

/** Whose a workload is; undefined for one that nobody controls. */
export function owned(metadata: ObjectMeta): Owned | undefined {
  const { uid, annotations, creationTimestamp } = metadata;
  const ownerUid = controllerUid(metadata);
  if (uid === undefined || ownerUid === undefined) return undefined;
  const revisions = revisionAnnotations.map((name) => Number(annotations?.[name]));
  return {
    uid,
    ownerUid,
    createdAtMs: Date.parse(creationTimestamp ?? '') || 0,
    revision: revisions.find((revision) => revision > 0) ?? 0,
  };
}

/** What belongs to whom, of one kind. */
export class OwnedIndex {
  readonly #byKey = new Map<string, Owned>();
  readonly #byOwner = new Map<string, Set<Owned>>();

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  keys(): Iterable<string> {
    return this.#byKey.keys();
  }

  set(key: string, entry: Owned): void {
    this.delete(key);
    this.#byKey.set(key, entry);
    const siblings = this.#byOwner.get(entry.ownerUid);
    if (siblings === undefined) this.#byOwner.set(entry.ownerUid, new Set([entry]));
    else siblings.add(entry);
  }

  delete(key: string): void {
    const known = this.#byKey.get(key);
    if (known === undefined) return;
    this.#byKey.delete(key);
    const siblings = this.#byOwner.get(known.ownerUid);
    siblings?.delete(known);
    if (siblings?.size === 0) this.#byOwner.delete(known.ownerUid);
  }

  /** What an object controls, newest first. */
  ownedBy(uid: string): readonly Owned[] {
    return [...(this.#byOwner.get(uid) ?? [])].sort(newestFirst);
  }
}

function newestFirst(a: Owned, b: Owned): number {
  return b.revision - a.revision || b.createdAtMs - a.createdAtMs || (a.uid < b.uid ? -1 : 1);
}
