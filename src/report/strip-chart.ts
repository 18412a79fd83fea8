import { sparkline } from './sparkline.ts';

/** A value that holds from a moment on. */
export interface Point {
  readonly atMs: number;
  readonly value: number;
}

export interface Strip {
  readonly name: string;
  readonly points: readonly Point[];
  /** What stands at its right. */
  readonly range: string;
  /** The value of a full bar; default the largest of the row. */
  readonly max?: number;
}

export interface StripChart {
  readonly strips: readonly Strip[];
  /** Moments of trouble, drawn as `!` in a last row; absent or none: no such row. */
  readonly alarms?: { readonly name: string; readonly atMs: readonly number[]; readonly range: string };
  readonly endMs: number;
  /** Under the first, the middle and the last column. */
  readonly axis: readonly [string, string, string];
}

/** Rows of bars over the same time, which begins at 0; each bar is the largest value of its time, a zero is a gap. */
export function renderStripChart({ strips, alarms, endMs, axis }: StripChart, columns: number): string[] {
  const shown = alarms !== undefined && alarms.atMs.length > 0 ? alarms : undefined;
  const names = [...strips, ...(shown === undefined ? [] : [shown])].map(({ name }) => name.length);
  const label = (text: string): string => text.padEnd(Math.max(...names) + 2);
  const bars = strips.map(({ name, points, range, max }) => {
    const values = columnValues(points, endMs, columns).map((value) => (value === 0 ? null : value));
    return `${label(name)}${sparkline(values, max === undefined ? {} : { max })}  ${range}`;
  });
  const marks =
    shown === undefined ? [] : [`${label(shown.name)}${marksOf(shown.atMs, endMs, columns)}  ${shown.range}`];
  return [...bars, ...marks, label('') + axisLine(axis, columns)];
}

/** The largest value that held in the time of each column. */
function columnValues(points: readonly Point[], endMs: number, columns: number): number[] {
  return Array.from({ length: columns }, (_, column) => {
    const [fromMs, toMs] = [(column * endMs) / columns, ((column + 1) * endMs) / columns];
    const first = points.findLast(({ atMs }) => atMs <= fromMs);
    const within = points.filter(({ atMs }) => atMs > fromMs && atMs < toMs);
    return Math.max(0, ...(first === undefined ? within : [first, ...within]).map(({ value }) => value));
  });
}

function marksOf(times: readonly number[], endMs: number, columns: number): string {
  const marked = new Set(times.map((atMs) => Math.min(columns - 1, Math.floor((atMs / endMs) * columns))));
  return Array.from({ length: columns }, (_, column) => (marked.has(column) ? '!' : ' ')).join('');
}

function axisLine([first, middle, last]: StripChart['axis'], columns: number): string {
  const left = first.padEnd(Math.floor((columns - middle.length) / 2)) + middle;
  return left + last.padStart(Math.max(last.length + 1, columns - left.length));
}
