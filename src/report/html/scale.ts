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
  const step = roundUp(Math.max(max, 1e-9) / intervals);
  return linear(step, Math.max(1, Math.ceil(max / step - 1e-9)), label);
}

/** From zero in whole numbers: replicas. */
export function countScale(max: number): Scale {
  const step = Math.max(1, roundUp(max / 4));
  return linear(step, Math.max(1, Math.ceil(max / step)), String);
}

function linear(step: number, count: number, label: (value: number) => string): Scale {
  const top = step * count;
  const values = Array.from({ length: count + 1 }, (_, index) => index * step);
  const at = (value: number): number => clamp(value / top);
  return { at, ticks: values.map((value) => ({ at: at(value), label: label(value) })) };
}

/** Milliseconds by their logarithm, between numbers that begin with 1, 2 or 5. */
export function logScale(valuesMs: readonly number[]): Scale {
  const positive = valuesMs.filter((value) => value > 0);
  const values = round125(least(positive) ?? 1, greatest(positive) ?? 10);
  const [low, high] = [values[0] ?? 1, values.at(-1) ?? 10];
  const at = (value: number): number =>
    value <= low ? 0 : clamp(Math.log(value / low) / Math.log(high / low));
  const shown = values.length <= 6 ? values : values.filter((value) => /^[0.]*1/.test(plainNumber(value)));
  return { at, ticks: shown.map((value) => ({ at: at(value), label: shortMs(value) })) };
}

/** Moments of a run, in steps that a clock has. */
export function timeScale(durationMs: number, intervals = 6): Scale {
  const span = Math.max(durationMs, 1);
  const stepMs =
    clockStepsMs.find((step) => span / step <= intervals) ?? Math.ceil(span / intervals / 3.6e6) * 3.6e6;
  const at = (ms: number): number => clamp(ms / span);
  const count = Math.floor(span / stepMs + 1e-9);
  const moments = Array.from({ length: count + 1 }, (_, index) => index * stepMs);
  return { at, ticks: moments.map((ms) => ({ at: at(ms), label: clockLabel(ms, stepMs) })) };
}

const secondsMs = [1, 2, 5, 10, 15, 20, 30].map((seconds) => seconds * 1000);
const clockStepsMs = [100, 200, 500, ...secondsMs, ...secondsMs.map((ms) => ms * 60), 3.6e6, 7.2e6];

function clockLabel(ms: number, stepMs: number): string {
  if (stepMs >= 3.6e6) return `${ms / 3.6e6} h`;
  return stepMs < 1000 ? `${(ms / 1000).toFixed(1)} s` : formatClock(ms);
}

/** How far a percentile is from all: 0, 90, 99, 99.9 are one step apart each. */
export function percentileScale(highest: number): Scale {
  const nines = Math.min(6, Math.max(2, Math.ceil(-Math.log10(Math.max(1 - highest / 100, 1e-6)) - 1e-6)));
  const at = (percentile: number): number => clamp(-Math.log10(Math.max(1 - percentile / 100, 1e-9)) / nines);
  const shown = [0, 50, ...Array.from({ length: nines }, (_, index) => 100 - 10 ** (1 - index))].slice(0);
  const ticks = shown.filter((percentile) => percentile !== 0 || nines > 0);
  return { at, ticks: ticks.map((percentile) => ({ at: at(percentile), label: percentName(percentile) })) };
}

function percentName(percentile: number): string {
  return `${Number(percentile.toFixed(4))} %`;
}

/** The smallest number beginning with 1, 2 or 5 that is not below. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const lead = [1, 2, 5].find((digit) => digit * power >= value * (1 - 1e-9)) ?? 10;
  return lead * power;
}

/** All numbers beginning with 1, 2 or 5 from the one not above `low` to the one not below `high`; at least two. */
function round125(low: number, high: number): number[] {
  const all = Array.from({ length: 36 }, (_, index) => {
    const lead = [1, 2, 5][index % 3] ?? 1;
    return Number(`${lead}e${Math.floor(index / 3) - 4}`);
  });
  const from = Math.max(
    0,
    all.findLastIndex((value) => value <= low),
  );
  const to = all.findIndex((value) => value >= high);
  return all.slice(from, Math.max(to === -1 ? all.length : to, from + 1) + 1);
}

function shortMs(ms: number): string {
  return ms >= 1000 ? `${ms / 1000} s` : ms >= 0.01 ? `${plainNumber(ms)} ms` : formatMs(ms);
}

function plainNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}

/** Of any number of values, which a spread argument list is not. */
export function greatest(values: readonly number[]): number | undefined {
  return values.reduce<number | undefined>(
    (most, value) => (most === undefined || value > most ? value : most),
    undefined,
  );
}

function least(values: readonly number[]): number | undefined {
  return values.reduce<number | undefined>(
    (most, value) => (most === undefined || value < most ? value : most),
    undefined,
  );
}
