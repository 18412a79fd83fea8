export interface WorkQueueOptions {
  /** Keys of one lane worked on at the same time, at least 1. */
  readonly concurrency: number;
  /**
   * The lane of a key, looked at when it is added: keys that wait for the same slow thing share one, and keep none of another
   * waiting. Default: one lane for all.
   */
  readonly laneOf?: (key: string) => string;
  /** Works on one key; expected failures are its own business. `dueMs`: when it was due, if it was due at a time. */
  readonly work: (key: string, dueMs: number | undefined) => Promise<void>;
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
  /** The lane of each key that waits, in the order of arrival. */
  readonly #waiting = new Map<string, string>();
  readonly #lanes = new Map<string, Lane>();
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
    for (const key of this.#waiting.keys()) lagMs = Math.max(lagMs, nowMs - (this.#dueMs.get(key) ?? nowMs));
    return lagMs;
  }

  /** Adds a key now. */
  add(key: string): void {
    if (this.#stopped || this.#waiting.has(key)) return;
    const lane = this.#options.laneOf?.(key) ?? '';
    this.#waiting.set(key, lane);
    this.#laneNamed(lane).waiting.add(key);
    this.#startMore(lane);
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
    this.#leave(key);
    this.#dueMs.delete(key);
  }

  /** Takes no more keys, drops those that wait, and resolves when the running ones have finished. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#waiting.clear();
    this.#lanes.clear();
    this.#dueMs.clear();
    if (this.#running.size > 0) await new Promise<void>((resolve) => this.#idleListeners.push(resolve));
  }

  #laneNamed(name: string): Lane {
    const lane = this.#lanes.get(name) ?? { waiting: new Set(), running: 0 };
    this.#lanes.set(name, lane);
    return lane;
  }

  #leave(key: string): void {
    const lane = this.#waiting.get(key);
    if (lane === undefined) return;
    this.#waiting.delete(key);
    this.#lanes.get(lane)?.waiting.delete(key);
  }

  #startMore(name: string): void {
    const lane = this.#lanes.get(name);
    if (lane === undefined) return;
    for (const key of lane.waiting) {
      if (lane.running >= this.#options.concurrency) return;
      if (!this.#running.has(key)) this.#start(key, lane, name);
    }
    if (lane.waiting.size === 0 && lane.running === 0) this.#lanes.delete(name);
  }

  #start(key: string, lane: Lane, name: string): void {
    const dueMs = this.#dueMs.get(key);
    this.#leave(key);
    this.#dueMs.delete(key);
    this.#running.add(key);
    lane.running += 1;
    this.#options
      .work(key, dueMs)
      .catch((error: unknown) => this.#options.onError(error, key))
      .finally(() => {
        this.#running.delete(key);
        lane.running -= 1;
        if (this.#stopped && this.#running.size === 0) for (const resolve of this.#idleListeners) resolve();
        this.#startMore(name);
        this.#startAgain(key, name);
      });
  }

  /** A key that was added while it was worked on may wait in another lane by now. */
  #startAgain(key: string, formerLane: string): void {
    const lane = this.#waiting.get(key);
    if (lane !== undefined && lane !== formerLane) this.#startMore(lane);
  }
}

/** Keys that share their workers. */
interface Lane {
  readonly waiting: Set<string>;
  running: number;
}
