import type { DemoResult, DemoSample } from '../demo-result.ts';
import type { LoadCluster, LoadResult } from '../load-result.ts';
import { reactions, type Reactions, scalingSteps, type ScalingStep } from '../reactions.ts';
import type { Stretch } from './chart.ts';

/** What a report is made of, whatever it reports on. */
export interface ReportModel {
  readonly load: LoadResult;
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
  readonly reactions: Reactions;
  /** That it went up and back is what was to be shown. */
  readonly isDemo: boolean;
}

export function loadModel(load: LoadResult): ReportModel {
  const scaling = load.cluster === undefined ? undefined : scalingOf(load, load.cluster);
  return {
    load,
    spanMs: spanOf(load, scaling),
    ...(scaling === undefined ? {} : { scaling }),
  };
}

export function demoModel(demo: DemoResult): ReportModel {
  const scaling = { ...complete(demo), isDemo: true };
  return { load: demo.load, spanMs: spanOf(demo.load, scaling), scaling };
}

/** Undefined when the cluster told of no replicas. */
function scalingOf(load: LoadResult, cluster: LoadCluster): Scaling | undefined {
  const samples = load.timeline.flatMap(({ toMs, offeredPerSecond, donePerSecond }) => {
    const last = cluster.replicas.findLast(({ atMs }) => atMs <= toMs);
    if (last?.desiredReplicas === null || last === undefined) return [];
    const { desiredReplicas, readyReplicas } = last;
    return [
      {
        ...{ atMs: toMs, offeredPerSecond, donePerSecond, cpuPercent: null },
        ...{ desiredReplicas, readyReplicas: readyReplicas ?? 0 },
      },
    ];
  });
  const wanted = samples.map(({ desiredReplicas }) => desiredReplicas);
  const [start, end] = [wanted[0], wanted.at(-1)];
  if (start === undefined || end === undefined) return undefined;
  const replicas = { start, peak: wanted.reduce((most, count) => Math.max(most, count)), end };
  return { ...complete({ timeline: samples, events: cluster.events, replicas }), isDemo: false };
}

function complete(demo: Pick<DemoResult, 'timeline' | 'events' | 'replicas'>): Omit<Scaling, 'isDemo'> {
  const { timeline, events, replicas } = demo;
  return { replicas, samples: timeline, events, steps: scalingSteps(demo), reactions: reactions(demo) };
}

function spanOf(load: LoadResult, scaling: Omit<Scaling, 'isDemo'> | undefined): number {
  const ends = [load.timeline.at(-1)?.toMs ?? 0, scaling?.samples.at(-1)?.atMs ?? 0];
  return Math.max(1, ...ends);
}

/** The stretches in which the generator was late, neighbours joined. */
export function laggingStretches({ timeline }: LoadResult): Stretch[] {
  const joined: Stretch[] = [];
  for (const { fromMs, toMs, lagging } of timeline) {
    const last = joined.at(-1);
    if (!lagging) continue;
    if (last?.toMs === fromMs) joined[joined.length - 1] = { fromMs: last.fromMs, toMs };
    else joined.push({ fromMs, toMs });
  }
  return joined;
}
