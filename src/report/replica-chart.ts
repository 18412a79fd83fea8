import type { DemoSample } from './demo-result.ts';
import { formatClock } from './format.ts';
import { sparkline } from './sparkline.ts';
import type { Style } from './style.ts';

/** Columns before the plot: the axis and its labels. */
const labelWidth = 12;

/** Replicas over time in text, a row for each replica, with the load and the CPU below on the same time axis. */
export function renderReplicaChart(timeline: readonly DemoSample[], width: number, style: Style): string[] {
  if (timeline.length === 0) return [];
  const columns = Math.max(10, width - labelWidth - 1);
  const plot = resample(timeline, columns);
  const top = Math.max(
    1,
    ...plot.map(({ desiredReplicas, readyReplicas }) => Math.max(desiredReplicas, readyReplicas)),
  );
  const rows = Array.from({ length: top }, (_, index) => top - index);
  return [
    `${style('strong', 'replicas')}: █ ready, ░ not ready yet; load and CPU up to the figures shown`,
    ...rows.map((replicas) => `${label(String(replicas))}┤${cells(plot, replicas, style)}`),
    `${label('')}└${'─'.repeat(columns)}`,
    `${label('')} ${timeAxis(timeline, columns)}`,
    measure(
      'load',
      '/s',
      plot.map(({ offeredPerSecond }) => offeredPerSecond),
    ),
    measure(
      'cpu',
      ' %',
      plot.map(({ cpuPercent }) => cpuPercent),
    ),
  ];
}

function measure(name: string, unit: string, values: readonly (number | null)[]): string {
  const max = Math.max(0, ...values.map((value) => value ?? 0));
  return `${label(`${name} ${Math.round(max)}${unit}`)} ${sparkline(values)}`;
}

function label(text: string): string {
  return text.padStart(labelWidth - 1);
}

/** The sample in force at the time of each column. */
function resample(timeline: readonly DemoSample[], columns: number): DemoSample[] {
  const first = timeline[0]?.atMs ?? 0;
  const span = (timeline.at(-1)?.atMs ?? 0) - first;
  return Array.from({ length: columns }, (_, column) => {
    const atMs = first + (column / (columns - 1)) * span;
    return timeline.findLast((sample) => sample.atMs <= atMs) ?? timeline[0];
  }).filter((sample) => sample !== undefined);
}

function cells(plot: readonly DemoSample[], replicas: number, style: Style): string {
  const text = plot
    .map(({ readyReplicas, desiredReplicas }) => {
      if (replicas <= readyReplicas) return '█';
      return replicas <= desiredReplicas ? '░' : ' ';
    })
    .join('');
  return style('accent', text.trimEnd());
}

/** The first, middle and last moment under their columns. */
function timeAxis(timeline: readonly DemoSample[], columns: number): string {
  const first = timeline[0]?.atMs ?? 0;
  const last = timeline.at(-1)?.atMs ?? 0;
  const [begin, middle, end] = [first, (first + last) / 2, last].map(formatClock) as [string, string, string];
  const toMiddle = Math.floor(columns / 2 - begin.length - middle.length / 2);
  const left = begin + ' '.repeat(Math.max(1, toMiddle)) + middle;
  return left + ' '.repeat(Math.max(1, columns - left.length - end.length)) + end;
}
