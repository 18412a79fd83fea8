import { isDeepStrictEqual } from 'node:util';

import { errorMessage } from '../../lib/errors.ts';
import { selectorFromLabelSelector } from '../../lib/selector.ts';
import type { KubeObject, OwnerReference } from '../cluster-api.ts';
import { claim } from './claim.ts';
import type { ControllerContext, Reconciler, Stoppable } from './controller.ts';
import { runController } from './controller.ts';
import type { Condition, Pod, ReplicaSet } from './objects.ts';
import {
  controllerOf,
  controllerReference,
  findCondition,
  formatTime,
  isTerminating,
  key,
  ownedBy,
  splitKey,
} from './metadata.ts';
import { isAvailable, isFinished, isReady, readySinceMs } from './pod-readiness.ts';
import { rankForDeletion } from './pod-ranking.ts';
import { replicaSets } from './replica-sets-of.ts';

/** Most pods that one reconcile creates or deletes; the rest follows at once in the next. */
const burst = 500;

/** Keeps as many pods as each ReplicaSet says, and counts them in its status. */
export function runReplicaSetController(context: ControllerContext): Stoppable {
  const { api } = context;
  return runController(context, {
    name: 'replicaset-controller',
    watches: {
      [replicaSets]: (object) => [key(object)],
      pods: (pod) => {
        const owner = controllerOf(pod);
        if (owner) return owner.kind === 'ReplicaSet' ? [`${pod.metadata.namespace}/${owner.name}`] : [];
        return api
          .list(replicaSets, inNamespace(pod))
          .filter((set) => selects(set as ReplicaSet, pod))
          .map(key);
      },
    },
    reconcile,
  });
}

const inNamespace = ({ metadata }: KubeObject): { namespace?: string } =>
  metadata.namespace === undefined ? {} : { namespace: metadata.namespace };

function selects(set: ReplicaSet, pod: KubeObject): boolean {
  const selector = selectorFromLabelSelector(set.spec.selector);
  return !selector.empty && selector.matches(pod.metadata.labels);
}

function reconcile(context: Reconciler, setKey: string): { requeueAfterMs?: number } | undefined {
  const { api } = context;
  const { namespace, name } = splitKey(setKey);
  const set = api.get(replicaSets, namespace, name) as ReplicaSet | undefined;
  if (!set) return undefined;
  const candidates = activePods(context, set);
  const pods = claim({ api, owner: set, selector: set.spec.selector, resource: 'pods' }, candidates);
  const failure = isTerminating(set) ? undefined : manage(context, set, pods);
  const after = activePods(context, set).filter((pod) => ownedBy(pod, set));
  writeStatus(context, set, after, failure);
  if (failure !== undefined) throw failure.error;
  return nextReconcile(set, after, context.now());
}

const isActive = (pod: Pod): boolean => !isFinished(pod) && !isTerminating(pod);

function activePods({ api }: Reconciler, set: ReplicaSet): Pod[] {
  return (api.list('pods', inNamespace(set)) as Pod[]).filter(isActive);
}

interface Failure {
  readonly reason: 'FailedCreate' | 'FailedDelete';
  readonly error: Error;
}

/** Creates or deletes what is missing or too much; stops at the first refusal. */
function manage(context: Reconciler, set: ReplicaSet, pods: readonly Pod[]): Failure | undefined {
  const missing = (set.spec.replicas ?? 1) - pods.length;
  try {
    for (let count = 0; count < Math.min(missing, burst); count += 1) createPod(context, set);
  } catch (error) {
    context.events.record(set, 'Warning', 'FailedCreate', `Error creating: ${errorMessage(error)}`);
    return { reason: 'FailedCreate', error: error instanceof Error ? error : new Error(errorMessage(error)) };
  }
  if (missing >= 0) return undefined;
  const ranked = rankForDeletion(pods, siblingsOf(context, set), context.now());
  for (const pod of ranked.slice(0, Math.min(-missing, burst))) deletePod(context, set, pod);
  return undefined;
}

function createPod({ api, events }: Reconciler, set: ReplicaSet): void {
  const { metadata = {}, spec } = set.spec.template;
  const generateName = `${set.metadata.name}-`;
  const pod = api.create('pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: '',
      generateName,
      ...inNamespace(set),
      ...(metadata.labels && { labels: metadata.labels }),
      ...(metadata.annotations && { annotations: metadata.annotations }),
      ...(metadata.finalizers && { finalizers: metadata.finalizers }),
      ownerReferences: [controllerReference(set)],
    },
    spec,
  });
  events.record(set, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
}

function deletePod({ api, events }: Reconciler, set: ReplicaSet, pod: Pod): void {
  const { namespace, name, uid } = pod.metadata;
  api.delete('pods', namespace, name, uid === undefined ? {} : { uid });
  events.record(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
}

/** Active pods of all ReplicaSets with the same controller: a node that holds many of them gives one up first. */
function siblingsOf({ api }: Reconciler, set: ReplicaSet): Pod[] {
  const owner: OwnerReference | undefined = controllerOf(set);
  const sets = api
    .list(replicaSets, inNamespace(set))
    .filter((other) => controllerOf(other)?.uid === owner?.uid);
  const uids = new Set(owner ? sets.map(({ metadata }) => metadata.uid) : [set.metadata.uid]);
  const pods = api.list('pods', inNamespace(set)) as Pod[];
  return pods.filter((pod) => uids.has(controllerOf(pod)?.uid) && isActive(pod));
}

function writeStatus(
  context: Reconciler,
  set: ReplicaSet,
  pods: readonly Pod[],
  failure: Failure | undefined,
): void {
  const { api, now } = context;
  const { namespace, name, uid } = set.metadata;
  const stored = api.get(replicaSets, namespace, name) as ReplicaSet | undefined;
  if (stored?.metadata.uid !== uid || stored === undefined) return;
  const owned = (api.list('pods', inNamespace(set)) as Pod[]).filter((pod) => ownedBy(pod, set));
  const count = (holds: (pod: Pod) => boolean): number => pods.filter(holds).length;
  const templateLabels = Object.entries(set.spec.template.metadata?.labels ?? {});
  const labelled = (pod: Pod): boolean =>
    templateLabels.every(([label, value]) => pod.metadata.labels?.[label] === value);
  const conditions = withFailure(stored.status?.conditions ?? [], failure, now());
  const status = {
    replicas: pods.length,
    ...unlessZero('fullyLabeledReplicas', count(labelled)),
    ...unlessZero('readyReplicas', count(isReady)),
    ...unlessZero(
      'availableReplicas',
      count((pod) => isAvailable(pod, set.spec.minReadySeconds ?? 0, now())),
    ),
    terminatingReplicas: owned.filter((pod) => isTerminating(pod) && !isFinished(pod)).length,
    observedGeneration: set.metadata.generation ?? 1,
    ...(conditions.length > 0 && { conditions }),
  };
  if (!isDeepStrictEqual(status, stored.status)) api.update(replicaSets, { ...stored, status }, 'status');
}

function unlessZero(name: string, count: number): Record<string, number> {
  return count === 0 ? {} : { [name]: count };
}

/** The ReplicaFailure condition is there only while creating or deleting fails. */
function withFailure(
  conditions: readonly Condition[],
  failure: Failure | undefined,
  nowMs: number,
): Condition[] {
  const others = conditions.filter(({ type }) => type !== 'ReplicaFailure');
  if (!failure) return others;
  const before = findCondition(conditions, 'ReplicaFailure');
  if (before?.reason === failure.reason) return [...conditions];
  const { reason, error } = failure;
  return [
    ...others,
    {
      type: 'ReplicaFailure',
      status: 'True',
      lastTransitionTime: formatTime(nowMs),
      reason,
      message: error.message,
    },
  ];
}

/** A ready pod becomes available by time alone, which no event tells; a burst goes on at once. */
function nextReconcile(
  set: ReplicaSet,
  pods: readonly Pod[],
  nowMs: number,
): { requeueAfterMs: number } | undefined {
  const minReadyMs = (set.spec.minReadySeconds ?? 0) * 1000;
  const isMidway = (set.spec.replicas ?? 1) !== pods.length;
  if (isMidway && !isTerminating(set)) return { requeueAfterMs: 10 };
  const waits = pods
    .filter((pod) => isReady(pod) && !isAvailable(pod, minReadyMs / 1000, nowMs))
    .map((pod) => readySinceMs(pod) + minReadyMs - nowMs);
  return waits.length === 0 ? undefined : { requeueAfterMs: Math.min(...waits) };
}
