import type { Clock } from '../lib/clock.ts';

export interface RateLimitOptions {
  /** Requests a second in the long run; 0 means no limit. */
  readonly qps: number;
  /** Requests that may be sent at once after a quiet time; at least 1. */
  readonly burst: number;
  readonly clock: Clock;
}

interface Waiter {
  readonly admit: (admitted: boolean) => void;
}

/**
 * A token bucket whose waiting line is first in, first out: a caller that asks for much cannot push another one back for ever.
 * The bucket is full at the start.
 */
export class RateLimiter {
  readonly #options: RateLimitOptions;
  readonly #waiting: Waiter[] = [];
  #tokens: number;
  #filledMs: number;
  #pumping = false;

  constructor(options: RateLimitOptions) {
    this.#options = options;
    this.#tokens = options.burst;
    this.#filledMs = options.clock.monotonicMs();
  }

  /**
   * Resolves when a request may be sent, or as soon as the signal aborts; then no token is taken.
   * @returns milliseconds waited
   */
  async take(signal?: AbortSignal): Promise<number> {
    if (this.#options.qps <= 0 || signal?.aborted === true) return 0;
    if (this.#waiting.length === 0 && this.#takeToken()) return 0;
    const startedMs = this.#options.clock.monotonicMs();
    await this.#wait(signal);
    return this.#options.clock.monotonicMs() - startedMs;
  }

  /** How many wait now. */
  get waiting(): number {
    return this.#waiting.length;
  }

  async #wait(signal: AbortSignal | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const waiter = { admit: resolve };
    const leave = (): void => {
      const place = this.#waiting.indexOf(waiter);
      if (place >= 0) this.#waiting.splice(place, 1);
      resolve(false);
    };
    this.#waiting.push(waiter);
    signal?.addEventListener('abort', leave, { once: true });
    if (!this.#pumping) void this.#pump();
    await promise;
    signal?.removeEventListener('abort', leave);
  }

  /** Admits whoever is first as tokens come in, as long as anybody waits. */
  async #pump(): Promise<void> {
    this.#pumping = true;
    while (this.#waiting.length > 0) {
      if (this.#takeToken()) this.#waiting.shift()?.admit(true);
      else await this.#options.clock.sleep(((1 - this.#tokens) * 1000) / this.#options.qps);
    }
    this.#pumping = false;
  }

  #takeToken(): boolean {
    const { burst, clock, qps } = this.#options;
    const nowMs = clock.monotonicMs();
    this.#tokens = Math.min(burst, this.#tokens + ((nowMs - this.#filledMs) * qps) / 1000);
    this.#filledMs = nowMs;
    if (this.#tokens < 1 - 1e-9) return false;
    this.#tokens -= 1;
    return true;
  }
}
