import { targetScale } from '../api/scale.ts';
import type { ScaleJson } from '../api/types.ts';
import type { ObjectReference } from '../decide/references.ts';
import type { Reading, TargetScale } from '../decide/snapshot.ts';
import type { KubeClient } from '../kube/client.ts';
import { groupOf, resourcePath } from '../kube/discovery.ts';
import type { Discovery } from '../kube/discovery.ts';
import { isKubeError } from '../kube/errors.ts';
import { reading } from './reading.ts';
import type { WorkloadTable } from './workload-table.ts';

/** The target's scale, and where it was read: the place to write it to. */
export interface FoundTarget {
  readonly scale: TargetScale;
  /** `/apis/apps/v1/namespaces/shop/deployments/web/scale` */
  readonly scalePath: string;
  /** The target's own uid; absent where the server tells none. */
  readonly uid?: string;
}

/** The kinds of apps/v1 whose scale is known from a watch, by their resource. */
export const watchedKinds = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  ReplicaSet: 'replicasets',
} as const;

export type WatchedKind = keyof typeof watchedKinds;

/** Absent kinds are asked for each time. */
export type Workloads = Partial<Readonly<Record<WatchedKind, WorkloadTable>>>;

export interface TargetSources {
  readonly client: KubeClient;
  readonly discovery: Discovery;
  readonly workloads: Workloads;
}

export interface TargetQuestion {
  readonly namespace: string;
  readonly target: ObjectReference;
  /** Ask the server, whatever a watch has shown: after a conflict. */
  readonly fresh: boolean;
  readonly signal: AbortSignal;
}

/**
 * The scale of any kind that has one: from a watch, or else from the server. As the HPA does: group and kind are looked up,
 * whatever version the reference names; every served version is tried, and when none answers the first error counts.
 */
export async function readTarget(
  sources: TargetSources,
  question: TargetQuestion,
): Promise<Reading<FoundTarget>> {
  const known = question.fresh ? undefined : fromWatch(sources.workloads, question);
  return known === undefined ? fromServer(sources, question) : { ok: true, value: known };
}

function fromWatch(workloads: Workloads, { namespace, target }: TargetQuestion): FoundTarget | undefined {
  const kind = watchedKind(target);
  if (kind === undefined) return undefined;
  const scale = workloads[kind]?.find(namespace, target.name);
  if (scale === undefined) return undefined;
  const uid = workloads[kind]?.uidOf(namespace, target.name);
  const resource = { group: 'apps', version: 'v1', plural: watchedKinds[kind], namespaced: true };
  const scalePath = `${resourcePath(resource, namespace, target.name)}/scale`;
  return { scale, scalePath, ...(uid === undefined ? {} : { uid }) };
}

/** Remembers our own write, so that nothing is decided on what a watch has shown before it. */
export function rememberWrite(
  workloads: Workloads,
  { namespace, target }: Pick<TargetQuestion, 'namespace' | 'target'>,
  resourceVersion: string,
): void {
  const kind = watchedKind(target);
  if (kind !== undefined) workloads[kind]?.wrote(namespace, target.name, resourceVersion);
}

/** The kind of a target whose scale a watch tells; undefined when the server must be asked for it each time. */
export function watchedKind({ apiVersion, kind }: ObjectReference): WatchedKind | undefined {
  return groupOf(apiVersion) === 'apps' && Object.hasOwn(watchedKinds, kind)
    ? (kind as WatchedKind)
    : undefined;
}

async function fromServer(
  { client, discovery }: TargetSources,
  { namespace, target, signal }: TargetQuestion,
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
      const uid = scale.metadata?.uid;
      return { scale: targetScale(scale), scalePath, ...(uid === undefined ? {} : { uid }) };
    } catch (error) {
      if (isKubeError(error, 'Aborted')) throw error;
      firstError ??= error;
    }
  }
  throw firstError;
}
