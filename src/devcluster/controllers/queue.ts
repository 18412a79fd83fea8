import { errorMessage } from '../../lib/errors.ts';

export interface KeyQueueOptions {
  /** Named in the log. */
  readonly name: string;
  /** Does the work of one key. May say when to look at the key again. What it throws is logged and tried again. */
  readonly work: (key: string) => { requeueAfterMs?: number } | undefined;
  readonly log: (line: string) => void;
  /** Delay after the first failure of a key; doubles up to `maxRetryMs`. Default 20 ms. */
  readonly retryMs?: number;
  /** Default 5 s. */
  readonly maxRetryMs?: number;
}

export interface KeyQueue {
  add(key: string): void;
  /** Adds the key later; the earliest of several times holds. */
  addAfter(key: string, delayMs: number): void;
  /** Nothing is worked on afterwards. */
  stop(): void;
}

interface Delayed {
  readonly atMs: number;
  readonly timer: NodeJS.Timeout;
}

/**
 * Keys that wait for work, each at most once. Works on one key at a time and lets other events of the process in
 * between, so that a burst of changes to one object is one piece of work.
 */
export function createKeyQueue(options: KeyQueueOptions): KeyQueue {
  const { name, work, log, retryMs = 20, maxRetryMs = 5000 } = options;
  const waiting = new Set<string>();
  const delayed = new Map<string, Delayed>();
  const failures = new Map<string, number>();
  let next: NodeJS.Immediate | undefined;
  let stopped = false;

  function add(key: string): void {
    if (stopped) return;
    waiting.add(key);
    next ??= setImmediate(step);
  }

  function addAfter(key: string, delayMs: number): void {
    const atMs = performance.now() + delayMs;
    const earlier = delayed.get(key);
    if (stopped || (earlier && earlier.atMs <= atMs)) return;
    clearTimeout(earlier?.timer);
    const timer = setTimeout(() => {
      delayed.delete(key);
      add(key);
    }, delayMs);
    delayed.set(key, { atMs, timer });
  }

  function step(): void {
    next = undefined;
    const [key] = waiting;
    if (stopped || key === undefined) return;
    waiting.delete(key);
    attempt(key);
    if (waiting.size > 0) next ??= setImmediate(step);
  }

  function attempt(key: string): void {
    try {
      const result = work(key);
      failures.delete(key);
      if (result?.requeueAfterMs !== undefined) addAfter(key, result.requeueAfterMs);
    } catch (error) {
      const count = (failures.get(key) ?? 0) + 1;
      failures.set(key, count);
      const delayMs = Math.min(maxRetryMs, retryMs * 2 ** (count - 1));
      log(`${name}: ${key}: ${errorMessage(error)}; again in ${delayMs} ms`);
      addAfter(key, delayMs);
    }
  }

  function stop(): void {
    stopped = true;
    clearImmediate(next);
    for (const { timer } of delayed.values()) clearTimeout(timer);
    for (const collection of [waiting, delayed, failures]) collection.clear();
  }

  return { add, addAfter, stop };
}
