import type { Manifest } from './manifests.ts';
import { isObject } from '../api/checks.ts';
import type { KubeClient } from '../kube/client.ts';
import { resourcePath } from '../kube/discovery.ts';
import { isKubeError } from '../kube/errors.ts';
import { UserError } from '../lib/errors.ts';

/** What to read from a cluster: `hpa/web`, or all of a kind. */
export interface Reference {
  /** As it was typed. */
  readonly text: string;
  readonly kind: ReferenceKind;
  /** Absent: all of them. */
  readonly name?: string;
}

type ReferenceKind = 'HorizontalPodAutoscaler' | 'ScaledObject';

const resources = {
  HorizontalPodAutoscaler: { group: 'autoscaling', version: 'v2', plural: 'horizontalpodautoscalers' },
  ScaledObject: { group: 'keda.sh', version: 'v1alpha1', plural: 'scaledobjects' },
} as const;

/** As kubectl knows them. */
const names: readonly (readonly [RegExp, ReferenceKind])[] = [
  [/^(hpa|horizontalpodautoscalers?)(\.autoscaling)?$/i, 'HorizontalPodAutoscaler'],
  [/^(so|scaledobjects?)(\.keda\.sh)?$/i, 'ScaledObject'],
];

/** @returns undefined for the name of a file */
export function parseReference(text: string): Reference | undefined {
  const [type = '', name, ...more] = text.split('/');
  const kind = names.find(([pattern]) => pattern.test(type))?.[1];
  if (kind === undefined || more.length > 0 || name === '') return undefined;
  return { text, kind, ...(name === undefined ? {} : { name }) };
}

/**
 * The objects of a cluster.
 * @param namespace undefined: all of them
 * @throws UserError when there is none, KubeError when the cluster cannot be asked
 */
export async function readFromCluster(
  client: KubeClient,
  reference: Reference,
  { namespace, signal }: { namespace?: string; signal: AbortSignal },
): Promise<Manifest[]> {
  const { text, kind, name } = reference;
  const { group, version, plural } = resources[kind];
  const resource = { group, version, plural, namespaced: namespace !== undefined };
  const path = resourcePath(resource, namespace ?? '', name);
  const where = namespace === undefined ? 'the cluster' : `namespace ${namespace}`;
  try {
    const own = { apiVersion: `${group}/${version}`, kind };
    if (name !== undefined) return [manifest(await client.get(path, { signal }), own, `${text} of ${where}`)];
    const found: Manifest[] = [];
    for await (const page of client.list(path, { signal }))
      found.push(...page.items.map((item) => manifest(item, own, where)));
    if (found.length === 0) throw new UserError(`${text}: ${where} has no ${kind}`);
    return found;
  } catch (cause) {
    if (!isKubeError(cause, 'NotFound')) throw cause;
    const what =
      name === undefined ? `the cluster serves no ${plural}.${group}` : `${where} has no such ${kind}`;
    throw new UserError(`${text}: ${what}`, { cause });
  }
}

function manifest(item: unknown, own: object, origin: string): Manifest {
  return { origin, object: { ...own, ...(isObject(item) ? item : {}) } };
}
