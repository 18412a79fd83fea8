import type { History, Recommendation, ScaleEvent } from './history.ts';
import type { ControllerOptions, Policy, ScalingRules } from './policy.ts';

/** How far back an autoscaler's decisions look, in milliseconds. */
export interface HistoryWindows {
  /** Recommendations that hold back a scale-up; 0 without `behavior`. */
  readonly scaleUpMs: number;
  /** Recommendations that hold back a scale-down. */
  readonly scaleDownMs: number;
  /** The longest period of the policies for scaling up; 0 without `behavior`. */
  readonly scaleUpPeriodMs: number;
  /** The longest period of the policies for scaling down; 0 without `behavior`. */
  readonly scaleDownPeriodMs: number;
}

/** At most so many entries in each chain of recommendations and in each list of scale events. */
const historyBound = 30;

export function historyWindows(
  { behavior }: Pick<Policy, 'behavior'>,
  { downscaleStabilizationMs }: Pick<ControllerOptions, 'downscaleStabilizationMs'>,
): HistoryWindows {
  if (behavior === undefined)
    return { scaleUpMs: 0, scaleDownMs: downscaleStabilizationMs, scaleUpPeriodMs: 0, scaleDownPeriodMs: 0 };
  const { scaleUp, scaleDown } = behavior;
  const downSeconds = scaleDown.stabilizationWindowSeconds;
  return {
    scaleUpMs: (scaleUp.stabilizationWindowSeconds ?? 0) * 1000,
    scaleDownMs: downSeconds === undefined ? downscaleStabilizationMs : downSeconds * 1000,
    scaleUpPeriodMs: longestPeriodMs(scaleUp),
    scaleDownPeriodMs: longestPeriodMs(scaleDown),
  };
}

function longestPeriodMs({ policies }: ScalingRules): number {
  return Math.max(0, ...policies.map(({ periodSeconds }) => periodSeconds)) * 1000;
}

/**
 * The least of a history from which every later decision is the same, as long as the windows are.
 *
 * A scale-down looks for the highest recommendation of its window, so one that a later one reaches never counts; what is left
 * falls with time. A scale-up looks for the lowest in the same way:
 *
 *     9 |  9              9 |                  the chain for     x  the highest from here on
 *     6 |     6           6 |     .            scaling down:     9, 6, 5
 *     5 |        .     5  5 |        .     5   the chain for
 *     3 |           3     3 |           3      scaling up:       3, 5
 *
 * More than `bound` entries in a list (a long window, many different counts) are drawn together by stretches of time, always
 * so that a scale-down comes later rather than earlier, and goes less far rather than further.
 * @param bound at least 1; Infinity for none
 */
export function compactHistory(
  history: History,
  windows: HistoryWindows,
  nowMs: number,
  bound = historyBound,
): History {
  const { scaleUpPeriodMs, scaleDownPeriodMs } = windows;
  return {
    ...history,
    recommendations: compactRecommendations(history.recommendations, windows, nowMs, bound),
    scaleUps: compactEvents(history.scaleUps, {
      ownCutoffMs: nowMs - scaleUpPeriodMs,
      otherCutoffMs: nowMs - scaleDownPeriodMs,
      bound,
      // Pods that were added count less soon: from more pods at the start of a period, fewer may go.
      together: (events) => ({ ...first(events), change: sum(events) }),
    }),
    scaleDowns: compactEvents(history.scaleDowns, {
      ownCutoffMs: nowMs - scaleDownPeriodMs,
      otherCutoffMs: nowMs - scaleUpPeriodMs,
      bound,
      // Pods that were removed count for longer: they have used up the rate.
      together: (events) => ({ ...last(events), change: sum(events) }),
    }),
  };
}

/**
 * The compact history, if it is worth keeping: undefined when it says no more than an operator assumes that knows nothing,
 * which is that the present count was just recommended. So a quiet autoscaler has no history to keep up to date.
 * @param replicas what the target is asked to run from now on
 */
export function historyToKeep(
  history: History | undefined,
  windows: HistoryWindows,
  { replicas, nowMs }: { readonly replicas: number; readonly nowMs: number },
): History | undefined {
  if (history === undefined) return undefined;
  const compact = compactHistory(history, windows, nowMs);
  const oldestMs = nowMs - Math.max(windows.scaleUpPeriodMs, windows.scaleDownPeriodMs);
  const { metrics, steppedUpAtMs, wokeAtMs } = history;
  const isQuiet =
    [metrics, steppedUpAtMs, wokeAtMs].every((memory) => memory === undefined) &&
    compact.recommendations.every((recommendation) => recommendation.replicas === replicas) &&
    [...compact.scaleUps, ...compact.scaleDowns].every(({ atMs }) => atMs <= oldestMs);
  return isQuiet ? undefined : compact;
}

function compactRecommendations(
  recommendations: readonly Recommendation[],
  { scaleUpMs, scaleDownMs }: HistoryWindows,
  nowMs: number,
  bound: number,
): Recommendation[] {
  const newestFirst = recommendations.toSorted((a, b) => b.atMs - a.atMs);
  // Without a behavior, the edge of the window for scaling down is inside; all others are outside.
  const forDown = newestFirst.filter(({ atMs }) => atMs >= nowMs - scaleDownMs);
  const forUp = newestFirst.filter(({ atMs }) => atMs > nowMs - scaleUpMs);
  const highest = chain(forDown, (a, b) => a > b, bound);
  const lowest = chain(forUp, (a, b) => a < b, bound);
  const both = [...highest, ...lowest.filter((one) => !highest.some((other) => isSame(one, other)))];
  return both.sort((a, b) => a.atMs - b.atMs);
}

function isSame(a: Recommendation, b: Recommendation): boolean {
  return a.atMs === b.atMs && a.replicas === b.replicas;
}

/** Those that go beyond every later one, oldest first. */
function chain(
  newestFirst: readonly Recommendation[],
  isBeyond: (a: number, b: number) => boolean,
  bound: number,
): Recommendation[] {
  const kept: Recommendation[] = [];
  for (const recommendation of newestFirst) {
    const farthest = kept[0];
    if (farthest !== undefined && !isBeyond(recommendation.replicas, farthest.replicas)) continue;
    if (farthest?.atMs === recommendation.atMs) kept.shift();
    kept.unshift(recommendation);
  }
  // Oldest first, the first of a stretch is the one that goes farthest; it holds for as long as the last.
  return drawTogether(kept, bound, (some) => ({ ...first(some), atMs: last(some).atMs }));
}

interface EventRules {
  readonly ownCutoffMs: number;
  readonly otherCutoffMs: number;
  readonly bound: number;
  readonly together: (events: readonly ScaleEvent[]) => ScaleEvent;
}

/**
 * The scale events that a policy of either direction still counts. Where only the other direction looks back so far, the list
 * stays as it is: upstream writes the next event over one that is outdated for its own direction, whether it counts there or
 * not, so that places matter.
 */
function compactEvents(events: readonly ScaleEvent[], rules: EventRules): readonly ScaleEvent[] {
  const { ownCutoffMs, otherCutoffMs, bound, together } = rules;
  if (otherCutoffMs < ownCutoffMs && events.length <= bound) return events;
  const oldestMs = Math.min(ownCutoffMs, otherCutoffMs);
  const counted = events.filter(({ atMs }) => atMs > oldestMs);
  if (counted.length <= bound) return counted;
  return drawTogether(
    counted.toSorted((a, b) => a.atMs - b.atMs),
    bound,
    together,
  );
}

/** One entry for each of `bound` equal stretches of time that hold any; the entries as they are when they are few enough. */
function drawTogether<T extends { readonly atMs: number }>(
  oldestFirst: readonly T[],
  bound: number,
  together: (some: readonly T[]) => T,
): T[] {
  if (oldestFirst.length <= bound) return [...oldestFirst];
  const fromMs = first(oldestFirst).atMs;
  const stretchMs = (last(oldestFirst).atMs - fromMs + 1) / bound;
  const stretches = Map.groupBy(oldestFirst, ({ atMs }) => Math.floor((atMs - fromMs) / stretchMs));
  return [...stretches.values()].map(together);
}

function sum(events: readonly ScaleEvent[]): number {
  return events.reduce((total, { change }) => total + change, 0);
}

function first<T>(some: readonly T[]): T {
  return some[0] as T;
}

function last<T>(some: readonly T[]): T {
  return some.at(-1) as T;
}
