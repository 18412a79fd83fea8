import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Percentiles, Spectrum } from '../report/load-result.ts';

const longestMs = 3_600_000;

/** A distribution of times, to one microsecond and so many significant digits; its size does not grow with the run. */
export class LatencyHistogram {
  readonly #histogram: RecordableHistogram;
  /** The histogram's own maximum is rounded up to its three digits. */
  #maxMs = 0;

  /** @param figures 3: within 0.1 %, some 190 KB; 2: within 1 %, some 30 KB */
  constructor(figures: 2 | 3 = 3) {
    this.#histogram = createHistogram({ lowest: 1, highest: longestMs * 1000, figures });
  }

  record(ms: number): void {
    const micros = Math.round(Math.min(Math.max(ms, 0), longestMs) * 1000);
    this.#histogram.record(Math.max(1, micros));
    if (ms > this.#maxMs) this.#maxMs = ms;
  }

  /** Takes over all that another one holds. */
  add(other: LatencyHistogram): void {
    if (other.#histogram.count === 0) return;
    this.#histogram.add(other.#histogram);
    this.#maxMs = Math.max(this.#maxMs, other.#maxMs);
  }

  reset(): void {
    this.#histogram.reset();
    this.#maxMs = 0;
  }

  /** Empty where nothing was measured. */
  spectrum(): Spectrum {
    if (this.#histogram.count === 0) return [];
    return spectrumPercentiles.map((percentile) => [percentile, this.#at(percentile)]);
  }

  /** @param endless so many more took longer than any time: null where a percentile is one of these */
  percentiles(endless = 0): Percentiles {
    const count = this.#histogram.count;
    if (count === 0) return { p50: null, p90: null, p99: null, p999: null, max: null };
    const at = (percentile: number): number | null => {
      const ofMeasured = (percentile * (count + endless)) / count;
      return ofMeasured > 100 ? null : this.#at(ofMeasured);
    };
    const max = endless > 0 ? null : round(this.#maxMs);
    return { p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max };
  }

  #at(percentile: number): number {
    if (percentile === 0) return Math.min(this.#histogram.min / 1000, round(this.#maxMs));
    return Math.min(this.#histogram.percentile(percentile) / 1000, round(this.#maxMs));
  }
}

/** Dense where it matters: each step takes a half of what is left. */
const spectrumPercentiles = [
  0, 10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 95, 97.5, 99, 99.5, 99.9, 99.95, 99.99, 100,
];

/** To whole microseconds. */
function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
