import type { Clock } from '../lib/clock.ts';

/**
 * Aborts what has been silent for too long. A TCP connection whose other end is gone without a sign (a machine that lost its power,
 * a balancer that forgot it) looks like one on which nothing happens; keep-alive probes take a quarter of an hour to tell.
 */
export class IdleGuard {
  /** Aborts on silence, or when the signal given does. */
  readonly signal: AbortSignal;
  readonly #silence = new AbortController();
  readonly #stop = new AbortController();
  readonly #clock: Clock;
  readonly #idleMs: number;
  #heardMs: number;

  constructor(clock: Clock, idleMs: number, signal: AbortSignal) {
    this.#clock = clock;
    this.#idleMs = idleMs;
    this.#heardMs = clock.monotonicMs();
    this.signal = AbortSignal.any([this.#silence.signal, signal]);
    void this.#watch();
  }

  /** True when there was silence for too long. */
  get expired(): boolean {
    return this.#silence.signal.aborted;
  }

  heard(): void {
    this.#heardMs = this.#clock.monotonicMs();
  }

  /** Nothing is aborted any more. */
  stop(): void {
    this.#stop.abort();
  }

  async #watch(): Promise<void> {
    const stopped = this.#stop.signal;
    while (!stopped.aborted && !this.signal.aborted) {
      const leftMs = this.#heardMs + this.#idleMs - this.#clock.monotonicMs();
      if (leftMs <= 0) this.#silence.abort(new Error(`nothing was heard for ${this.#idleMs} ms`));
      else await this.#clock.sleep(leftMs, stopped);
    }
  }
}
