import { isDeepStrictEqual } from 'node:util';
import type { KubeClient } from '../kube/client.ts';
import { fieldManager } from './scale.ts';

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

/**
 * Writes the status; nobody else does, so there is no lock.
 * @returns the object as it is now
 * @throws KubeError
 */
export async function writeStatus(
  client: KubeClient,
  objectPath: string,
  patch: StatusPatch,
  signal: AbortSignal,
): Promise<unknown> {
  return client.patch(`${objectPath}/status`, patch, 'application/merge-patch+json', {
    query: { fieldManager },
    signal,
  });
}
