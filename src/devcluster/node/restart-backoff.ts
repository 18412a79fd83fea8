export interface RestartBackoffOptions {
  /** Delay before the second restart in a row, in ms; the first is at once. Default 10 s, as the kubelet. */
  readonly baseMs?: number;
}

/** Factor between base and the longest delay (10 s, 5 min). */
const longest = 30;
/** A container that ran for this many bases (10 min) starts anew. */
const forgiven = 60;

/** How long a container that ended waits for its restart: 0, 10 s, 20 s, ... 5 min. */
export class RestartBackoff {
  readonly #baseMs: number;
  #restarts = 0;

  constructor({ baseMs = 10_000 }: RestartBackoffOptions = {}) {
    this.#baseMs = baseMs;
  }

  /** @param ranMs how long the container ran before it ended; 0 when it did not start */
  nextMs(ranMs: number): number {
    if (ranMs >= this.#baseMs * forgiven) this.#restarts = 0;
    const delayMs = this.#restarts === 0 ? 0 : this.#baseMs * Math.min(longest, 2 ** (this.#restarts - 1));
    this.#restarts += 1;
    return delayMs;
  }
}
