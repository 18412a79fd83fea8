import { systemClock } from '../../src/lib/clock.ts';
import type { Clock } from '../../src/lib/clock.ts';

/** The machine's clock, set ahead by whole seconds, so that full seconds stay full seconds. */
export class ShiftedClock implements Clock {
  #aheadMs: number;
  #passedMs = 0;

  constructor(time: string) {
    this.#aheadMs = Date.parse(time) - Math.floor(Date.now() / 1000) * 1000;
  }

  now(): number {
    return Date.now() + this.#aheadMs;
  }

  monotonicMs(): number {
    return systemClock.monotonicMs() + this.#passedMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal);
  }

  /** Time passes at once. */
  pass(ms: number): void {
    this.#aheadMs += ms;
    this.#passedMs += ms;
  }
}
