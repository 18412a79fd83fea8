export interface BackoffOptions {
  /** Upper bound of the first delay in milliseconds, above 0. */
  readonly firstMs: number;
  /** No delay is longer; milliseconds, at least `firstMs`. */
  readonly capMs: number;
  /** Uniform in [0, 1); `Math.random` outside tests. */
  readonly random: () => number;
}

/**
 * Exponential backoff with full jitter: the n-th delay is uniform between 0 and `min(capMs, firstMs * 2^n)`, so that
 * clients which failed together do not come back together.
 */
export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** Failures since the last `reset`. */
  get failures(): number {
    return this.#failures;
  }

  /** Counts one failure. @returns milliseconds to wait before the next try */
  nextMs(): number {
    const { firstMs, capMs, random } = this.#options;
    const boundMs = Math.min(capMs, firstMs * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    return Math.round(boundMs * random());
  }

  reset(): void {
    this.#failures = 0;
  }
}
