import { isDeepStrictEqual } from 'node:util';

import type { Reconciler } from './controller.ts';
import { annotation, byAge, fenceposts, newSetReplicas, replicasOf } from './deployment-math.ts';
import type { Deployment, ReplicaSet } from './objects.ts';
import { controllerReference, ownedBy } from './metadata.ts';
import { podTemplateHash, sameTemplate, templateHashLabel } from './pod-template-hash.ts';

/** The ReplicaSets of a Deployment: which one is the newest, its revision and annotations, and changes of size. */

export const replicaSets = 'replicasets.apps';
export const deployments = 'deployments.apps';

/** Annotations that are never copied from a Deployment to its ReplicaSets. */
const notCopied = new Set<string>([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deprecated.deployment.rollback.to',
  ...Object.values(annotation),
]);

/** The oldest ReplicaSet with the Deployment's template. */
export function findNewest(deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  return byAge(sets).find((set) => sameTemplate(set.spec.template, deployment.spec.template));
}

export function revisionOf(object: ReplicaSet | Deployment): number {
  return Number(object.metadata.annotations?.[annotation.revision] ?? 0);
}

function sizeAnnotations(deployment: Deployment): Record<string, string> {
  const replicas = replicasOf(deployment);
  const max = replicas + fenceposts(deployment).surge;
  return { [annotation.desired]: String(replicas), [annotation.max]: String(max) };
}

/** The newest set's annotations: the Deployment's own, and the revision, which only ever rises. */
function newestAnnotations(
  deployment: Deployment,
  set: ReplicaSet | undefined,
  revision: number,
): Record<string, string> {
  const copied = Object.entries(deployment.metadata.annotations ?? {}).filter(
    ([name]) => !notCopied.has(name),
  );
  const before = set?.metadata.annotations ?? {};
  const result = { ...before, ...Object.fromEntries(copied) };
  const old = Number(before[annotation.revision] ?? 0);
  if (old >= revision) return result;
  result[annotation.revision] = String(revision);
  if (old > 0) result[annotation.history] = [before[annotation.history], old].filter(Boolean).join(',');
  return result;
}

/** Gives the newest set the revision after all others, and the Deployment's annotations. */
export function refreshNewest(
  { api }: Reconciler,
  deployment: Deployment,
  newest: ReplicaSet,
  old: readonly ReplicaSet[],
): ReplicaSet {
  const annotations = newestAnnotations(deployment, newest, Math.max(0, ...old.map(revisionOf)) + 1);
  const minReadySeconds = deployment.spec.minReadySeconds ?? 0;
  const same =
    isDeepStrictEqual(annotations, newest.metadata.annotations ?? {}) &&
    minReadySeconds === (newest.spec.minReadySeconds ?? 0);
  if (same) return newest;
  const patch = { metadata: { annotations }, spec: { minReadySeconds } };
  return api.patch(
    replicaSets,
    newest.metadata.namespace,
    newest.metadata.name,
    'merge',
    patch,
  ) as ReplicaSet;
}

/** The name of the new ReplicaSet is taken by one with another template, so the hash must change. */
export class HashCollision extends Error {}

/** Creates the ReplicaSet of the Deployment's template, with as many replicas as the strategy allows now. */
export function createNewest(
  context: Reconciler,
  deployment: Deployment,
  old: readonly ReplicaSet[],
): ReplicaSet {
  const { api, events } = context;
  const hash = podTemplateHash(deployment.spec.template, deployment.status?.collisionCount ?? 0);
  const { namespace } = deployment.metadata;
  const name = `${deployment.metadata.name}-${hash}`;
  const taken = api.get(replicaSets, namespace, name) as ReplicaSet | undefined;
  if (taken) throw new HashCollision(`ReplicaSet ${name} exists with another template or owner`);

  const replicas = newSetReplicas(deployment, old, 0);
  const revision = Math.max(0, ...old.map(revisionOf)) + 1;
  const created = api.create(replicaSets, newSet({ deployment, name, hash, replicas, revision }));
  if (replicas > 0) {
    events.record(
      deployment,
      'Normal',
      'ScalingReplicaSet',
      `Scaled up replica set ${name} from 0 to ${replicas}`,
    );
  }
  return created as ReplicaSet;
}

interface NewSet {
  readonly deployment: Deployment;
  readonly name: string;
  readonly hash: string;
  readonly replicas: number;
  readonly revision: number;
}

function newSet({ deployment, name, hash, replicas, revision }: NewSet): ReplicaSet {
  const { template, selector, minReadySeconds } = deployment.spec;
  const labels = { ...template.metadata?.labels, [templateHashLabel]: hash };
  const { namespace } = deployment.metadata;
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      labels,
      annotations: { ...newestAnnotations(deployment, undefined, revision), ...sizeAnnotations(deployment) },
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas,
      ...(minReadySeconds !== undefined && { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [templateHashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

/** Sets size and size annotations; an event tells of a new size. Returns whether the size changed. */
export function resize(
  context: Reconciler,
  deployment: Deployment,
  set: ReplicaSet,
  replicas: number,
): boolean {
  const before = replicasOf(set);
  const annotations = sizeAnnotations(deployment);
  const noted = Object.entries(annotations).every(
    ([name, value]) => set.metadata.annotations?.[name] === value,
  );
  if (before === replicas && noted) return false;
  const patch = { metadata: { annotations }, spec: { replicas } };
  context.api.patch(replicaSets, set.metadata.namespace, set.metadata.name, 'merge', patch);
  if (before === replicas) return false;
  const direction = replicas > before ? 'up' : 'down';
  const message = `Scaled ${direction} replica set ${set.metadata.name} from ${before} to ${replicas}`;
  context.events.record(deployment, 'Normal', 'ScalingReplicaSet', message);
  return true;
}

const unlimitedHistory = 2 ** 31 - 1;

/** Deletes the oldest revisions beyond revisionHistoryLimit, never one that still has pods. */
export function cleanUpHistory(
  { api }: Reconciler,
  deployment: Deployment,
  old: readonly ReplicaSet[],
): void {
  const limit = deployment.spec.revisionHistoryLimit ?? 10;
  if (limit === unlimitedHistory) return;
  const surplus = old.length - limit;
  const byRevision = [...old].sort((a, b) => revisionOf(a) - revisionOf(b));
  for (const set of byRevision.slice(0, Math.max(0, surplus))) {
    const observed = (set.status?.observedGeneration ?? 0) >= (set.metadata.generation ?? 1);
    const empty = replicasOf(set) === 0 && (set.status?.replicas ?? 0) === 0 && observed;
    if (empty && ownedBy(set, deployment)) api.delete(replicaSets, set.metadata.namespace, set.metadata.name);
  }
}
