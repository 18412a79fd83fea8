import { type Segment, segmentPeak, segmentRate } from '../lib/load-profile.ts';
import { RateCurve } from '../lib/load-profile-curve.ts';
import type { LoadCluster, LoadReactions, ReplicaSample } from './load-cluster.ts';
import type { LoadResult, LoadSample } from './load-result.ts';
import { type ReactionInput, reactions } from './reactions.ts';

type ReactionSource = Pick<LoadResult, 'run' | 'timeline' | 'perPod'> & { readonly cluster: LoadCluster };

/** What the generator knows besides its result: since when each pod is ready, those included that never answered. */
export type ReadyTimes = ReadonlyMap<string, number>;

/** The count of ready replicas and the endpoints come from different watches. */
const slackMs = 1000;
/** So many answers for each pod tell whether all of them have their part. */
const tellingAnswers = 10;
/** A pod with this part of its even share has traffic; chance alone seldom gives one less. */
const leastShare = 0.5;

/** The chain from the load to pods that share it, each link as soon as it was seen. */
export function loadReactions(source: ReactionSource, readyAtMs: ReadyTimes): LoadReactions {
  const { cluster, timeline } = source;
  const endMs = timeline.at(-1)?.toMs ?? 0;
  const roseAtMs = loadRoseAtMs(source);
  const { loadFellAtMs, firstStepUpAtMs, peakReadyAtMs, firstStepDownAtMs, backAtStartAtMs } = reactions({
    ...{ timeline: jointTimeline(source, roseAtMs), events: cluster.events },
    replicas: bounds(cluster.replicas),
  });
  const ready = [...readyAtMs].filter(([, atMs]) => firstStepUpAtMs !== null && atMs >= firstStepUpAtMs);
  const answers = ready.flatMap(([pod]) => source.perPod[pod]?.firstResponseAtMs ?? []);
  const peakPods = [...readyAtMs].filter(([, atMs]) => atMs <= (peakReadyAtMs ?? -slackMs) + slackMs);
  return {
    loadRoseAtMs: roseAtMs <= endMs ? roseAtMs : null,
    metricSeenAtMs: least([
      ...metricShownAtMs(cluster.replicas, roseAtMs),
      ...moreAskedAtMs(cluster, roseAtMs),
      ...(firstStepUpAtMs === null ? [] : [firstStepUpAtMs]),
    ]),
    firstStepUpAtMs,
    podReadyAtMs: least(ready.map(([, atMs]) => atMs)),
    firstResponseAtMs: least(answers),
    peakReadyAtMs,
    balancedAtMs:
      peakReadyAtMs === null
        ? null
        : balancedAtMs(
            timeline,
            peakPods.map(([pod]) => pod),
            peakReadyAtMs,
          ),
    ...{ loadFellAtMs, firstStepDownAtMs, backAtStartAtMs },
  };
}

/** When the rate of the profile first rose: the start of what rises, or of the higher rate; 0 for one that never did, and in a closed loop. */
export function loadRoseAtMs({ run: { profile } }: Pick<LoadResult, 'run'>): number {
  let [startMs, before] = [0, Infinity];
  for (const segment of profile?.segments ?? []) {
    const intoMs = riseWithin(segment, before);
    if (intoMs !== undefined) return startMs + intoMs;
    startMs += segment.durationMs;
    before = segmentRate(segment, segment.durationMs);
  }
  return 0;
}

/** What is left of a difference of rates that are the same, after a ramp. */
const roundingPerSecond = 1e-6;

/** How long after its start a segment rises, after a rate of so many per second; undefined when it does not. */
function riseWithin(segment: Segment, before: number): number | undefined {
  const { durationMs } = segment;
  if (durationMs === 0) return undefined;
  const from = segmentRate(segment, 0);
  if (from - before > roundingPerSecond || segmentPeak(segment) - from > roundingPerSecond) return 0;
  // A wave that begins at its higher rate falls for half of its period.
  const turnMs = segment.type === 'sine' ? segment.periodMs / 2 : Infinity;
  return segment.type === 'sine' && durationMs > turnMs && segment.highPerSecond < from ? turnMs : undefined;
}

/** When a status first shows a metric above its target. It is written after the scale, so that a watch may tell of the scale first. */
function metricShownAtMs(samples: readonly ReplicaSample[], fromMs: number): number[] {
  const shown = samples.find(({ atMs, usageRatio = 0 }) => atMs >= fromMs && usageRatio > 1);
  return shown === undefined ? [] : [shown.atMs];
}

/** When the metrics first asked for more pods than there were, by the autoscaler's own clock. */
function moreAskedAtMs({ recommendations, replicas }: LoadCluster, fromMs: number): number[] {
  const start = replicas.findLast(({ atMs }) => atMs <= fromMs) ?? replicas[0];
  const asked = recommendations.find(
    ({ atMs, replicas: count }) => atMs >= fromMs && count > (start?.desiredReplicas ?? Infinity),
  );
  return asked === undefined ? [] : [asked.atMs];
}

function bounds(samples: readonly ReplicaSample[]): ReactionInput['replicas'] {
  const desired = samples.flatMap(({ desiredReplicas }) => desiredReplicas ?? []);
  return { start: desired[0] ?? 0, peak: Math.max(0, ...desired) };
}

/** The rate of the profile and the replicas, at each moment from the rise on at which one of them may have changed. */
export function jointTimeline(
  { run, timeline, cluster }: ReactionSource,
  roseAtMs: number,
): ReactionInput['timeline'] {
  const curve = run.profile === null ? undefined : new RateCurve(run.profile);
  const endMs = Math.min(timeline.at(-1)?.toMs ?? 0, run.durationMs);
  const samples = cluster.replicas;
  const moments = [
    ...timeline.map(({ fromMs }) => fromMs).filter((atMs) => atMs < endMs),
    ...segmentStarts(run.profile).filter((atMs) => atMs < endMs),
    ...samples.map(({ atMs }) => atMs),
  ].sort((a, b) => a - b);
  const before = moments.findLast((atMs) => atMs < roseAtMs) ?? 0;
  let next = 0;
  return moments.flatMap((atMs, index) => {
    while ((samples[next]?.atMs ?? Infinity) <= atMs) next += 1;
    const { desiredReplicas = null, readyReplicas = null } = samples[next - 1] ?? {};
    if (atMs === moments[index + 1] || atMs < before || desiredReplicas === null || readyReplicas === null)
      return [];
    return [{ atMs, offeredPerSecond: curve?.rateAt(atMs) ?? 0, desiredReplicas, readyReplicas }];
  });
}

function segmentStarts(profile: LoadResult['run']['profile']): number[] {
  let startMs = 0;
  return (profile?.segments ?? []).map(({ durationMs }) => (startMs += durationMs) - durationMs);
}

/** The end of the first time in which each pod had at least half of its even share, and answers enough to tell. */
function balancedAtMs(
  timeline: readonly LoadSample[],
  pods: readonly string[],
  fromMs: number,
): number | null {
  if (pods.length < 2) return null;
  const samples = timeline.filter((sample) => sample.fromMs >= fromMs);
  for (const [last, { toMs }] of samples.entries()) {
    const counts = latestAnswers(samples, last, pods);
    const mean = counts.reduce((sum, count) => sum + count, 0) / pods.length;
    if (mean >= tellingAnswers && Math.min(...counts) >= leastShare * mean) return toMs;
  }
  return null;
}

/** Of each pod, over as few samples up to this one as hold enough answers. */
function latestAnswers(samples: readonly LoadSample[], last: number, pods: readonly string[]): number[] {
  let counts = pods.map(() => 0);
  for (let index = last; index >= 0; index -= 1) {
    counts = counts.map((count, pod) => count + (samples[index]?.pods[pods[pod] ?? ''] ?? 0));
    if (counts.reduce((sum, count) => sum + count, 0) >= tellingAnswers * pods.length) return counts;
  }
  return counts;
}

function least(times: readonly number[]): number | null {
  return times.length === 0 ? null : Math.min(...times);
}
