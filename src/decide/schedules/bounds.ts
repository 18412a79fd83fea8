import type { Policy, ScheduleSpec } from '../policy.ts';
import { between, progressAt } from './progress.ts';

/** The bounds that hold at a moment, and which schedules set them: none where it is the policy's own. */
export interface Bounds {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly minBy: readonly string[];
  readonly maxBy: readonly string[];
  /** The minimum of the one was above the maximum of the other, which is raised to it. */
  readonly conflict?: { readonly minBy: readonly string[]; readonly maxBy: readonly string[] };
}

/**
 * The bounds at a moment, from nothing but the policy and the moment: whoever was down at a boundary knows them all the same.
 *
 *   the minimum   the largest that open schedules ask for, else the policy's
 *   the maximum   the smallest that open schedules ask for, else the policy's
 *   they cross    a schedule's beats the policy's; of two schedules' the minimum counts
 */
export function boundsAt(policy: Policy, nowMs: number): Bounds {
  const { minReplicas, maxReplicas, schedules = [] } = policy;
  if (schedules.length === 0) return { minReplicas, maxReplicas, minBy: [], maxBy: [] };
  const asked = schedules.flatMap((schedule) => askedBy(schedule, policy, nowMs) ?? []);
  const min = strictest(asked, 'min', Math.max);
  const max = strictest(asked, 'max', Math.min);
  return uncrossed(min ?? { replicas: minReplicas, by: [] }, max ?? { replicas: maxReplicas, by: [] });
}

/** What one open schedule asks for. */
interface Asked {
  readonly name: string;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

function askedBy(schedule: ScheduleSpec, outside: Policy, nowMs: number): Asked | undefined {
  const progress = progressAt(schedule, nowMs);
  if (progress === undefined) return undefined;
  const { name, replicas, minReplicas = replicas, maxReplicas = replicas } = schedule;
  return {
    name,
    min: minReplicas === undefined ? undefined : between(outside.minReplicas, minReplicas, progress),
    max: maxReplicas === undefined ? undefined : between(outside.maxReplicas, maxReplicas, progress),
  };
}

/** A bound and the schedules that set it. */
interface Bound {
  readonly replicas: number;
  readonly by: readonly string[];
}

function strictest(
  asked: readonly Asked[],
  side: 'min' | 'max',
  pick: (...counts: readonly number[]) => number,
): Bound | undefined {
  const counts = asked.flatMap((one) => one[side] ?? []);
  if (counts.length === 0) return undefined;
  const replicas = pick(...counts);
  return { replicas, by: asked.filter((one) => one[side] === replicas).map(({ name }) => name) };
}

function uncrossed(min: Bound, max: Bound): Bounds {
  const bounds = boundsOf(min, max);
  if (min.replicas <= max.replicas) return bounds;
  if (min.by.length === 0) return boundsOf(max, max);
  if (max.by.length === 0) return boundsOf(min, min);
  return { ...boundsOf(min, min), conflict: { minBy: min.by, maxBy: max.by } };
}

function boundsOf(min: Bound, max: Bound): Bounds {
  return { minReplicas: min.replicas, maxReplicas: max.replicas, minBy: min.by, maxBy: max.by };
}
