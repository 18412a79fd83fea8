import { selectorFromLabelSelector } from '../../lib/selector.ts';
import { claim } from './claim.ts';
import type { ControllerContext, Reconciler, Stoppable } from './controller.ts';
import { runController } from './controller.ts';
import {
  annotation,
  isRollingUpdate,
  newSetReplicas,
  proportionalSizes,
  replicasOf,
  shrinkOldSets,
  sumReplicas,
} from './deployment-math.ts';
import {
  countedStatus,
  deadlineInMs,
  isComplete,
  progressDeadlineMs,
  rolloutStatus,
  sameStatus,
  withCondition,
} from './deployment-status.ts';
import type { Deployment, DeploymentStatus, Pod, ReplicaSet } from './objects.ts';
import { controllerOf, findCondition, isTerminating, key, ownedBy, splitKey, timeMs } from './metadata.ts';
import { isFinished } from './pod-readiness.ts';
import {
  HashCollision,
  cleanUpHistory,
  createNewest,
  deployments,
  findNewest,
  refreshNewest,
  replicaSets,
  resize,
  revisionOf,
} from './replica-sets-of.ts';

/** Keeps each Deployment's ReplicaSets as its template, replicas and strategy say. */
export function runDeploymentController(context: ControllerContext): Stoppable {
  const { api } = context;
  const siblings = (namespace: string | undefined): string[] =>
    api.list(deployments, namespace === undefined ? {} : { namespace }).map(key);
  return runController(context, {
    name: 'deployment-controller',
    watches: {
      [deployments]: (object) => [key(object)],
      [replicaSets]: (object) => {
        const owner = controllerOf(object);
        return owner ? [`${object.metadata.namespace}/${owner.name}`] : siblings(object.metadata.namespace);
      },
      // Recreate waits until the pods of old ReplicaSets are gone.
      pods: (object, type) => (type === 'DELETED' ? deploymentOfPod(context, object as Pod) : []),
    },
    reconcile,
  });
}

function deploymentOfPod({ api }: ControllerContext, pod: Pod): string[] {
  const owner = controllerOf(pod);
  if (owner?.kind !== 'ReplicaSet') return [];
  const set = api.get(replicaSets, pod.metadata.namespace, owner.name);
  const deployment = set && controllerOf(set);
  return deployment ? [`${pod.metadata.namespace}/${deployment.name}`] : [];
}

/** What one reconcile has in hand. */
interface Rollout extends Reconciler {
  readonly deployment: Deployment;
  readonly newest: ReplicaSet | undefined;
  /** All but the newest. */
  readonly old: readonly ReplicaSet[];
}

const all = ({ old, newest }: Rollout): ReplicaSet[] => (newest ? [...old, newest] : [...old]);

const active = (sets: readonly ReplicaSet[]): ReplicaSet[] => sets.filter((set) => replicasOf(set) > 0);

function reconcile(context: Reconciler, deploymentKey: string): { requeueAfterMs?: number } | undefined {
  const { namespace, name } = splitKey(deploymentKey);
  const found = context.api.get(deployments, namespace, name) as Deployment | undefined;
  if (!found || selectorFromLabelSelector(found.spec.selector).empty) return undefined;
  const claimed = claimSets(context, found);
  const deployment = isTerminating(found) ? found : markPause(context, found);
  const rollout = gather(context, deployment, claimed);

  if (isTerminating(deployment)) {
    writeCounts(rollout);
    return undefined;
  }
  if (deployment.spec.paused || isScaling(deployment, claimed)) {
    scale(withNewestRefreshed(rollout));
    return undefined;
  }
  return isRollingUpdate(deployment) ? rollOut(withNewest(rollout)) : recreate(rollout);
}

function claimSets({ api }: Reconciler, deployment: Deployment): ReplicaSet[] {
  const { namespace } = deployment.metadata;
  const candidates = api.list(replicaSets, namespace === undefined ? {} : { namespace }) as ReplicaSet[];
  return claim(
    { api, owner: deployment, selector: deployment.spec.selector, resource: replicaSets },
    candidates,
  );
}

function gather(context: Reconciler, deployment: Deployment, sets: readonly ReplicaSet[]): Rollout {
  const newest = findNewest(deployment, sets);
  return { ...context, deployment, newest, old: sets.filter((set) => set !== newest) };
}

/** Reads again what the steps before wrote. */
function reread(rollout: Rollout): Rollout {
  const { api, deployment } = rollout;
  const { namespace, name } = deployment.metadata;
  const now = (api.get(deployments, namespace, name) as Deployment | undefined) ?? deployment;
  const sets = api.list(replicaSets, namespace === undefined ? {} : { namespace }) as ReplicaSet[];
  return gather(
    rollout,
    now,
    sets.filter((set) => ownedBy(set, now)),
  );
}

/** Pausing and resuming are shown in the Progressing condition, so that the deadline does not run meanwhile. */
function markPause(context: Reconciler, deployment: Deployment): Deployment {
  const conditions = deployment.status?.conditions ?? [];
  const reason = findCondition(conditions, 'Progressing')?.reason;
  if (progressDeadlineMs(deployment) === undefined || reason === 'ProgressDeadlineExceeded')
    return deployment;
  const isMarked = reason === 'DeploymentPaused';
  if (isMarked === (deployment.spec.paused ?? false)) return deployment;
  const next = isMarked
    ? ({ reason: 'DeploymentResumed', message: 'Deployment is resumed' } as const)
    : ({ reason: 'DeploymentPaused', message: 'Deployment is paused' } as const);
  const marked = withCondition(
    conditions,
    { type: 'Progressing', status: 'Unknown', ...next },
    context.now(),
  );
  return writeStatus(context, deployment, { ...deployment.status, conditions: marked });
}

/** spec.replicas changed since the ReplicaSets were last sized. (With Recreate, several at once only ever shrink.) */
function isScaling(deployment: Deployment, sets: readonly ReplicaSet[]): boolean {
  const sized = active(sets);
  if (sized.length > 1 && !isRollingUpdate(deployment)) return false;
  return sized.some((set) => {
    const desired = set.metadata.annotations?.[annotation.desired];
    return desired !== undefined && Number(desired) !== replicasOf(deployment);
  });
}

/** With the newest set's revision as it should be, without creating it. */
function withNewestRefreshed(rollout: Rollout): Rollout {
  const { deployment, newest, old } = rollout;
  if (!newest) return rollout;
  const refreshed = refreshNewest(rollout, deployment, newest, old);
  const noted = noteRevision(rollout, deployment, refreshed, {
    reason: 'FoundNewReplicaSet',
    message: `Found new replica set "${newest.metadata.name}"`,
  });
  return { ...rollout, deployment: noted, newest: refreshed };
}

/** With the ReplicaSet of the present template, which is created where it is missing. */
function withNewest(rollout: Rollout): Rollout & { readonly newest: ReplicaSet } {
  const refreshed = withNewestRefreshed(rollout);
  if (refreshed.newest) return { ...refreshed, newest: refreshed.newest };
  const newest = createWithoutCollision(rollout);
  const deployment = noteRevision(rollout, rollout.deployment, newest, {
    reason: 'NewReplicaSetCreated',
    message: `Created new replica set "${newest.metadata.name}"`,
  });
  return { ...rollout, deployment, newest };
}

function createWithoutCollision(rollout: Rollout): ReplicaSet {
  const { deployment, old } = rollout;
  try {
    return createNewest(rollout, deployment, old);
  } catch (error) {
    if (error instanceof HashCollision) {
      const collisionCount = (deployment.status?.collisionCount ?? 0) + 1;
      writeStatus(rollout, deployment, { ...deployment.status, collisionCount });
    }
    throw error;
  }
}

/** The Deployment carries the revision of its newest set; a new set, or the first that is found, is progress. */
function noteRevision(
  context: Reconciler,
  deployment: Deployment,
  newest: ReplicaSet,
  progress: { reason: string; message: string },
): Deployment {
  const conditions = deployment.status?.conditions ?? [];
  const isProgress =
    progressDeadlineMs(deployment) !== undefined &&
    (progress.reason === 'NewReplicaSetCreated' || findCondition(conditions, 'Progressing') === undefined);
  const next = isProgress
    ? withCondition(conditions, { type: 'Progressing', status: 'True', ...progress }, context.now())
    : conditions;
  const revision = String(revisionOf(newest));
  const annotated = deployment.metadata.annotations?.[annotation.revision] === revision;
  if (annotated && !isProgress) return deployment;
  // The status endpoint lets annotations through without a new generation.
  const annotations = { ...deployment.metadata.annotations, [annotation.revision]: revision };
  const changed = { ...deployment, metadata: { ...deployment.metadata, annotations } };
  return writeStatus(context, changed, { ...deployment.status, conditions: next });
}

/** Sizes follow spec.replicas, without any roll-out. */
function scale(rollout: Rollout): void {
  const { deployment, newest, old } = rollout;
  const sets = active(all(rollout));
  const only = sets.length === 0 ? (newest ?? latest(old)) : sets.length === 1 ? sets[0] : undefined;
  if (only) resize(rollout, deployment, only, replicasOf(deployment));
  else if (newest && isSaturated(deployment, newest))
    active(old).forEach((set) => resize(rollout, deployment, set, 0));
  else if (isRollingUpdate(deployment)) {
    for (const { set, replicas } of proportionalSizes(deployment, sets))
      resize(rollout, deployment, set, replicas);
  }
  if (deployment.spec.paused) cleanUpHistory(rollout, deployment, old);
  writeCounts(reread(rollout));
}

function latest(sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  return [...sets].sort(
    (a, b) => timeMs(b.metadata.creationTimestamp) - timeMs(a.metadata.creationTimestamp),
  )[0];
}

function isSaturated(deployment: Deployment, newest: ReplicaSet): boolean {
  const wanted = replicasOf(deployment);
  const desired = Number(newest.metadata.annotations?.[annotation.desired]);
  return replicasOf(newest) === wanted && desired === wanted && newest.status?.availableReplicas === wanted;
}

/** One step of a rolling update: first the new set grows, else the old ones shrink. */
function rollOut(
  rollout: Rollout & { readonly newest: ReplicaSet },
): { requeueAfterMs?: number } | undefined {
  const { deployment, newest, old } = rollout;
  const wanted = replicasOf(deployment);
  const size = replicasOf(newest);
  const grown = size > wanted ? wanted : newSetReplicas(deployment, all(rollout), size);
  if (size !== grown) resize(rollout, deployment, newest, grown);
  else if (sumReplicas(old) > 0) {
    for (const { set, replicas } of shrinkOldSets(deployment, newest, active(old))) {
      resize(rollout, deployment, set, replicas);
    }
  }
  return finish(rollout);
}

/** One step of Recreate: old sets to 0, then wait until their pods are gone, then the new set at full size. */
function recreate(rollout: Rollout): { requeueAfterMs?: number } | undefined {
  const { deployment, old } = rollout;
  const shrunk = active(old).filter((set) => resize(rollout, deployment, set, 0));
  if (shrunk.length > 0 || hasPods(rollout)) return finish(withNewestRefreshed(rollout));
  const ready = withNewest(rollout);
  resize(rollout, ready.deployment, ready.newest, replicasOf(deployment));
  return finish(ready);
}

/** Old pods, terminating ones too, that have not finished. */
function hasPods({ api, deployment, old }: Rollout): boolean {
  const { namespace } = deployment.metadata;
  const uids = new Set(old.map((set) => set.metadata.uid));
  const pods = api.list('pods', namespace === undefined ? {} : { namespace }) as Pod[];
  return pods.some((pod) => uids.has(controllerOf(pod)?.uid) && !isFinished(pod));
}

function finish(rollout: Rollout): { requeueAfterMs?: number } | undefined {
  const now = reread(rollout);
  const status = rolloutStatus(now.deployment, now.newest, all(now), now.now());
  const written = writeStatus(now, now.deployment, status);
  if (isComplete(written, status)) cleanUpHistory(now, written, now.old);
  const requeueAfterMs = deadlineInMs(written, status, now.now());
  return requeueAfterMs === undefined ? undefined : { requeueAfterMs };
}

function writeCounts(rollout: Rollout): void {
  const { deployment, newest } = rollout;
  writeStatus(rollout, deployment, countedStatus(deployment, newest, all(rollout), rollout.now()));
}

/** Writes status, and metadata.annotations with it, only when something differs from what is stored. */
function writeStatus({ api }: Reconciler, deployment: Deployment, status: DeploymentStatus): Deployment {
  const { namespace, name, annotations } = deployment.metadata;
  const stored = api.get(deployments, namespace, name) as Deployment | undefined;
  if (!stored || stored.metadata.uid !== deployment.metadata.uid) return deployment;
  const revision = (object: Deployment): string | undefined =>
    object.metadata.annotations?.[annotation.revision];
  if (sameStatus(stored.status, status) && revision(stored) === revision(deployment)) return stored;
  const metadata = { ...stored.metadata, ...(annotations && { annotations }) };
  return api.update(deployments, { ...stored, metadata, status }, 'status') as Deployment;
}
