import { flapsOf } from '../report/load-cost.ts';
import { loadRoseAtMs } from '../report/load-reactions.ts';
import type { LoadResult } from '../report/load-result.ts';

/** The most replicas that were asked for; null without a cluster. */
export function highestReplicas(result: LoadResult): number | null {
  const desired = desiredOf(result);
  return desired.length === 0 ? null : Math.max(...desired);
}

export function lowestReplicas(result: LoadResult): number | null {
  const desired = desiredOf(result);
  return desired.length === 0 ? null : Math.min(...desired);
}

/** How often the way of the desired replicas turned: up and later down is one, and up again two. */
export function flaps(result: LoadResult): number | null {
  const desired = desiredOf(result);
  return desired.length === 0 ? null : flapsOf(desired);
}

/**
 * From the moment when the load first rose to the first moment when as many pods were ready as were asked for at most;
 * null when nothing scaled up, or it was never reached.
 */
export function timeToScaleMs(result: LoadResult): number | null {
  const highest = highestReplicas(result);
  const samples = result.cluster?.replicas ?? [];
  const first = samples.find(({ desiredReplicas }) => desiredReplicas !== null)?.desiredReplicas ?? null;
  if (highest === null || first === null || highest <= first) return null;
  const reached = samples.find(({ readyReplicas }) => readyReplicas !== null && readyReplicas >= highest);
  return reached === undefined ? null : Math.max(0, reached.atMs - loadRoseAtMs(result));
}

function desiredOf({ cluster }: LoadResult): number[] {
  return (cluster?.replicas ?? []).flatMap(({ desiredReplicas }) => desiredReplicas ?? []);
}
