import { fieldManager } from '../api/replica-writers.ts';
import type { ScaleJson } from '../api/types.ts';
import type { Action } from '../decide/decision.ts';
import type { CallOptions, KubeClient } from '../kube/client.ts';
import { isKubeError } from '../kube/errors.ts';
import { errorMessage } from '../lib/errors.ts';

/** How a write of the scale ended. After a conflict the decision is void: read and decide again, never write it once more. */
export type ScaleWrite =
  | {
      readonly type: 'Scaled';
      /** Of the target now: what is known of it from before is out of date. */
      readonly resourceVersion?: string;
    }
  | { readonly type: 'Conflict'; readonly message: string }
  | { readonly type: 'Refused'; readonly message: string };

/** How a write is cut off: by a signal when nobody waits any longer, by a fence when it must not be begun any more. */
export type WriteOptions = Pick<CallOptions, 'signal' | 'fence'>;

/**
 * Writes `spec.replicas` through the scale subresource. With the resourceVersion that was read, a merge patch is an optimistic
 * lock: what somebody wrote since then is never overwritten. A scale has the resourceVersion of its object, so that one from a watched
 * Deployment will do.
 * @throws KubeError of type `Aborted` or `Fenced`: then there is nothing to report
 */
export async function writeScale(
  client: KubeClient,
  scalePath: string,
  { replicas, resourceVersion }: Action,
  options: WriteOptions,
): Promise<ScaleWrite> {
  const lock = resourceVersion === undefined ? {} : { metadata: { resourceVersion } };
  const patch = { ...lock, spec: { replicas } };
  try {
    const call = { ...options, query: { fieldManager } };
    const written = await client.patch(scalePath, patch, 'application/merge-patch+json', call);
    const { resourceVersion: version } = (written as ScaleJson).metadata ?? {};
    return version === undefined ? { type: 'Scaled' } : { type: 'Scaled', resourceVersion: version };
  } catch (error) {
    if (isKubeError(error, 'Aborted', 'Fenced')) throw error;
    return { type: isKubeError(error, 'Conflict') ? 'Conflict' : 'Refused', message: errorMessage(error) };
  }
}
