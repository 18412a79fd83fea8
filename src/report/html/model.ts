import type { DemoResult, DemoSample } from '../demo-result.ts';
import { loadCost } from '../load-cost.ts';
import type { LoadCluster, LoadReactions } from '../load-cluster.ts';
import type { LoadCost, LoadResult } from '../load-result.ts';
import { reactions, type Reactions, scalingSteps, type ScalingStep } from '../reactions.ts';
import type { Stretch } from './chart.ts';

/** What a report is made of, whatever it reports on. */
export interface ReportModel {
  readonly load: LoadResult;
  readonly cost: LoadCost;
  /** The end of the time axis of every chart. */
  readonly spanMs: number;
  /** Absent when no cluster was watched. */
  readonly scaling?: Scaling;
}

/** What the autoscaler did, on the time axis of the load. */
export interface Scaling {
  readonly replicas: DemoResult['replicas'];
  /** Load and replicas together; a moment before the replicas were known is absent. */
  readonly samples: readonly DemoSample[];
  readonly events: DemoResult['events'];
  readonly steps: readonly ScalingStep[];
  /** With the finer ones of a load run, where it has them. */
  readonly reactions: Reactions & Partial<LoadReactions>;
  /** The same replicas as finely as they are known. */
  readonly replicaSamples: readonly Replicas[];
  /** That it went up and back is what was to be shown. */
  readonly isDemo: boolean;
}

type Replicas = Pick<DemoSample, 'atMs' | 'desiredReplicas' | 'readyReplicas'>;

export function loadModel(load: LoadResult): ReportModel {
  const scaling = load.cluster === undefined ? undefined : scalingOf(load, load.cluster);
  return {
    load,
    cost: load.cost,
    spanMs: spanOf(load, scaling),
    ...(scaling === undefined ? {} : { scaling }),
  };
}

/** @param cpuTargetPercent what the autoscaler aims at, where it is known: with it, the least cost can be told */
export function demoModel(demo: DemoResult, cpuTargetPercent?: number): ReportModel {
  const scaling = { ...complete(demo), replicaSamples: demo.timeline, isDemo: true };
  return {
    load: demo.load,
    cost: demoCost(demo, cpuTargetPercent),
    spanMs: spanOf(demo.load, scaling),
    scaling,
  };
}

function demoCost({ load, timeline }: DemoResult, cpuTargetPercent: number | undefined): LoadCost {
  const replicas = timeline.map(({ atMs, desiredReplicas, readyReplicas, cpuPercent }) => ({
    ...{ atMs, desiredReplicas, readyReplicas },
    ...(cpuPercent === null || cpuTargetPercent === undefined
      ? {}
      : { usageRatio: cpuPercent / cpuTargetPercent }),
  }));
  const expects = load.verdicts.map(({ expect }) => expect);
  return loadCost({ timeline: load.timeline, replicas, mode: load.run.mode, expects });
}

/** Undefined when the cluster told of no replicas. */
function scalingOf(load: LoadResult, cluster: LoadCluster): Scaling | undefined {
  const replicaSamples = cluster.replicas.flatMap(({ atMs, desiredReplicas, readyReplicas }): Replicas[] =>
    desiredReplicas === null ? [] : [{ atMs, desiredReplicas, readyReplicas: readyReplicas ?? 0 }],
  );
  const wanted = replicaSamples.map(({ desiredReplicas }) => desiredReplicas);
  const [start, end] = [wanted[0], wanted.at(-1)];
  if (start === undefined || end === undefined) return undefined;
  const replicas = { start, peak: wanted.reduce((most, count) => Math.max(most, count)), end };
  const timeline = joined(load, replicaSamples);
  const scaling = complete({ timeline, events: cluster.events, replicas });
  const finer = replicaSamples.map((sample) => ({ ...sample, offeredPerSecond: 0 })); // Steps are of replicas alone.
  const steps = scalingSteps({ timeline: finer, events: cluster.events });
  const found = load.reactions ?? scaling.reactions;
  return { ...scaling, steps, reactions: found, replicaSamples, isDemo: false };
}

/** The load of each moment with the replicas of then; moments before they were known are absent. */
function joined({ timeline }: LoadResult, replicas: readonly Replicas[]): DemoSample[] {
  return timeline.flatMap(({ toMs, offeredPerSecond, donePerSecond }) => {
    const last = replicas.findLast(({ atMs }) => atMs <= toMs);
    return last === undefined
      ? []
      : [{ ...last, atMs: toMs, offeredPerSecond, donePerSecond, cpuPercent: null }];
  });
}

function complete(
  demo: Pick<DemoResult, 'timeline' | 'events' | 'replicas'>,
): Omit<Scaling, 'isDemo' | 'replicaSamples'> {
  const { timeline, events, replicas } = demo;
  return { replicas, samples: timeline, events, steps: scalingSteps(demo), reactions: reactions(demo) };
}

function spanOf(load: LoadResult, scaling: Scaling | undefined): number {
  const ends = [load.timeline.at(-1)?.toMs ?? 0, scaling?.replicaSamples.at(-1)?.atMs ?? 0];
  return Math.max(1, ...ends);
}

/** The stretches in which the generator was late; those are joined that are no further apart than `gapMs`. */
export function laggingStretches({ timeline }: LoadResult, gapMs = 0): Stretch[] {
  const joined: Stretch[] = [];
  for (const { fromMs, toMs, lagging } of timeline) {
    const last = joined.at(-1);
    if (!lagging) continue;
    if (last !== undefined && fromMs - last.toMs <= gapMs)
      joined[joined.length - 1] = { fromMs: last.fromMs, toMs };
    else joined.push({ fromMs, toMs });
  }
  return joined;
}
