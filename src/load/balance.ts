import type { Balance } from '../report/load-result.ts';

/** One pod's answers in each second of the run, from its first answer to its last; what is missing is zero. */
export type AnswersBySecond = ReadonlyMap<number, number>;

/**
 * How evenly the pods were loaded. A pod that came later has fewer requests over the whole run however fair the balancer,
 * so this looks at the longest stretch of whole seconds, 5 at least where there is one, in which the largest number of pods
 * were answering.
 */
export function balanceOf(pods: Readonly<Record<string, AnswersBySecond>>, elapsedMs: number): Balance {
  const active = Object.values(pods).filter((seconds) => seconds.size > 0);
  const stretch = widestStretch(active.map(spanOf), Math.max(1, Math.ceil(elapsedMs / 1000)));
  const counts = active
    .filter((seconds) => covers(spanOf(seconds), stretch))
    .map((seconds) => countIn(seconds, stretch));
  return {
    pods: counts.length,
    maxOverMean: maxOverMean(counts),
    jainIndex: jainIndex(counts),
    fromMs: stretch.from * 1000,
    toMs: Math.min((stretch.to + 1) * 1000, Math.max(Math.round(elapsedMs), stretch.from * 1000)),
  };
}

/** The largest count over the mean; null when there is nothing to compare. */
export function maxOverMean(counts: readonly number[]): number | null {
  const total = sum(counts);
  return total === 0 ? null : (largest(counts) * counts.length) / total;
}

/** Jain, Chiu and Hawe's index: (sum x)^2 / (n sum x^2). */
export function jainIndex(counts: readonly number[]): number | null {
  const squares = sum(counts.map((count) => count * count));
  return squares === 0 ? null : sum(counts) ** 2 / (counts.length * squares);
}

/** Seconds of the run, both ends included. */
interface Span {
  readonly from: number;
  readonly to: number;
}

function spanOf(seconds: AnswersBySecond): Span {
  let [from, to] = [Infinity, -Infinity];
  for (const second of seconds.keys()) [from, to] = [Math.min(from, second), Math.max(to, second)];
  return { from, to };
}

/** A shorter stretch says little: two pods that change places overlap for a moment. */
const tellingSeconds = 5;

/** The longest stretch with the most open spans that is long enough to tell; if none is, the one with the most. */
function widestStretch(spans: readonly Span[], seconds: number): Span {
  const open = Array.from(
    { length: seconds },
    (_, second) => spans.filter((span) => covers(span, at(second))).length,
  );
  const counts = [...new Set(open)].sort((a, b) => b - a);
  const stretches = counts.flatMap((count) => longestRun(open, count) ?? []);
  const isTelling = ({ from, to }: Span): boolean => to - from + 1 >= tellingSeconds;
  return stretches.find(isTelling) ?? stretches[0] ?? { from: 0, to: seconds - 1 };
}

/** The longest run of seconds with this count; the first of equals. */
function longestRun(counts: readonly number[], wanted: number): Span | undefined {
  let best: Span | undefined;
  let from: number | undefined;
  for (let second = 0; second <= counts.length; second += 1) {
    if (counts[second] === wanted) from ??= second;
    else if (from !== undefined) {
      if (best === undefined || second - 1 - from > best.to - best.from) best = { from, to: second - 1 };
      from = undefined;
    }
  }
  return best;
}

function at(second: number): Span {
  return { from: second, to: second };
}

function covers(outer: Span, inner: Span): boolean {
  return outer.from <= inner.from && outer.to >= inner.to;
}

function countIn(seconds: AnswersBySecond, span: Span): number {
  let total = 0;
  for (const [second, count] of seconds) if (second >= span.from && second <= span.to) total += count;
  return total;
}

/** Not `Math.max(...values)`: a run of days has more seconds than a call can have arguments. */
function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), -Infinity);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
