import type { Family } from './family-reader.ts';

/** What is kept of a pod's counters until its next scrape. */
export interface Counters {
  /** When the pod answered. */
  readonly atMs: number;
  readonly series: Family['series'];
}

/**
 * What a pod's counters have grown by a second, all series together. Each by itself:
 *
 *     before   now    grown by
 *     100      130    30
 *     100      20     20       it began again at zero: the process was restarted
 *     -        20     20       it is new: client libraries make a series at its first use, at zero
 *     100      -      0        it went
 *
 * @param before of the same pod, earlier
 */
export function ratePerSecond(before: Counters, now: Counters): number {
  let grown = 0;
  for (const [key, value] of now.series) {
    const from = before.series.get(key) ?? 0;
    grown += value >= from ? value - from : value;
  }
  return grown / ((now.atMs - before.atMs) / 1000);
}

/** All series together. */
export function sum(series: Family['series']): number {
  let total = 0;
  for (const value of series.values()) total += value;
  return total;
}
