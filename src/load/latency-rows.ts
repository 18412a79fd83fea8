import type { Heatmap } from '../report/load-result.ts';

/** Two for each doubling, from 1 us to 2^32 us. */
const mostColumns = 64;

/** Counts answers by latency, in columns that grow with it: 1, 1.5, 2, 3, 4, 6 ... microseconds and more. */
export class LatencyRows {
  readonly #rows: Uint32Array[] = [];
  #row = new Uint32Array(mostColumns);

  record(ms: number): void {
    const micros = Math.min(Math.max(Math.floor(ms * 1000), 1), 2 ** 32 - 1);
    const power = 31 - Math.clz32(micros);
    const isUpperHalf = power > 0 && ((micros >>> (power - 1)) & 1) === 1;
    const column = 2 * power + (isUpperHalf ? 1 : 0);
    this.#row[column] = (this.#row[column] ?? 0) + 1;
  }

  /** Ends a row and begins the next. */
  cut(): void {
    this.#rows.push(this.#row);
    this.#row = new Uint32Array(mostColumns);
  }

  /** The columns from the first to the last that holds something. */
  heatmap(): Heatmap {
    const used = Array.from({ length: mostColumns }, (_, column) =>
      this.#rows.some((row) => (row[column] ?? 0) > 0),
    );
    const [first, last] = [used.indexOf(true), used.lastIndexOf(true)];
    if (first === -1) return { lowMs: [], counts: this.#rows.map(() => []) };
    return {
      lowMs: Array.from({ length: last - first + 1 }, (_, index) => lowMs(first + index)),
      counts: this.#rows.map((row) => [...row.subarray(first, last + 1)]),
    };
  }
}

function lowMs(column: number): number {
  const power = 2 ** Math.floor(column / 2);
  return (column % 2 === 0 ? power : 1.5 * power) / 1000;
}
