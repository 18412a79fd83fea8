import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Percentiles } from '../report/load-result.ts';

const longestMs = 3_600_000;

/** A distribution of times, to three significant digits and one microsecond; its size does not grow with the run. */
export class LatencyHistogram {
  readonly #histogram: RecordableHistogram = createHistogram({
    lowest: 1,
    highest: longestMs * 1000,
    figures: 3,
  });
  /** The histogram's own maximum is rounded up to its three digits. */
  #maxMs = 0;

  record(ms: number): void {
    const micros = Math.round(Math.min(Math.max(ms, 0), longestMs) * 1000);
    this.#histogram.record(Math.max(1, micros));
    if (ms > this.#maxMs) this.#maxMs = ms;
  }

  reset(): void {
    this.#histogram.reset();
    this.#maxMs = 0;
  }

  percentiles(): Percentiles {
    if (this.#histogram.count === 0) return { p50: null, p90: null, p99: null, p999: null, max: null };
    const at = (percentile: number): number =>
      Math.min(this.#histogram.percentile(percentile) / 1000, round(this.#maxMs));
    return { p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: round(this.#maxMs) };
  }
}

/** To whole microseconds. */
function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
