import { isDeepStrictEqual } from 'node:util';

import type { Condition, Deployment, DeploymentStatus, ReplicaSet } from './objects.ts';
import { findCondition, formatTime, timeMs } from './metadata.ts';
import { fenceposts, replicasOf, sumAvailable, sumReplicas } from './deployment-math.ts';

/** What a Deployment's status says; order and texts of the conditions as Kubernetes writes them. No I/O. */

const noDeadlineSeconds = 2 ** 31 - 1;

/** The deadline of a roll-out in ms, or undefined where there is none. */
export function progressDeadlineMs(deployment: Deployment): number | undefined {
  const seconds = deployment.spec.progressDeadlineSeconds ?? 600;
  return seconds === noDeadlineSeconds ? undefined : seconds * 1000;
}

/** A copy with the condition last; unchanged when status and reason are; the transition time changes with the status. */
export function withCondition(
  conditions: readonly Condition[],
  next: Pick<Condition, 'type' | 'status'> & { reason: string; message: string },
  nowMs: number,
): Condition[] {
  const now = formatTime(nowMs);
  const { type, status, reason, message } = next;
  const before = findCondition(conditions, type);
  if (before?.status === status && before.reason === reason) return [...conditions];
  const lastTransitionTime = before?.status === status ? before.lastTransitionTime : now;
  const condition = {
    type,
    status,
    lastUpdateTime: now,
    lastTransitionTime: lastTransitionTime ?? now,
    reason,
    message,
  };
  return [...conditions.filter((one) => one.type !== type), condition];
}

function withoutCondition(conditions: readonly Condition[], type: string): Condition[] {
  return conditions.filter((condition) => condition.type !== type);
}

/** Counts and the Available condition, from the ReplicaSets' own status. */
export function countedStatus(
  deployment: Deployment,
  newest: ReplicaSet | undefined,
  all: readonly ReplicaSet[],
  nowMs: number,
): DeploymentStatus {
  const sum = (count: (status: NonNullable<ReplicaSet['status']>) => number | undefined): number =>
    all.reduce((total, set) => total + ((set.status && count(set.status)) ?? 0), 0);
  const available = sumAvailable(all);
  const { collisionCount, conditions = [] } = deployment.status ?? {};
  return {
    observedGeneration: deployment.metadata.generation ?? 1,
    ...unlessZero(
      'replicas',
      sum((status) => status.replicas),
    ),
    ...unlessZero('updatedReplicas', newest?.status?.replicas ?? 0),
    ...unlessZero(
      'readyReplicas',
      sum((status) => status.readyReplicas),
    ),
    ...unlessZero('availableReplicas', available),
    ...unlessZero('unavailableReplicas', Math.max(0, sumReplicas(all) - available)),
    terminatingReplicas: sum((status) => status.terminatingReplicas),
    ...(collisionCount !== undefined && { collisionCount }),
    conditions: withCondition(conditions, availability(deployment, available), nowMs),
  };
}

function unlessZero(name: string, count: number): Record<string, number> {
  return count === 0 ? {} : { [name]: count };
}

function availability(deployment: Deployment, available: number) {
  const enough = available >= replicasOf(deployment) - fenceposts(deployment).unavailable;
  return enough
    ? ({
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      } as const)
    : ({
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      } as const);
}

/** Every pod is of the newest template and available. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const wanted = replicasOf(deployment);
  const counts = [status.updatedReplicas ?? 0, status.replicas ?? 0, status.availableReplicas ?? 0];
  return (
    counts.every((count) => count === wanted) &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 1)
  );
}

function hasProgressed(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const grew = (name: 'updatedReplicas' | 'readyReplicas' | 'availableReplicas'): boolean =>
    (after[name] ?? 0) > (before[name] ?? 0);
  const outdated = (status: DeploymentStatus): number =>
    (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  return (
    grew('updatedReplicas') ||
    outdated(after) < outdated(before) ||
    grew('readyReplicas') ||
    grew('availableReplicas')
  );
}

function hasTimedOut(deployment: Deployment, progressing: Condition | undefined, nowMs: number): boolean {
  const deadlineMs = progressDeadlineMs(deployment);
  if (
    progressing === undefined ||
    deadlineMs === undefined ||
    progressing.reason === 'NewReplicaSetAvailable'
  )
    return false;
  return (
    progressing.reason === 'ProgressDeadlineExceeded' ||
    nowMs >= timeMs(progressing.lastUpdateTime) + deadlineMs
  );
}

/** The status while a roll-out may be going on: counts, Available, Progressing and ReplicaFailure. */
export function rolloutStatus(
  deployment: Deployment,
  newest: ReplicaSet | undefined,
  all: readonly ReplicaSet[],
  nowMs: number,
): DeploymentStatus {
  const status = countedStatus(deployment, newest, all, nowMs);
  const conditions = withProgress(deployment, newest, status, nowMs);
  const failure = all.map((set) => findCondition(set.status?.conditions, 'ReplicaFailure')).find(Boolean);
  const others = withoutCondition(conditions, 'ReplicaFailure');
  if (failure === undefined) return { ...status, conditions: others };
  const { reason = '', message = '' } = failure;
  const earlier = conditions.filter(({ type }) => type === 'ReplicaFailure');
  const kept = withCondition(
    [...others, ...earlier],
    { type: 'ReplicaFailure', status: failure.status, reason, message },
    nowMs,
  );
  return { ...status, conditions: kept };
}

function withProgress(
  deployment: Deployment,
  newest: ReplicaSet | undefined,
  status: DeploymentStatus,
  nowMs: number,
): Condition[] {
  const conditions = status.conditions ?? [];
  if (progressDeadlineMs(deployment) === undefined) return withoutCondition(conditions, 'Progressing');
  const current = findCondition(conditions, 'Progressing');
  const settled = status.replicas === status.updatedReplicas && current?.reason === 'NewReplicaSetAvailable';
  if (settled) return conditions;

  const subject = newest
    ? `ReplicaSet "${newest.metadata.name}"`
    : `Deployment "${deployment.metadata.name}"`;
  const say = (condition: 'True' | 'False', reason: string, text: string): Condition[] =>
    withCondition(
      conditions,
      { type: 'Progressing', status: condition, reason, message: `${subject} ${text}` },
      nowMs,
    );
  if (isComplete(deployment, status))
    return say('True', 'NewReplicaSetAvailable', 'has successfully progressed.');
  if (hasProgressed(deployment.status ?? {}, status)) {
    return refreshed(say('True', 'ReplicaSetUpdated', 'is progressing.'), nowMs);
  }
  return hasTimedOut(deployment, current, nowMs)
    ? say('False', 'ProgressDeadlineExceeded', 'has timed out progressing.')
    : conditions;
}

/** Progress starts the deadline anew, also when nothing but the time changes in the condition. */
function refreshed(conditions: Condition[], nowMs: number): Condition[] {
  const progressing = findCondition(conditions, 'Progressing');
  if (progressing === undefined) return conditions;
  return [
    ...withoutCondition(conditions, 'Progressing'),
    { ...progressing, lastUpdateTime: formatTime(nowMs) },
  ];
}

/** When to look whether the deadline has passed; undefined while nothing is being waited for. */
export function deadlineInMs(
  deployment: Deployment,
  status: DeploymentStatus,
  nowMs: number,
): number | undefined {
  const deadlineMs = progressDeadlineMs(deployment);
  const progressing = findCondition(status.conditions, 'Progressing');
  const waiting =
    progressing?.reason !== 'NewReplicaSetAvailable' && progressing?.reason !== 'ProgressDeadlineExceeded';
  if (deadlineMs === undefined || progressing === undefined || !waiting || deployment.spec.paused)
    return undefined;
  return Math.max(0, timeMs(progressing.lastUpdateTime) + deadlineMs - nowMs) + 1000;
}

export function sameStatus(one: DeploymentStatus | undefined, other: DeploymentStatus): boolean {
  return isDeepStrictEqual(one ?? {}, other);
}
