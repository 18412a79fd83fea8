import type { ObjectReference } from '../decide/references.ts';
import type { PodFacts } from '../decide/snapshot.ts';
import { watchedKind } from './target.ts';
import type { FoundTarget, Workloads } from './target.ts';

/**
 * uids of what owns pods of a target, newest first: its ReplicaSets, what those of its own own, and itself. Undefined when that
 * cannot be told: the ReplicaSets are not seen as they are now, or no pod of a target of a kind of its own is owned by any of
 * these, as something that is not watched stands in between.
 */
export function ownersOf(
  workloads: Workloads,
  target: ObjectReference,
  { uid }: Pick<FoundTarget, 'uid'>,
  pods: readonly PodFacts[],
): readonly string[] | undefined {
  if (uid === undefined || workloads.ReplicaSet?.ownedBy(uid) === undefined) return undefined;
  const owners = [...descendants(workloads, uid, new Set())];
  if (watchedKind(target) !== undefined || pods.length === 0) return owners;
  return pods.some(({ ownerUid }) => ownerUid !== undefined && owners.includes(ownerUid))
    ? owners
    : undefined;
}

/** What an object controls, at any depth, before the object itself. */
function* descendants(workloads: Workloads, uid: string, seen: Set<string>): Iterable<string> {
  if (seen.has(uid)) return;
  seen.add(uid);
  for (const table of Object.values(workloads))
    for (const child of table.ownedBy(uid) ?? []) yield* descendants(workloads, child, seen);
  yield uid;
}
