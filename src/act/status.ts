import { isDeepStrictEqual } from 'node:util';
import type { KubeClient } from '../kube/client.ts';
import { isKubeError } from '../kube/errors.ts';
import { fieldManager } from './scale.ts';
import type { WriteOptions } from './scale.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface StatusPatch {
  readonly status: Fields;
}

/**
 * The merge patch that turns one status into the other, field by field: undefined when they are equal. A field that is
 * gone, or null, is removed by null.
 */
export function statusPatch(before: object | undefined, after: object): StatusPatch | undefined {
  const old = (before ?? {}) as Fields;
  const next = after as Fields;
  const names = new Set([...Object.keys(old), ...Object.keys(next)]);
  const changed = [...names].filter((name) => !isDeepStrictEqual(old[name] ?? null, next[name] ?? null));
  if (changed.length === 0) return undefined;
  return { status: Object.fromEntries(changed.map((name) => [name, next[name] ?? null])) };
}

/** `Gone`: the object is not there any more; its name may be another's. */
export type StatusWrite = { readonly type: 'Written'; readonly object: unknown } | { readonly type: 'Gone' };

/**
 * Writes the status; nobody else does, so there is no lock. The uid makes sure that it is the same object still: the status of
 * one that was deleted must not become that of its namesake.
 * @param place the object's path and its uid, if that is known
 * @returns the object as it is now
 * @throws KubeError
 */
export async function writeStatus(
  client: KubeClient,
  { path, uid }: { readonly path: string; readonly uid: string | undefined },
  patch: StatusPatch,
  options: WriteOptions,
): Promise<StatusWrite> {
  const body = uid === undefined ? patch : { metadata: { uid }, ...patch };
  try {
    const object = await client.patch(`${path}/status`, body, 'application/merge-patch+json', {
      ...options,
      query: { fieldManager },
    });
    return { type: 'Written', object };
  } catch (error) {
    if (isKubeError(error, 'NotFound', 'Conflict') || isOfAnother(error)) return { type: 'Gone' };
    throw error;
  }
}

/** A wrong uid is 422 in a patch, where Kubernetes compares it as a field that must not change (and 409 elsewhere). */
function isOfAnother(error: unknown): boolean {
  return isKubeError(error, 'Invalid') && error.message.includes('metadata.uid');
}
