import type { Deployment, ReplicaSet } from './objects.ts';
import { timeMs } from './metadata.ts';

/**
 * The arithmetic of roll-outs, without any I/O; rules as in Kubernetes' deployment controller.
 *
 * While a template rolls out:  replicas - maxUnavailable <= available pods,  all pods <= replicas + maxSurge
 */

export const annotation = {
  revision: 'deployment.kubernetes.io/revision',
  history: 'deployment.kubernetes.io/revision-history',
  desired: 'deployment.kubernetes.io/desired-replicas',
  max: 'deployment.kubernetes.io/max-replicas',
} as const;

export interface Fenceposts {
  readonly surge: number;
  readonly unavailable: number;
}

export const replicasOf = (object: Deployment | ReplicaSet): number => object.spec.replicas ?? 1;

export const sumReplicas = (sets: readonly ReplicaSet[]): number =>
  sets.reduce((sum, set) => sum + replicasOf(set), 0);

export const sumAvailable = (sets: readonly ReplicaSet[]): number =>
  sets.reduce((sum, set) => sum + (set.status?.availableReplicas ?? 0), 0);

export const isRollingUpdate = (deployment: Deployment): boolean =>
  deployment.spec.strategy?.type !== 'Recreate';

/** Percentages of the replicas: surge rounds up, unavailable rounds down; both zero makes unavailable 1. */
export function fenceposts(deployment: Deployment): Fenceposts {
  if (!isRollingUpdate(deployment)) return { surge: 0, unavailable: 0 };
  const { maxSurge = '25%', maxUnavailable = '25%' } = deployment.spec.strategy?.rollingUpdate ?? {};
  const replicas = replicasOf(deployment);
  const surge = scaled(maxSurge, replicas, Math.ceil);
  const unavailable = scaled(maxUnavailable, replicas, Math.floor);
  if (surge === 0 && unavailable === 0) return { surge, unavailable: Math.min(1, replicas) };
  return { surge, unavailable: Math.min(unavailable, replicas) };
}

function scaled(value: number | string, total: number, round: (exact: number) => number): number {
  if (typeof value === 'number') return value;
  const percent = Number.parseInt(value, 10);
  return Number.isNaN(percent) ? 0 : round((percent * total) / 100);
}

/** How many replicas the newest ReplicaSet may have now. */
export function newSetReplicas(deployment: Deployment, all: readonly ReplicaSet[], newest: number): number {
  const wanted = replicasOf(deployment);
  if (!isRollingUpdate(deployment)) return wanted;
  const room = wanted + fenceposts(deployment).surge - sumReplicas(all);
  return room <= 0 ? newest : newest + Math.min(room, wanted - newest);
}

export interface Resize {
  readonly set: ReplicaSet;
  readonly replicas: number;
}

/** Which old ReplicaSets give up pods: first those pods that are not available anyway, then as availability allows. */
export function shrinkOldSets(
  deployment: Deployment,
  newest: ReplicaSet,
  old: readonly ReplicaSet[],
): Resize[] {
  const minAvailable = replicasOf(deployment) - fenceposts(deployment).unavailable;
  const all = [...old, newest];
  const newestUnavailable = replicasOf(newest) - (newest.status?.availableReplicas ?? 0);
  const removable = sumReplicas(all) - minAvailable - newestUnavailable;
  if (removable <= 0) return [];

  const sizes = new Map(byAge(old).map((set) => [set, replicasOf(set)]));
  shrink(sizes, removable, (set, size) => Math.max(0, size - (set.status?.availableReplicas ?? 0)));
  shrink(sizes, sumAvailable(all) - minAvailable, (_set, size) => size);
  return [...sizes]
    .map(([set, replicas]) => ({ set, replicas }))
    .filter(({ set, replicas }) => replicas !== replicasOf(set));
}

/** Takes up to `budget` from the sizes in order, at most `spare` of each. */
function shrink(
  sizes: Map<ReplicaSet, number>,
  budget: number,
  spare: (set: ReplicaSet, size: number) => number,
): void {
  let left = budget;
  for (const [set, size] of sizes) {
    const taken = Math.min(Math.max(0, left), spare(set, size));
    sizes.set(set, size - taken);
    left -= taken;
  }
}

/** Oldest first; equal ages by name. */
export function byAge(sets: readonly ReplicaSet[]): ReplicaSet[] {
  return [...sets].sort((a, b) => ageOrder(a, b));
}

function ageOrder(a: ReplicaSet, b: ReplicaSet): number {
  const difference = timeMs(a.metadata.creationTimestamp) - timeMs(b.metadata.creationTimestamp);
  return difference || (a.metadata.name < b.metadata.name ? -1 : 1);
}

/**
 * A change of spec.replicas in the middle of a roll-out is spread over the ReplicaSets in proportion to their size, the
 * largest first, which also gets what rounding leaves over.
 */
export function proportionalSizes(deployment: Deployment, active: readonly ReplicaSet[]): Resize[] {
  const wanted = replicasOf(deployment);
  const allowed = wanted > 0 ? wanted + fenceposts(deployment).surge : 0;
  const change = allowed - sumReplicas(active);
  const ordered = [...active].sort(
    (a, b) => replicasOf(b) - replicasOf(a) || (change > 0 ? ageOrder(b, a) : ageOrder(a, b)),
  );
  let left = change;
  const sizes = ordered.map((set) => {
    const share = change === 0 ? 0 : within(fraction(deployment, set), left);
    left -= share;
    return { set, replicas: replicasOf(set) + share };
  });
  return sizes.map((size, index) =>
    index === 0 ? { ...size, replicas: Math.max(0, size.replicas + left) } : size,
  );
}

/** By how much the set grows when it keeps its part of what the Deployment may have at most. */
function fraction(deployment: Deployment, set: ReplicaSet): number {
  const wanted = replicasOf(deployment);
  const size = replicasOf(set);
  if (wanted === 0) return -size;
  const before = Number(set.metadata.annotations?.[annotation.max]) || (deployment.status?.replicas ?? 0);
  if (before === 0) return 0;
  return Math.round((size * (wanted + fenceposts(deployment).surge)) / before) - size;
}

/** Not more than what is left, and not in the other direction. */
function within(share: number, left: number): number {
  return left > 0 ? Math.max(0, Math.min(share, left)) : Math.min(0, Math.max(share, left));
}
