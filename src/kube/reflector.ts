import { Backoff } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { errorMessage } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import type { KubeClient, Query, WatchEvent } from './client.ts';
import { isKubeError } from './errors.ts';
import { IdleGuard } from './idle-guard.ts';

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
  /** A watch is asked to end after this time to twice this time, at random, and is resumed; in milliseconds, default 300,000. */
  readonly watchMs?: number;
  /**
   * A watch on which nothing was heard for so long is cut and resumed: its connection may be dead without a sign. In milliseconds,
   * default 150,000: the API server sends a bookmark a minute.
   */
  readonly idleMs?: number;
}

/** A copy of one kind of objects, kept up to date. */
export interface Reflector {
  /** True from the first complete list on. */
  readonly synced: boolean;
  /** Resolves with the first complete list, or when the signal aborts before it. */
  readonly firstSync: Promise<void>;
  /** When the server last told us something (list, watch opened, event or bookmark), as the clock's `monotonicMs`; undefined before that. */
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
 *   list (pages) --> watch from there --+-- ended by the server, broken or silent: resume from the last resourceVersion
 *        ^                ^             |
 *        |                +-------------+-- 429, 5xx, no answer in time: resume after a jittered pause
 *        +------------------------------+-- all else: list after a jittered pause; after a first 410 at once
 * ```
 * The pauses grow until a watch has stayed open for a while: lists that work prove nothing when no watch does.
 *
 * Lists are consistent ones, never from `resourceVersion=0`: that could be older than what is known already, and servers before
 * 1.34 answer it in one piece whatever the limit. Before a watch that did not end in time is resumed the server is asked where it
 * is: one that was restored from an older state would keep a watch from its future open and silent.
 */
class ReflectorLoop<T> implements Reflector {
  synced = false;
  lastSyncMs: number | undefined;
  failure: string | undefined;
  done: Promise<void> = Promise.resolve();
  readonly #first = Promise.withResolvers<undefined>();
  readonly #options: ReflectorOptions<T>;
  readonly #backoff: Backoff;
  /** Where to resume; undefined when there must be a list first. */
  #resourceVersion: string | undefined;
  /** Since when watches are open, without a failure in between. */
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
        await this.#follow();
      } catch (error) {
        if (!mayResume(error)) this.#resourceVersion = undefined;
        if (!this.#ended()) await this.#pause(error);
      }
    }
    this.#first.resolve(undefined);
  }

  #ended(): boolean {
    return this.#options.signal.aborted;
  }

  async #follow(): Promise<void> {
    if (this.#resourceVersion === undefined) this.#resourceVersion = await this.#list();
    else await this.#checkServer(this.#resourceVersion);
    while (!this.#ended()) await this.#watch(this.#resourceVersion);
  }

  /** @returns the resourceVersion of the first page: nothing that changed while the others were read is missed */
  async #list(): Promise<string> {
    const { client, path, handler, signal } = this.#options;
    const items: T[] = [];
    let resourceVersion: string | undefined;
    for await (const page of client.list(path, { query: this.#query(), signal, timeoutMs: 30_000 })) {
      for (const object of page.items) {
        const item = this.#project(object);
        if (item !== undefined) items.push(item);
      }
      resourceVersion ??= page.resourceVersion;
    }
    this.#heard();
    handler.replace(items);
    this.synced = true;
    this.#first.resolve(undefined);
    return resourceVersion ?? '';
  }

  /** Follows one watch to its end. @throws when it was refused, or when it must not be resumed as it is */
  async #watch(from: string): Promise<void> {
    const { client, clock, path, random, watchMs = 300_000 } = this.#options;
    const timeoutSeconds = Math.max(1, Math.round((watchMs * (1 + random())) / 1000));
    const query = { ...this.#query(), resourceVersion: from, allowWatchBookmarks: true, timeoutSeconds };
    const guard = new IdleGuard(clock, this.#options.idleMs ?? 150_000, this.#options.signal);
    const startedMs = clock.monotonicMs();
    let opened = false as boolean; // set by a callback
    const onOpen = (): void => {
      opened = true;
      this.#opened();
    };
    try {
      for await (const event of client.watch(path, { query, signal: guard.signal, onOpen })) {
        guard.heard();
        this.#take(event);
      }
    } catch (error) {
      const broke = opened && (guard.expired || isKubeError(error, 'Unreachable'));
      if (!broke || this.#ended()) throw error;
    } finally {
      guard.stop();
    }
    const livedMs = clock.monotonicMs() - startedMs;
    if (livedMs < 1000) throw new Error('the watch ended at once');
    if (guard.expired || livedMs < timeoutSeconds * 900)
      await this.#checkServer(this.#resourceVersion ?? from);
    else this.#heard();
  }

  #take({ type, object }: WatchEvent): void {
    this.#heard();
    if (type !== 'BOOKMARK') this.#change(type, object);
    this.#resourceVersion = resourceVersionOf(object) ?? this.#resourceVersion;
  }

  /** May a watch be resumed? @throws when it must not */
  async #checkServer(resourceVersion: string): Promise<void> {
    const { client, path, signal } = this.#options;
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
    this.#heard();
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

/** What says nothing about the state: the server is busy, or was not heard. */
function mayResume(error: unknown): boolean {
  return isKubeError(error, 'TooManyRequests', 'ServerError', 'Timeout');
}

function resourceVersionOf(object: unknown): string | undefined {
  return (object as { metadata?: { resourceVersion?: string } } | undefined)?.metadata?.resourceVersion;
}

/** resourceVersions of one kind grow; anything but digits cannot be compared. */
function isBehind(served: string, known: string): boolean {
  return /^\d+$/.test(served) && /^\d+$/.test(known) && BigInt(served) < BigInt(known);
}
