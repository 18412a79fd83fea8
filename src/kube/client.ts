import { systemClock } from '../lib/clock.ts';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import { Connection } from './connection.ts';
import { errorFromWatchEvent, KubeError } from './errors.ts';
import type { RequestName } from './errors.ts';
import { loadKubeConfig } from './kubeconfig.ts';
import type { KubeConfigSource } from './kubeconfig.ts';
import { readJsonLines } from './json-lines.ts';
import { RateLimiter } from './rate-limit.ts';
import { retryPauseMs } from './retry.ts';
import { Transport } from './transport.ts';
import type { Call, Query, TransportOptions } from './transport.ts';

export type { Query, RequestReport } from './transport.ts';

export interface ConnectOptions extends KubeConfigSource, TransportOptions {
  /** Most connections of each pool (`CallOptions.pool`); watches have their own, one each. Default 16. */
  readonly connections?: number;
  /** Deadline of each request, in milliseconds. Default 10,000. Watches have none of their own. */
  readonly timeoutMs?: number;
  /**
   * Requests a second in the long run; watches are not counted, 0 means no limit. Default 400: one read a sync period (15 s) for
   * 6,000 autoscalers. The HPA controller's 20 would stop at 300; the API server protects itself (priority and fairness).
   */
  readonly qps?: number;
  /** Requests at once after a quiet time. Default twice `qps`, at least 1. */
  readonly burst?: number;
  /** Told how long a request waited for the rate limit, in milliseconds, 0 included. */
  readonly onRateLimitWait?: (waitedMs: number) => void;
  /** Default: the machine's. Deadlines of what is under way are always the machine's. */
  readonly clock?: Clock;
  /** Spreads the pauses before a request is sent again. Default `Math.random`. */
  readonly random?: () => number;
}

export interface CallOptions {
  readonly query?: Query | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * In place of the client's own deadline: from when the request is first handed to a connection until its answer is read, attempts
   * and pauses between them included; the time before that, in which the rate limit holds it back, is not.
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Asked right before each attempt is written to its connection; throws (a KubeError of type `Fenced`) when it must not be.
   * See `Elector.assertHeld`.
   */
  readonly fence?: (() => void) | undefined;
  /**
   * Connections are shared only within a pool: what may be slow, such as an aggregated API, gets one of its own and keeps
   * nobody else from a connection. Default `requests`.
   */
  readonly pool?: string | undefined;
  /** Default true; false for what must not wait: renewing a lease. */
  readonly rateLimited?: boolean | undefined;
  /** Default true; false when the caller has its own way of trying again. Credentials that were refused are always renewed once. */
  readonly retry?: boolean | undefined;
}

export interface WatchOptions extends Pick<CallOptions, 'query' | 'signal'> {
  /** Called when the server has accepted the watch, which may be long before its first event. */
  readonly onOpen?: () => void;
}

export type PatchType =
  'application/merge-patch+json' | 'application/json-patch+json' | 'application/apply-patch+yaml';

export interface ListPage {
  readonly items: readonly unknown[];
  readonly resourceVersion: string;
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: unknown;
}

type Request = CallOptions & RequestName & Pick<Call, 'body' | 'contentType'>;

/**
 * A client from a kubeconfig. Nothing is sent yet.
 * @throws UserError when the kubeconfig cannot be used
 */
export function connect(options: ConnectOptions = {}): KubeClient {
  const config = loadKubeConfig(options);
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new UserError('the kubeconfig names no cluster');
  let unused: typeof config | undefined = config;
  const load = (): typeof config => {
    const loaded = unused ?? loadKubeConfig(options);
    unused = undefined;
    return loaded;
  };
  const connection = new Connection(load, {
    connections: options.connections ?? 16,
    credentialsMaxAgeMs: 10_000,
  });
  return new KubeClient(cluster.server.replace(/\/+$/, ''), connection, options);
}

/**
 * Requests by path, answers as JSON: nothing here knows a kind. Connections are pooled, requests rate limited, each has a deadline
 * and is sent again where that is safe (retry.ts), and everything that goes wrong is a KubeError.
 */
export class KubeClient {
  /** The API server's address, without a slash at its end. */
  readonly server: string;
  readonly #connection: Connection;
  readonly #transport: Transport;
  readonly #limiter: RateLimiter;
  readonly #options: ConnectOptions;
  readonly #clock: Clock;

  constructor(server: string, connection: Connection, options: ConnectOptions) {
    const { qps = 400, burst = Math.max(1, 2 * qps), clock = systemClock } = options;
    this.server = server;
    this.#connection = connection;
    this.#transport = new Transport(server, connection, options);
    this.#limiter = new RateLimiter({ qps, burst, clock });
    this.#options = options;
    this.#clock = clock;
  }

  async get(path: string, options: CallOptions = {}): Promise<unknown> {
    return this.#json({ ...options, method: 'GET', path });
  }

  async create(path: string, body: unknown, options: CallOptions = {}): Promise<unknown> {
    return this.#json({ ...options, method: 'POST', path, body, contentType: 'application/json' });
  }

  /** Puts a whole object in place of the one that is there; its resourceVersion makes that safe. */
  async replace(path: string, body: unknown, options: CallOptions = {}): Promise<unknown> {
    return this.#json({ ...options, method: 'PUT', path, body, contentType: 'application/json' });
  }

  /** Deletes an object. @param preconditions of the object as it was read: another one of the same name is left alone */
  async delete(
    path: string,
    preconditions: { readonly uid?: string; readonly resourceVersion?: string } = {},
    options: CallOptions = {},
  ): Promise<unknown> {
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions };
    return this.#json({ ...options, method: 'DELETE', path, body, contentType: 'application/json' });
  }

  async patch(path: string, body: unknown, type: PatchType, options: CallOptions = {}): Promise<unknown> {
    return this.#json({ ...options, method: 'PATCH', path, body, contentType: type });
  }

  /**
   * A list page by page, so that no answer is so large that parsing it stops everything else: after the first page they have about
   * `pageBytes`, however large the objects are. It is consistent: no resourceVersion is asked for, since one of "0" makes servers
   * before 1.34 ignore the limit.
   */
  async *list(path: string, options: CallOptions = {}): AsyncGenerator<ListPage> {
    const { query, ...rest } = options;
    let limit = firstPage;
    let next: string | undefined;
    do {
      const request = { ...rest, method: 'GET', path, query: { ...query, limit, continue: next } };
      const text = await this.#request(request);
      const page = parseAnswer(text, request) as RawList;
      const items = page.items ?? [];
      yield { items, resourceVersion: page.metadata?.resourceVersion ?? '' };
      next = page.metadata?.continue;
      limit = nextLimit(items.length, text.length);
    } while (next !== undefined && next !== '');
  }

  /** Events until the server ends the watch. An ERROR event is thrown as the KubeError that it holds. */
  async *watch(path: string, options: WatchOptions): AsyncGenerator<WatchEvent> {
    const { query, signal, onOpen } = options;
    const call = { method: 'WATCH', path, query: { ...query, watch: 1 }, signal, pool: 'watches' };
    const stream = await this.#transport.open(call);
    onOpen?.();
    try {
      for await (const line of readJsonLines(stream)) yield watchEvent(line, call);
    } catch (error) {
      throw this.#transport.failure(error, call);
    }
  }

  /** Closes every connection; requests in flight fail. */
  async close(): Promise<void> {
    await this.#connection.close();
  }

  async #json(request: Request): Promise<unknown> {
    return parseAnswer(await this.#request(request), request);
  }

  /** @returns the text of the answer */
  async #request(request: Request): Promise<string> {
    const { timeoutMs = this.#options.timeoutMs ?? 10_000, pool = 'requests' } = request;
    const call = { ...request, pool };
    for (let attempt = 1, leftMs = timeoutMs; ; attempt += 1) {
      await this.#admit(request);
      const startedMs = this.#clock.monotonicMs();
      try {
        return await this.#transport.exchange(call, attempt, { leftMs, timeoutMs });
      } catch (error) {
        leftMs -= this.#clock.monotonicMs() - startedMs;
        const pauseMs = this.#pauseMs(error, request, attempt);
        if (pauseMs === undefined || pauseMs >= leftMs) throw error;
        await this.#pause(pauseMs, request);
        leftMs -= pauseMs;
      }
    }
  }

  /** Waits for the rate limit. @throws KubeError when the request is given up meanwhile */
  async #admit({ rateLimited = true, signal }: CallOptions): Promise<void> {
    const either = this.#signal(signal);
    if (rateLimited) {
      const waitedMs = await this.#limiter.take(either);
      this.#options.onRateLimitWait?.(waitedMs);
    }
    requireWanted(either);
  }

  #pauseMs(error: unknown, { method, retry = true }: Request, number: number): number | undefined {
    const { random = Math.random } = this.#options;
    const pauseMs = retryPauseMs(error, { method, number, random });
    return retry || pauseMs === 0 ? pauseMs : undefined;
  }

  async #pause(pauseMs: number, { signal }: CallOptions): Promise<void> {
    const either = this.#signal(signal);
    if (pauseMs > 0) await this.#clock.sleep(pauseMs, either);
    requireWanted(either);
  }

  #signal(signal: AbortSignal | undefined): AbortSignal | undefined {
    const own = this.#options.signal;
    if (signal === undefined || own === undefined) return signal ?? own;
    return AbortSignal.any([signal, own]);
  }
}

/** Objects in the first page of a list. */
const firstPage = 100;

/** What a page should have, in characters: parsed in 10 to 20 ms. */
const pageBytes = 1_500_000;

/** As many objects as make a page, as large as those of the last page were. */
function nextLimit(objects: number, bytes: number): number {
  const limit = Math.round((objects * pageBytes) / Math.max(1, bytes));
  return Math.min(500, Math.max(25, limit));
}

interface RawList {
  readonly items?: readonly unknown[] | null;
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
}

function requireWanted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new KubeError('the request was given up', { type: 'Aborted', cause: signal.reason });
}

function parseAnswer(text: string, call: RequestName): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new KubeError(`the server's answer is not JSON (${call.method} ${call.path})`, {
      type: 'Other',
      cause,
    });
  }
}

function watchEvent(line: unknown, name: RequestName): WatchEvent {
  const event = line as { type: WatchEvent['type'] | 'ERROR'; object: unknown };
  if (event.type === 'ERROR') throw errorFromWatchEvent(event.object, name);
  return { type: event.type, object: event.object };
}
