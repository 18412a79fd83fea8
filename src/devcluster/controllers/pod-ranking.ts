import type { Pod } from './objects.ts';
import { findCondition, timeMs } from './metadata.ts';
import { isReady } from './pod-readiness.ts';

/**
 * Which pods a ReplicaSet gives up first, as Kubernetes does:
 *
 *   no node < has a node           Pending < Unknown < Running      not ready < ready
 *   low pod-deletion-cost < high   many siblings on the node < few  ready lately < ready long ago (log2 buckets, then UID)
 *   many restarts < few            created lately < created long ago (log2 buckets, then UID)
 *
 * @param pods what may be deleted
 * @param siblings active pods of the ReplicaSets with the same owner; they count per node
 * @returns a copy, the first to go first
 */
export function rankForDeletion(pods: readonly Pod[], siblings: readonly Pod[], nowMs: number): Pod[] {
  const perNode = new Map<string | undefined, number>();
  for (const { spec } of siblings) perNode.set(spec.nodeName, (perNode.get(spec.nodeName) ?? 0) + 1);
  const crowd = (pod: Pod): number => perNode.get(pod.spec.nodeName) ?? 0;
  const checks: ((a: Pod, b: Pod) => number)[] = [
    (a, b) => Number(hasNode(a)) - Number(hasNode(b)),
    (a, b) => phaseRank(a) - phaseRank(b),
    (a, b) => Number(isReady(a)) - Number(isReady(b)),
    (a, b) => deletionCost(a) - deletionCost(b),
    (a, b) => crowd(b) - crowd(a),
    (a, b) => (isReady(a) ? byRecency(a, b, readyTimeMs, nowMs) : 0),
    (a, b) => restarts(b) - restarts(a),
    (a, b) => byRecency(a, b, (pod) => timeMs(pod.metadata.creationTimestamp), nowMs),
  ];
  const compare = (a: Pod, b: Pod): number => {
    for (const check of checks) {
      const order = check(a, b);
      if (order !== 0) return order;
    }
    return 0;
  };
  return [...pods].sort(compare);
}

const hasNode = (pod: Pod): boolean => (pod.spec.nodeName ?? '') !== '';

const phaseRank = (pod: Pod): number =>
  ['Pending', 'Unknown', 'Running'].indexOf(pod.status?.phase ?? 'Pending');

/** The annotation `controller.kubernetes.io/pod-deletion-cost`; 0 without a valid one. */
function deletionCost(pod: Pod): number {
  const text = pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? '';
  return /^(0|-?[1-9]\d*)$/.test(text) ? Number(text) : 0;
}

const readyTimeMs = (pod: Pod): number =>
  timeMs(findCondition(pod.status?.conditions, 'Ready')?.lastTransitionTime);

function restarts(pod: Pod): number {
  return Math.max(0, ...(pod.status?.containerStatuses ?? []).map((status) => status.restartCount));
}

/** Times are compared by the power of two of their age, so that the choice inside a bucket is as good as random. */
function byRecency(a: Pod, b: Pod, time: (pod: Pod) => number, nowMs: number): number {
  if (time(a) === time(b)) return 0;
  const bucket = (pod: Pod): number => {
    const ageMs = nowMs - time(pod);
    return ageMs <= 0 ? -1 : Math.floor(Math.log2(ageMs * 1e6));
  };
  const difference = bucket(a) - bucket(b);
  if (difference !== 0) return difference;
  return (a.metadata.uid ?? '') < (b.metadata.uid ?? '') ? -1 : 1;
}
