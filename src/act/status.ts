import { isDeepStrictEqual } from 'node:util';
import type { KubeClient } from '../kube/client.ts';
import { isKubeError } from '../kube/errors.ts';
import type { KubeError } from '../kube/errors.ts';
import { fieldManager } from '../api/replica-writers.ts';
import type { WriteOptions } from './scale.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface StatusPatch {
  readonly status: Fields;
}

/**
 * The merge patch that turns one status into the other, field by field: undefined when they are equal. A field that is
 * gone, or null, is removed by null, also within an object.
 */
export function statusPatch(before: object | undefined, after: object): StatusPatch | undefined {
  const old = (before ?? {}) as Fields;
  const next = after as Fields;
  const names = new Set([...Object.keys(old), ...Object.keys(next)]);
  const changed = [...names].filter((name) => !isDeepStrictEqual(old[name] ?? null, next[name] ?? null));
  if (changed.length === 0) return undefined;
  return { status: Object.fromEntries(changed.map((name) => [name, replacement(old[name], next[name])])) };
}

/** A merge patch of an object leaves fields that it does not name as they are. */
function replacement(old: unknown, next: unknown): unknown {
  if (!isFields(old) || !isFields(next)) return next ?? null;
  const names = new Set([...Object.keys(old), ...Object.keys(next)]);
  return Object.fromEntries([...names].map((name) => [name, replacement(old[name], next[name])]));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * - Gone: the object is not there any more; its name may be another's.
 * - Conflict: somebody wrote the object since it was read.
 */
export type StatusWrite =
  | { readonly type: 'Written'; readonly object: unknown }
  | { readonly type: 'Gone' }
  | { readonly type: 'Conflict'; readonly error: KubeError };

/** The object whose status is written, as it was read. */
export interface StatusPlace {
  readonly path: string;
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
}

/**
 * Writes the status. The resourceVersion is a lock: what a former leader sent, and what arrives late, is not written over what the
 * next one wrote. The uid makes sure that it is the same object still: the status of one that was deleted must not become
 * that of its namesake.
 * @returns the object as it is now
 * @throws KubeError
 */
export async function writeStatus(
  client: KubeClient,
  { path, uid, resourceVersion }: StatusPlace,
  patch: StatusPatch,
  options: WriteOptions,
): Promise<StatusWrite> {
  const known = { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) };
  const body = { metadata: known, ...patch };
  try {
    const object = await client.patch(`${path}/status`, body, 'application/merge-patch+json', {
      ...options,
      query: { fieldManager },
    });
    return { type: 'Written', object };
  } catch (error) {
    if (isKubeError(error, 'NotFound') || isOfAnother(error)) return { type: 'Gone' };
    if (isKubeError(error, 'Conflict')) return { type: 'Conflict', error };
    throw error;
  }
}

/** A wrong uid is 422 in a patch, where Kubernetes compares it as a field that must not change (and 409 elsewhere). */
function isOfAnother(error: unknown): boolean {
  return isKubeError(error, 'Invalid') && error.message.includes('metadata.uid');
}
