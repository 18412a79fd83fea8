import type { DemoEvent, DemoResult, DemoSample } from './demo-result.ts';

/** One change of the desired replicas. */
export interface ScalingStep {
  readonly atMs: number;
  readonly from: number;
  readonly to: number;
  /** When as many pods were ready; null when the next step or the end came first. */
  readonly readyAtMs: number | null;
  /** The event that announced it; null when there was none. */
  readonly event: DemoEvent | null;
}

/** The chain from the load to the pods; null for what did not happen. */
export interface Reactions {
  readonly loadRoseAtMs: number | null;
  readonly firstStepUpAtMs: number | null;
  readonly peakReadyAtMs: number | null;
  readonly loadFellAtMs: number | null;
  readonly firstStepDownAtMs: number | null;
  readonly backAtStartAtMs: number | null;
}

/** What is read of a run: replicas and load on one time axis, and the events on it. */
export interface ReactionInput {
  readonly timeline: readonly Pick<
    DemoSample,
    'atMs' | 'offeredPerSecond' | 'desiredReplicas' | 'readyReplicas'
  >[];
  readonly events: readonly DemoEvent[];
  /** Asked for at the start, and at most. */
  readonly replicas: Pick<DemoResult['replicas'], 'start' | 'peak'>;
}

type Sample = ReactionInput['timeline'][number];

/** The load counts as risen above this part of the way to its peak, and as fallen below it. */
const riseRatio = 0.1;

export function scalingSteps({
  timeline,
  events,
}: Pick<ReactionInput, 'timeline' | 'events'>): ScalingStep[] {
  const changes = timeline.flatMap((sample, index) => {
    const before = timeline[index - 1];
    return before !== undefined && before.desiredReplicas !== sample.desiredReplicas
      ? [{ index, before, sample }]
      : [];
  });
  return changes.map(({ index, before, sample }, step) => {
    const until = timeline.slice(index, changes[step + 1]?.index);
    const to = sample.desiredReplicas;
    const event = announcement(events, to, sample.atMs);
    return {
      // The event knows the moment; a sample comes up to a second later.
      atMs: Math.min(sample.atMs, Math.max(before.atMs, event?.atMs ?? sample.atMs)),
      from: before.desiredReplicas,
      to,
      readyAtMs: until.find(({ readyReplicas }) => readyReplicas === to)?.atMs ?? null,
      event,
    };
  });
}

/** The rescale event for this size that is nearest in time: samples and events have clocks of their own. */
function announcement(events: readonly DemoEvent[], replicas: number, atMs: number): DemoEvent | null {
  const fitting = events.filter(
    ({ reason, message }) => reason === 'SuccessfulRescale' && message.startsWith(`New size: ${replicas};`),
  );
  const distance = (event: DemoEvent): number => Math.abs(event.atMs - atMs);
  return fitting.toSorted((a, b) => distance(a) - distance(b))[0] ?? null;
}

export function reactions(result: ReactionInput): Reactions {
  const { timeline, replicas } = result;
  const steps = scalingSteps(result);
  const { loadRoseAtMs, loadFellAtMs } = loadChanges(timeline);
  const firstStepUpAtMs = steps.find(({ from, to }) => to > from)?.atMs ?? null;
  const firstStepDownAtMs =
    steps.find(({ atMs, from, to }) => to < from && atMs >= (loadFellAtMs ?? 0))?.atMs ?? null;
  const after = (fromMs: number | null, fits: (sample: Sample) => boolean): number | null =>
    fromMs === null ? null : (timeline.find((sample) => sample.atMs >= fromMs && fits(sample))?.atMs ?? null);
  return {
    loadRoseAtMs,
    firstStepUpAtMs,
    peakReadyAtMs: after(firstStepUpAtMs, ({ readyReplicas }) => readyReplicas >= replicas.peak),
    loadFellAtMs,
    firstStepDownAtMs,
    backAtStartAtMs: after(
      firstStepDownAtMs,
      ({ desiredReplicas, readyReplicas }) =>
        desiredReplicas <= replicas.start && readyReplicas <= replicas.start,
    ),
  };
}

/** When the load left its first level, and when it left its peak. */
function loadChanges(timeline: readonly Sample[]): {
  loadRoseAtMs: number | null;
  loadFellAtMs: number | null;
} {
  const rates = timeline.map(({ offeredPerSecond }) => offeredPerSecond);
  const idle = rates[0] ?? 0;
  const peak = Math.max(0, ...rates);
  const isHigh = (rate: number): boolean => rate - idle > riseRatio * (peak - idle);
  const isAtPeak = (rate: number): boolean => peak - rate <= riseRatio * peak;
  const rose = peak > idle ? timeline.find(({ offeredPerSecond }) => isHigh(offeredPerSecond)) : undefined;
  const lastAtPeak = rates.findLastIndex(isAtPeak);
  const fell = rose === undefined ? undefined : timeline[lastAtPeak + 1];
  return { loadRoseAtMs: rose?.atMs ?? null, loadFellAtMs: fell?.atMs ?? null };
}
