import { flapsOf } from '../report/load-cost.ts';
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
 * From the moment when the load first rose to the first one after the first step up when as many pods were ready as were asked for at
 * most; null when nothing scaled up after it, or it was never reached.
 */
export function timeToScaleMs({ reactions }: LoadResult): number | null {
  const { loadRoseAtMs = null, peakReadyAtMs = null } = reactions ?? {};
  return loadRoseAtMs === null || peakReadyAtMs === null ? null : Math.max(0, peakReadyAtMs - loadRoseAtMs);
}

function desiredOf({ cluster }: LoadResult): number[] {
  return (cluster?.replicas ?? []).flatMap(({ desiredReplicas }) => desiredReplicas ?? []);
}
