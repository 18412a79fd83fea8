import { parseDuration } from '../lib/duration.ts';
import type { ReplicaSample } from './load-cluster.ts';
import type { LoadCost, LoadSample, Percentiles } from './load-result.ts';

export interface CostInput {
  readonly timeline: readonly LoadSample[];
  /** Empty when no cluster was watched. */
  readonly replicas: readonly ReplicaSample[];
  /** In a closed loop the load follows the pods, so that nothing tells how many were needed. */
  readonly mode: 'open' | 'closed';
  /** As they were given: of them, those of latency percentiles say which seconds are bad. */
  readonly expects: readonly string[];
}

/** An autoscaler lets the metric be so far above its target: fewer pods than that would be the wrong measure. */
const tolerance = 0.1;

/** What the run cost in pods, beside the least that the same load needed, and the time in which that was not enough. */
export function loadCost(input: CostInput): LoadCost {
  const { timeline, replicas } = input;
  const endMs = timeline.at(-1)?.toMs ?? 0;
  const counts = replicas.flatMap(({ desiredReplicas }) => desiredReplicas ?? []);
  return {
    podSeconds: counts.length === 0 ? null : podSeconds(replicas, endMs),
    neededPodSeconds: neededPodSeconds(input),
    flaps: counts.length === 0 ? null : flapsOf(counts),
    badMs: badMs(timeline, input.expects),
  };
}

/** How often the way turned: up and later down is one, and up again two. */
export function flapsOf(counts: readonly number[]): number {
  const moves = counts
    .slice(1)
    .map((count, index) => Math.sign(count - (counts[index] ?? count)))
    .filter((move) => move !== 0);
  return moves.slice(1).filter((move, index) => move !== moves[index]).length;
}

/** Pods that start cost as much as those that are ready, and so do those that end. */
function podSeconds(replicas: readonly ReplicaSample[], endMs: number): number {
  const sum = replicas.reduce((total, { atMs, desiredReplicas, readyReplicas }, index) => {
    const untilMs = Math.min(replicas[index + 1]?.atMs ?? endMs, endMs);
    return total + Math.max(desiredReplicas ?? 0, readyReplicas ?? 0) * Math.max(0, untilMs - atMs);
  }, 0);
  return rounded(sum / 1000);
}

/** For each moment the least pods on which the load of then is at the target; one at least. */
function neededPodSeconds({ timeline, replicas, mode }: CostInput): number | null {
  const podsPerRequest = mode === 'open' ? podsPerRequestRate(timeline, replicas) : undefined;
  if (podsPerRequest === undefined) return null;
  const sum = timeline.reduce((total, { fromMs, toMs, offeredPerSecond }) => {
    const pods = Math.max(1, Math.ceil((podsPerRequest * offeredPerSecond) / (1 + tolerance)));
    return total + pods * (toMs - fromMs);
  }, 0);
  return rounded(sum / 1000);
}

/**
 * Pods at their target for each answer per second: what the pods used, over what they answered. The median, in which a second
 * counts by its answers, since the metric comes late after a change and an idle pod uses something, too.
 */
function podsPerRequestRate(
  timeline: readonly LoadSample[],
  replicas: readonly ReplicaSample[],
): number | undefined {
  let next = 0;
  const ratios = timeline.flatMap(({ toMs, donePerSecond }) => {
    while ((replicas[next]?.atMs ?? Infinity) <= toMs) next += 1;
    const { usageRatio = 0, readyReplicas = 0 } = replicas[next - 1] ?? {};
    const pods = usageRatio * (readyReplicas ?? 0);
    return pods > 0 && donePerSecond > 0 ? [{ ratio: pods / donePerSecond, weight: donePerSecond }] : [];
  });
  const half = ratios.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let sum = 0;
  return ratios.toSorted((a, b) => a.ratio - b.ratio).find(({ weight }) => (sum += weight) >= half)?.ratio;
}

const percentileNames: Readonly<Record<string, keyof Percentiles>> = {
  ...{ p50: 'p50', p90: 'p90', p99: 'p99', p999: 'p999', 'p99.9': 'p999', max: 'max' },
};

/** Seconds in which requests were lost, or that would not have met an expectation of latency by themselves. */
function badMs(timeline: readonly LoadSample[], expects: readonly string[]): number {
  const limits = expects.flatMap((expect) => {
    const [, name = '', value = ''] = /^\s*([a-z0-9.]+)\s*<=?\s*(\S+)\s*$/.exec(expect) ?? [];
    const percentile = Object.hasOwn(percentileNames, name) ? percentileNames[name] : undefined;
    const limitMs = parseDuration(value);
    return percentile === undefined || limitMs === undefined ? [] : [{ percentile, limitMs }];
  });
  const isBad = ({ failed, dropped, latencyMs }: LoadSample): boolean =>
    failed + dropped > 0 || limits.some(({ percentile, limitMs }) => (latencyMs[percentile] ?? 0) > limitMs);
  return timeline.filter(isBad).reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
}

function rounded(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
