export interface EventLimitOptions {
  /** Events of one object that may be written at once. Default 25. */
  readonly burst?: number;
  /** After so many milliseconds it may be one more. Default 300,000. */
  readonly refillMs?: number;
}

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/**
 * Keeps one object from filling the cluster with events: a token bucket for each. The numbers are client-go's
 * (tools/record/events_cache.go, `EventSourceObjectSpamFilter`). Times are a clock's `monotonicMs`.
 */
export class EventLimit {
  readonly #burst: number;
  readonly #refillMs: number;
  /** Those that were not used for longest come first; one that is full again is as good as none. */
  readonly #buckets = new Map<string, Bucket>();

  constructor({ burst = 25, refillMs = 300_000 }: EventLimitOptions = {}) {
    this.#burst = burst;
    this.#refillMs = refillMs;
  }

  /** How many objects are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Takes a token of an object; false when it has none. */
  take(uid: string, nowMs: number): boolean {
    this.#forgetFull(nowMs);
    const tokens = this.#tokens(this.#buckets.get(uid), nowMs);
    if (tokens < 1) return false;
    this.#buckets.delete(uid);
    this.#buckets.set(uid, { tokens: tokens - 1, atMs: nowMs });
    return true;
  }

  #tokens(bucket: Bucket | undefined, nowMs: number): number {
    if (bucket === undefined) return this.#burst;
    return Math.min(this.#burst, bucket.tokens + (nowMs - bucket.atMs) / this.#refillMs);
  }

  #forgetFull(nowMs: number): void {
    for (const [uid, bucket] of this.#buckets) {
      if (this.#tokens(bucket, nowMs) < this.#burst) return;
      this.#buckets.delete(uid);
    }
  }
}
