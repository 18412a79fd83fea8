import type { ViewStream } from '../report/live-view.ts';
import type { Totals } from './totals.ts';

const firstAfterMs = 2000;
const everyMs = 200;
const clearLine = '\r\u001b[2K';

/** One line on a terminal that tells how far a long replay is; nothing elsewhere, and nothing of a short one. */
export class Progress {
  readonly #stream: ViewStream;
  readonly #nowMs: () => number;
  readonly #startedAtMs: number;
  #shownAtMs = -Infinity;
  #shown = false;

  /** @param nowMs time that never goes back */
  constructor(stream: ViewStream, nowMs: () => number) {
    this.#stream = stream;
    this.#nowMs = nowMs;
    this.#startedAtMs = nowMs();
  }

  update({ scenarios, ticks }: Totals): void {
    if (this.#stream.isTTY !== true) return;
    const now = this.#nowMs();
    if (now - this.#startedAtMs < firstAfterMs || now - this.#shownAtMs < everyMs) return;
    this.#stream.write(`${clearLine}${scenarios} scenarios, ${ticks} ticks`);
    this.#shownAtMs = now;
    this.#shown = true;
  }

  /** Takes the line away, so that others can be written. */
  clear(): void {
    if (this.#shown) this.#stream.write(clearLine);
    this.#shown = false;
  }
}
