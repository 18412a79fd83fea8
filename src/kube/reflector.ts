import { Backoff } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { errorMessage } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import type { KubeClient, Query } from './client.ts';
import { isKubeError } from './errors.ts';

/** Told of every change, in order. An item is what `project` made of an object. */
export interface ReflectorHandler<T> {
  /** What exists, all of it: everything else that was known is gone. */
  replace(items: readonly T[]): void;
  /** Added or changed. */
  upsert(item: T): void;
  remove(item: T): void;
}

export interface ReflectorOptions<T> {
  readonly client: KubeClient;
  /** `/api/v1/pods`, `/apis/apps/v1/namespaces/shop/deployments`... */
  readonly path: string;
  readonly labelSelector?: string;
  /** Called on each object as it is read, so that only what is needed is kept. An object for which it throws is left out. */
  readonly project: (object: unknown) => T;
  readonly handler: ReflectorHandler<T>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  /** The only thing that ends the reflector. */
  readonly signal: AbortSignal;
  /** A watch is asked to end after this time and is resumed; in milliseconds, default 300,000, spread by up to a half. */
  readonly watchMs?: number;
}

/** A copy of one kind of objects, kept up to date. */
export interface Reflector {
  /** True from the first complete list on. */
  readonly synced: boolean;
  /** Resolves with the first complete list, or when the signal aborts before it. */
  readonly firstSync: Promise<void>;
  /** When the server last told us something (list, event or bookmark), as the clock's `monotonicMs`; undefined before that. */
  readonly lastSyncMs: number | undefined;
  /** Why the last try failed; absent as soon as a watch is open again. */
  readonly failure: string | undefined;
  /** Resolves after the signal has aborted and nothing more is called. */
  readonly done: Promise<void>;
}

/** Lists and watches until the signal aborts; nothing else ends it. */
export function startReflector<T>(options: ReflectorOptions<T>): Reflector {
  const loop = new ReflectorLoop(options);
  loop.done = loop.run();
  return loop;
}

/** A watch that was open for so long has proved that list and watch work: what goes wrong then is a first failure. */
const provenMs = 5000;

/**
 * ```
 *   list (pages) --> watch from there --+-- ended by the server: resume from the last resourceVersion
 *        ^                              |
 *        +------- any error ------------+   a first 410 at once, everything else after a jittered pause
 * ```
 * The pauses grow until a watch has stayed open for a while: lists that work prove nothing when no watch does.
 *
 * It lists again rather than resume where the server may have restarted from an older state: a watch from a resourceVersion
 * of the future stays open and silent.
 */
class ReflectorLoop<T> implements Reflector {
  synced = false;
  lastSyncMs: number | undefined;
  failure: string | undefined;
  done: Promise<void> = Promise.resolve();
  readonly #first = Promise.withResolvers<undefined>();
  readonly #options: ReflectorOptions<T>;
  readonly #backoff: Backoff;
  /** Since when watches are open, without a list in between. */
  #openedMs: number | undefined;

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
    this.#backoff = new Backoff({ firstMs: 500, capMs: 20_000, random: options.random });
  }

  get firstSync(): Promise<void> {
    return this.#first.promise;
  }

  async run(): Promise<void> {
    while (!this.#ended()) {
      try {
        let resourceVersion = await this.#list();
        while (!this.#ended()) resourceVersion = await this.#watch(resourceVersion);
      } catch (error) {
        if (!this.#ended()) await this.#pause(error);
      }
    }
    this.#first.resolve(undefined);
  }

  #ended(): boolean {
    return this.#options.signal.aborted;
  }

  async #list(): Promise<string> {
    const { client, path, handler, signal } = this.#options;
    const items: T[] = [];
    let resourceVersion = '';
    for await (const page of client.list(path, { query: this.#query(), signal, timeoutMs: 30_000 })) {
      for (const object of page.items) {
        const item = this.#project(object);
        if (item !== undefined) items.push(item);
      }
      resourceVersion = page.resourceVersion;
    }
    this.#heard();
    handler.replace(items);
    this.synced = true;
    this.#first.resolve(undefined);
    return resourceVersion;
  }

  /** @returns the resourceVersion to go on from when the server has ended the watch */
  async #watch(from: string): Promise<string> {
    const { client, clock, path, random, watchMs = 300_000 } = this.#options;
    const timeoutSeconds = Math.max(1, Math.round((watchMs * (1 + random() / 2)) / 1000));
    const query = { ...this.#query(), resourceVersion: from, allowWatchBookmarks: true, timeoutSeconds };
    // A connection that died without a word would stay silent for ever: what outlives its time is cut.
    const signal = AbortSignal.any([this.#options.signal, AbortSignal.timeout((timeoutSeconds + 15) * 1000)]);
    const started = clock.monotonicMs();
    let resourceVersion = from;
    for await (const { type, object } of client.watch(path, {
      query,
      signal,
      onOpen: () => this.#opened(),
    })) {
      resourceVersion = resourceVersionOf(object) ?? resourceVersion;
      this.#heard();
      if (type !== 'BOOKMARK') this.#change(type, object);
    }
    const livedMs = clock.monotonicMs() - started;
    if (livedMs < timeoutSeconds * 900) await this.#checkServer(livedMs, resourceVersion);
    this.#heard();
    return resourceVersion;
  }

  /** After a watch that ended before its time: may it be resumed? @throws when it must not */
  async #checkServer(livedMs: number, resourceVersion: string): Promise<void> {
    const { client, path, signal } = this.#options;
    if (livedMs < 1000) throw new Error('the server ended the watch at once');
    const served = resourceVersionOf(
      await client.get(path, { query: { ...this.#query(), limit: 1 }, signal }),
    );
    if (isBehind(served ?? '', resourceVersion)) throw new Error('the server came back with an older state');
  }

  #change(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: unknown): void {
    const item = this.#project(object);
    if (item === undefined) return;
    if (type === 'DELETED') this.#options.handler.remove(item);
    else this.#options.handler.upsert(item);
  }

  /** One object that cannot be read must not keep the others from us. */
  #project(object: unknown): T | undefined {
    const { project, logger, path } = this.#options;
    try {
      return project(object);
    } catch (error) {
      logger.warn({ path, error: errorMessage(error) }, 'left out an object that cannot be read');
      return undefined;
    }
  }

  #query(): Query {
    return { labelSelector: this.#options.labelSelector };
  }

  #heard(): void {
    this.lastSyncMs = this.#options.clock.monotonicMs();
  }

  #opened(): void {
    const { clock, logger, path } = this.#options;
    if (this.failure !== undefined) logger.info({ path }, 'watching again');
    this.failure = undefined;
    this.#openedMs ??= clock.monotonicMs();
  }

  async #pause(error: unknown): Promise<void> {
    const { clock, logger, path, signal } = this.#options;
    if (this.#openedMs !== undefined && clock.monotonicMs() - this.#openedMs >= provenMs)
      this.#backoff.reset();
    this.#openedMs = undefined;
    this.failure = errorMessage(error);
    const first = this.#backoff.failures === 0;
    const backoffMs = this.#backoff.nextMs();
    if (first && isKubeError(error, 'Gone')) return;
    const asked = isKubeError(error, 'TooManyRequests', 'ServerError') ? (error.retryAfterMs ?? 0) : 0;
    const waitMs = Math.max(backoffMs, asked);
    logger.warn({ path, error: this.failure, retryInMs: waitMs }, 'cannot watch');
    await clock.sleep(waitMs, signal);
  }
}

function resourceVersionOf(object: unknown): string | undefined {
  return (object as { metadata?: { resourceVersion?: string } } | undefined)?.metadata?.resourceVersion;
}

/** resourceVersions of one kind grow; anything but digits cannot be compared. */
function isBehind(served: string, known: string): boolean {
  return /^\d+$/.test(served) && /^\d+$/.test(known) && BigInt(served) < BigInt(known);
}
