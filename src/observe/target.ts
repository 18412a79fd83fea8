import { targetScale } from '../api/scale.ts';
import type { ScaleJson } from '../api/types.ts';
import type { ObjectReference, Reading, TargetScale } from '../decide/snapshot.ts';
import type { KubeClient } from '../kube/client.ts';
import { groupOf, resourcePath } from '../kube/discovery.ts';
import type { Discovery } from '../kube/discovery.ts';
import { isKubeError } from '../kube/errors.ts';
import { reading } from './reading.ts';

/** The target's scale, and where it was read: the place to write it to. */
export interface FoundTarget {
  readonly scale: TargetScale;
  /** `/apis/apps/v1/namespaces/shop/deployments/web/scale` */
  readonly scalePath: string;
}

/**
 * Reads the scale of any kind that has one. As the HPA does: group and kind are looked up, whatever version the reference
 * names; every served version is tried, and when none answers the first error counts.
 */
export async function readTarget(
  { client, discovery }: { readonly client: KubeClient; readonly discovery: Discovery },
  namespace: string,
  target: ObjectReference,
  signal: AbortSignal,
): Promise<Reading<FoundTarget>> {
  return reading(async () => {
    const group = groupOf(target.apiVersion);
    if (group === undefined) {
      throw new Error(
        `invalid API version in scale target reference: unexpected GroupVersion string: ${target.apiVersion}`,
      );
    }
    const resources = await discovery.resources(group, target.kind);
    if (resources.length === 0) throw new Error(`no matches for kind "${target.kind}" in group "${group}"`);
    const paths = resources.map((resource) => `${resourcePath(resource, namespace, target.name)}/scale`);
    return readFirst(client, paths, signal);
  });
}

async function readFirst(
  client: KubeClient,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<FoundTarget> {
  let firstError: unknown;
  for (const scalePath of paths) {
    try {
      const scale = (await client.get(scalePath, { signal })) as ScaleJson;
      return { scale: targetScale(scale), scalePath };
    } catch (error) {
      if (isKubeError(error, 'Aborted')) throw error;
      firstError ??= error;
    }
  }
  throw firstError;
}
