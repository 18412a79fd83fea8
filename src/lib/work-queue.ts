export interface WorkQueueOptions {
  /** Keys worked on at the same time, at least 1. */
  readonly concurrency: number;
  /** Works on one key; expected failures are its own business. */
  readonly work: (key: string) => Promise<void>;
  /** Called with what `work` threw: a defect, since nothing expected gets here. */
  readonly onError: (error: unknown, key: string) => void;
}

/**
 * Keys to work on. A key waits at most once, is never worked on twice at the same time, and one that is added while it is
 * being worked on comes again afterwards. Later times are kept here too (`addAt`), but no timers: `wake` moves what is due.
 * Times are a clock's `monotonicMs`.
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #waiting = new Set<string>();
  readonly #running = new Set<string>();
  readonly #dueMs = new Map<string, number>();
  readonly #idleListeners: (() => void)[] = [];
  #stopped = false;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  /** Keys that wait for a worker. */
  get depth(): number {
    return this.#waiting.size;
  }

  get running(): number {
    return this.#running.size;
  }

  /** How late the latest key is, in milliseconds: 0 when nothing is overdue. */
  lagMs(nowMs: number): number {
    let lagMs = 0;
    for (const key of this.#waiting) lagMs = Math.max(lagMs, nowMs - (this.#dueMs.get(key) ?? nowMs));
    return lagMs;
  }

  /** Adds a key now. */
  add(key: string): void {
    if (this.#stopped) return;
    this.#waiting.add(key);
    this.#startMore();
  }

  /** Sets when the key is due next, in place of an earlier such time. */
  addAt(key: string, atMs: number): void {
    if (!this.#stopped) this.#dueMs.set(key, atMs);
  }

  /** Adds the keys whose time has come, earliest first. */
  wake(nowMs: number): void {
    const due = [...this.#dueMs].filter(([key, atMs]) => atMs <= nowMs && !this.#waiting.has(key));
    for (const [key] of due.sort(([, a], [, b]) => a - b)) this.add(key);
  }

  /** Forgets a key that waits or is due later; one that is being worked on finishes. */
  remove(key: string): void {
    this.#waiting.delete(key);
    this.#dueMs.delete(key);
  }

  /** Takes no more keys, drops those that wait, and resolves when the running ones have finished. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#waiting.clear();
    this.#dueMs.clear();
    if (this.#running.size > 0) await new Promise<void>((resolve) => this.#idleListeners.push(resolve));
  }

  #startMore(): void {
    for (const key of this.#waiting) {
      if (this.#running.size >= this.#options.concurrency) return;
      if (!this.#running.has(key)) this.#start(key);
    }
  }

  #start(key: string): void {
    this.#waiting.delete(key);
    this.#dueMs.delete(key);
    this.#running.add(key);
    this.#options
      .work(key)
      .catch((error: unknown) => this.#options.onError(error, key))
      .finally(() => {
        this.#running.delete(key);
        if (this.#stopped && this.#running.size === 0) for (const resolve of this.#idleListeners) resolve();
        this.#startMore();
      });
  }
}
