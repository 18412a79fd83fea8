import { type ScaleContinuousNumeric, scaleLinear, scaleLog } from 'd3-scale';
import { formatClock, formatMs } from '../format.ts';

interface Tick {
  /** 0 to 1, from the start of the axis. */
  readonly at: number;
  readonly label: string;
}

/** From a value to its place on an axis. */
export interface Scale {
  /** 0 to 1; a value beyond the axis is at its end. */
  readonly at: (value: number) => number;
  readonly ticks: readonly Tick[];
}

/** From zero to a round number that is not below `max`. */
export function linearScale(max: number, label: (value: number) => string, intervals = 4): Scale {
  const scale = scaleLinear([0, max > 0 ? max : 1], [0, 1])
    .clamp(true)
    .nice(intervals);
  return toScale(scale, scale.ticks(intervals), label);
}

/** From zero in whole numbers: replicas. */
export function countScale(max: number): Scale {
  return linearScale(max, String, Math.min(4, Math.max(1, max)));
}

/** More of them than this are one for each power of ten. */
const mostLogTicks = 6;

/** Milliseconds by their logarithm, between numbers that begin with 1, 2 or 5. */
export function logScale(valuesMs: readonly number[]): Scale {
  const positive = valuesMs.filter((value) => value > 0).toSorted((a, b) => a - b);
  const [least = 1, most = 10] = [positive[0], positive.at(-1)];
  const round = roundNumbers(least, Math.max(most, least * 1.1));
  const scale = scaleLog([round[0] ?? 1, round.at(-1) ?? 10], [0, 1]).clamp(true);
  const shown = round.length <= mostLogTicks ? round : round.filter((value) => beginsWith(value, ['1']));
  return toScale(scale, shown, shortMs);
}

/** Fewer decades than this have ticks between the powers of ten; times of a run span ten at most. */
const mostDecades = 20;

/** All that begin with 1, 2 or 5, from the one not above `low` to the one not below `high`. */
function roundNumbers(low: number, high: number): number[] {
  const decades = scaleLog().domain([low, high]).nice();
  const all = decades.ticks(mostDecades).filter((value) => beginsWith(value, ['1', '2', '5']));
  const from = all.findLastIndex((value) => value <= low);
  const to = all.findIndex((value) => value >= high);
  return all.slice(Math.max(0, from), to + 1);
}

function beginsWith(value: number, digits: readonly string[]): boolean {
  return digits.includes(value.toExponential(0).charAt(0));
}

/** Moments of a run, in steps of the largest unit of which there are some. */
export function timeScale(durationMs: number, intervals = 5): Scale {
  const spanMs = Math.max(durationMs, 1);
  const unitMs = [1000, 60_000].find((unit) => spanMs <= 120 * unit) ?? 3_600_000;
  const scale = scaleLinear([0, spanMs / unitMs], [0, 1]).clamp(true);
  const ticks = scale.ticks(intervals);
  const plain = scale.tickFormat(intervals);
  const isClock = unitMs < 3_600_000 && ticks.every((tick) => Number.isInteger((tick * unitMs) / 1000));
  const label = (tick: number): string =>
    isClock ? formatClock(tick * unitMs) : `${plain(tick)} ${unitMs === 1000 ? 's' : 'h'}`;
  return { ...toScale(scale, ticks, label), at: (ms) => scale(ms / unitMs) };
}

/** How far a percentile is from all: 0, 90, 99, 99.9 are one step apart each. */
export function percentileScale(highest: number): Scale {
  const nines = Math.min(6, Math.max(2, Math.ceil(Math.log10(oneOf(highest)) - 1e-6)));
  const scale = scaleLog([1, 10 ** nines], [0, 1]).clamp(true);
  const at = (percentile: number): number => scale(oneOf(percentile));
  const percentiles = [0, 50, ...Array.from({ length: nines }, (_, index) => 100 - 10 ** (1 - index))];
  return {
    at,
    ticks: percentiles.map((percentile) => ({ at: at(percentile), label: percentName(percentile) })),
  };
}

/** One of so many is beyond the percentile: 100 for the 99th. */
function oneOf(percentile: number): number {
  return 1 / (1 - Math.min(percentile, 99.999_999) / 100);
}

function percentName(percentile: number): string {
  return `${Number(percentile.toFixed(4))} %`;
}

function toScale(
  scale: ScaleContinuousNumeric<number, number>,
  values: readonly number[],
  label: (value: number) => string,
): Scale {
  return { at: (value) => scale(value), ticks: values.map((at) => ({ at: scale(at), label: label(at) })) };
}

function shortMs(ms: number): string {
  if (ms >= 1000) return `${ms / 1000} s`;
  return ms >= 0.01 ? `${Number(ms.toPrecision(3))} ms` : formatMs(ms);
}

/** Of any number of values, which a spread argument list is not. */
export function greatest(values: readonly number[]): number | undefined {
  return values.reduce<number | undefined>(
    (most, value) => (most === undefined || value > most ? value : most),
    undefined,
  );
}
