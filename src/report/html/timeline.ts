import { formatClock, formatCount, formatMs, formatRate } from '../format.ts';
import type { LoadSample, Percentiles } from '../load-result.ts';
import { renderChart, type Series } from './chart.ts';
import { renderFigure } from './figure.ts';
import { type Markup, markup } from './markup.ts';
import { laggingStretches, type ReportModel, type Scaling } from './model.ts';
import { countScale, greatest, linearScale, logScale, timeScale } from './scale.ts';

/** The run over time: load, replicas, CPU and latency, one above the other on the same axis. */
export function timelineSection(model: ReportModel): Markup | null {
  const { scaling, load } = model;
  if (load.timeline.length === 0 && scaling === undefined) return null;
  const notes = [
    ...(marksOf(scaling).length === 0 ? [] : ['Thin upright lines: the number of replicas changed.']),
    ...(laggingStretches(load).length === 0
      ? []
      : [
          'Hatched: the generator was late, and what was measured there tells of itself; expectations leave it out.',
        ]),
  ];
  return markup`<section><h2>Over time</h2>
${notes.length === 0 ? null : markup`<p class="note">${notes.join(' ')}</p>`}
${load.timeline.length === 0 ? null : rateFigure(model)}
${scaling === undefined ? null : replicaFigure(model, scaling)}
${scaling?.samples.some(({ cpuPercent }) => cpuPercent !== null) === true ? cpuFigure(model, scaling) : null}
${metricFigure(model)}
${load.timeline.length === 0 ? null : latencyFigure(model)}</section>
`;
}

/** More marks than this say nothing. */
const mostMarks = 40;
/** Less than a part of the axis as small as this is not seen between two stretches. */
const mostStretches = 150;

function marksOf(scaling: Scaling | undefined): number[] {
  const steps = scaling?.steps ?? [];
  return steps.length > mostMarks ? [] : steps.map(({ atMs }) => atMs);
}

/** What all charts over time have in common. */
function common({ load, spanMs, scaling }: ReportModel): {
  x: ReturnType<typeof timeScale>;
  marks: number[];
  hatched: ReturnType<typeof laggingStretches>;
} {
  const hatched = laggingStretches(load, spanMs / mostStretches);
  return { x: timeScale(spanMs), marks: marksOf(scaling), hatched };
}

const middle = ({ fromMs, toMs }: LoadSample): number => (fromMs + toMs) / 2;

function rateFigure(model: ReportModel): Markup {
  const { timeline, run } = model.load;
  const of = (read: (sample: LoadSample) => number): Series['points'] =>
    timeline.map((sample) => ({ x: middle(sample), y: read(sample) }));
  const isLost = timeline.some(({ failed, dropped }) => failed + dropped > 0);
  const series: Series[] = [
    ...(run.mode === 'open'
      ? [{ name: 'offered', tone: 'second', points: of((sample) => sample.offeredPerSecond) } as const]
      : []),
    { name: 'done', tone: 'first', points: of((sample) => sample.donePerSecond), filled: true },
    ...(isLost ? [{ name: 'lost', tone: 'bad', points: of(lostPerSecond) } as const] : []),
  ];
  const most = greatest(series.flatMap(({ points }) => points.map(({ y }) => y ?? 0))) ?? 1;
  const named = greatest((series[0]?.points ?? []).map(({ y }) => y ?? 0)) ?? 0;
  const words = `${atMost(run.mode === 'open' ? 'offered' : 'done', named)}.${isLost ? ' Lost: failed or dropped.' : ''}`;
  return renderFigure({
    ...{ title: 'Load', words },
    picture: renderChart({
      ...common(model),
      ...{ label: `Load over time. ${words}`, heightPx: 150, yTitle: 'requests per second', series },
      y: linearScale(most, String, 3),
    }),
    table: {
      caption: 'Requests per second; failed and dropped are counts',
      titles: ['>from', '>offered', '>done', '>failed', '>dropped', '>connections opened'],
      rows: timeline.map(({ fromMs, offeredPerSecond, donePerSecond, failed, dropped, opened }) => [
        ...[formatClock(fromMs), offeredPerSecond.toFixed(1), donePerSecond.toFixed(1)],
        ...[failed, dropped, opened],
      ]),
    },
  });
}

function atMost(what: string, perSecond: number): string {
  return `At most ${formatRate(perSecond)} ${what}`;
}

function lostPerSecond({ failed, dropped, fromMs, toMs }: LoadSample): number {
  return ((failed + dropped) * 1000) / Math.max(1, toMs - fromMs);
}

function replicaFigure(model: ReportModel, { replicaSamples: samples, replicas }: Scaling): Markup {
  const last = samples.at(-1);
  const of = (read: (sample: (typeof samples)[number]) => number): Series['points'] => [
    ...samples.map((sample) => ({ x: sample.atMs, y: read(sample) })),
    ...(last === undefined ? [] : [{ x: model.spanMs, y: read(last) }]),
  ];
  const series: Series[] = [
    { name: 'ready', tone: 'third', points: of((s) => s.readyReplicas), step: true, filled: true },
    { name: 'desired', tone: 'second', points: of((s) => s.desiredReplicas), step: true },
  ];
  const words = `${formatCount(replicas.start, 'replica')} at the start, ${replicas.peak} at most, ${replicas.end} at the end.`;
  const most = greatest(samples.flatMap((s) => [s.readyReplicas, s.desiredReplicas])) ?? 1;
  return renderFigure({
    ...{ title: 'Replicas', words },
    picture: renderChart({
      ...common(model),
      ...{ label: `Replicas over time. ${words}`, heightPx: 120, yTitle: 'replicas', series },
      y: countScale(most),
    }),
    table: {
      caption: 'Replicas',
      titles: ['>at', '>desired', '>ready'],
      rows: samples.map((s) => [formatClock(s.atMs), s.desiredReplicas, s.readyReplicas]),
    },
  });
}

function cpuFigure(model: ReportModel, { samples }: Scaling): Markup {
  const points = samples.map(({ atMs, cpuPercent }) => ({ x: atMs, y: cpuPercent }));
  const most = greatest(points.map(({ y }) => y ?? 0)) ?? 1;
  const words = `Mean over the pods, in percent of their request, as the autoscaler saw it; ${Math.round(most)} % at most.`;
  return renderFigure({
    ...{ title: 'CPU', words },
    picture: renderChart({
      ...common(model),
      ...{ label: `CPU over time. ${words}`, heightPx: 120, yTitle: '% of the request' },
      y: linearScale(most, String, 3),
      series: [{ name: 'cpu', tone: 'first', points, step: true }],
    }),
    table: {
      caption: 'CPU in percent of the request',
      titles: ['>at', '>cpu'],
      rows: samples.map(({ atMs, cpuPercent }) => [
        formatClock(atMs),
        cpuPercent === null ? '–' : `${Math.round(cpuPercent)} %`,
      ]),
    },
  });
}

/** What the autoscaler looks at, against its target; null where it is not known. */
function metricFigure(model: ReportModel): Markup | null {
  const samples = (model.load.cluster?.replicas ?? []).filter(({ usageRatio }) => usageRatio !== undefined);
  if (samples.length === 0) return null;
  const percentOf = (ratio: number | undefined): number => 100 * (ratio ?? 0);
  const last = samples.at(-1);
  const points = [
    ...samples.map(({ atMs, usageRatio }) => ({ x: atMs, y: percentOf(usageRatio) })),
    ...(last === undefined ? [] : [{ x: model.spanMs, y: percentOf(last.usageRatio) }]),
  ];
  const target = [0, model.spanMs].map((x) => ({ x, y: 100 }));
  const most = greatest(points.map(({ y }) => y)) ?? 100;
  const words = `The metric that is farthest above its target, as the autoscaler's status told it; ${Math.round(most)} % of the target at most.`;
  return renderFigure({
    ...{ title: 'Metric', words },
    picture: renderChart({
      ...common(model),
      ...{ label: `Metric over time. ${words}`, heightPx: 120, yTitle: '% of the target' },
      y: linearScale(Math.max(most, 100), String, 3),
      series: [
        { name: 'metric', tone: 'first', points, step: true },
        { name: 'target', tone: 'fourth', points: target },
      ],
    }),
    table: {
      caption: 'Metric',
      titles: ['>at', '>of the target', 'as printed'],
      rows: samples.map(({ atMs, usageRatio, targets }) => [
        ...[formatClock(atMs), `${Math.round(percentOf(usageRatio))} %`, targets ?? '–'],
      ]),
    },
  });
}

/** The slowest first, as the lines lie. */
const shownPercentiles: readonly (readonly [keyof Percentiles, string, Series['tone']])[] = [
  ['max', 'max', 'bad'],
  ['p99', 'p99', 'second'],
  ['p90', 'p90', 'fourth'],
  ['p50', 'p50', 'first'],
];

function latencyFigure(model: ReportModel): Markup {
  const { timeline, latencyMs } = model.load;
  const series = shownPercentiles.map(([percentile, name, tone]): Series => {
    const points = timeline.map((sample) => ({ x: middle(sample), y: sample.latencyMs[percentile] }));
    return { name, tone, points };
  });
  const values = series.flatMap(({ points }) => points.flatMap(({ y }) => (y === null ? [] : [y])));
  const words = `Of the whole run: half of the answers within ${formatMs(latencyMs.p50)}, 99 % within ${formatMs(latencyMs.p99)}, the slowest ${formatMs(latencyMs.max)}.`;
  return renderFigure({
    ...{ title: 'Latency', words },
    picture: renderChart({
      ...common(model),
      ...{ label: `Latency over time. ${words}`, heightPx: 170, series },
      yTitle: 'time to the answer, logarithmic',
      y: logScale(values),
    }),
    table: {
      caption: 'Latency',
      titles: ['>from', '>p50', '>p90', '>p99', '>max', '>send lag p99'],
      rows: timeline.map(({ fromMs, latencyMs: { p50, p90, p99, max }, sendLagMs, lagging }) => [
        ...[formatClock(fromMs), ...[p50, p90, p99, max].map(formatMs)],
        `${formatMs(sendLagMs.p99)}${lagging ? ', late' : ''}`,
      ]),
    },
  });
}
