import { request as send } from 'undici';
import { UserError } from '../lib/errors.ts';
import { Connection } from './connection.ts';
import { errorFromFailure, errorFromResponse, errorFromWatchEvent, KubeError } from './errors.ts';
import type { RequestName } from './errors.ts';
import { loadKubeConfig } from './kubeconfig.ts';
import type { KubeConfigSource } from './kubeconfig.ts';
import { readJsonLines } from './json-lines.ts';

/** How one request ended; handed to `onRequest`, for telemetry. */
export interface RequestReport {
  readonly method: string;
  /** HTTP status code; 0 when there was no answer. */
  readonly code: number;
  readonly durationMs: number;
}

export interface ConnectOptions extends KubeConfigSource {
  /** Most connections for requests other than watches. Default 16. */
  readonly connections?: number;
  /** Deadline of each request, in milliseconds. Default 10,000. Watches have none of their own. */
  readonly timeoutMs?: number;
  /** Default `plimsoll`. */
  readonly userAgent?: string;
  readonly onRequest?: (report: RequestReport) => void;
  /** Gives up every request and watch, now and later. */
  readonly signal?: AbortSignal;
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface CallOptions {
  readonly query?: Query;
  readonly signal?: AbortSignal;
  /** In place of the client's own deadline. */
  readonly timeoutMs?: number;
}

export interface WatchOptions extends CallOptions {
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

interface Call extends CallOptions, RequestName {
  readonly body?: unknown;
  readonly contentType?: string;
}

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
 * Requests by path, answers as JSON: nothing here knows a kind. Connections are pooled, each request has a deadline, and
 * everything that goes wrong is a KubeError.
 */
export class KubeClient {
  /** The API server's address, without a slash at its end. */
  readonly server: string;
  readonly #connection: Connection;
  readonly #options: ConnectOptions;

  constructor(server: string, connection: Connection, options: ConnectOptions) {
    this.server = server;
    this.#connection = connection;
    this.#options = options;
  }

  async get(path: string, options: CallOptions = {}): Promise<unknown> {
    return this.#call({ ...options, method: 'GET', path });
  }

  async create(path: string, body: unknown, options: CallOptions = {}): Promise<unknown> {
    return this.#call({ ...options, method: 'POST', path, body, contentType: 'application/json' });
  }

  async patch(path: string, body: unknown, type: PatchType, options: CallOptions = {}): Promise<unknown> {
    return this.#call({ ...options, method: 'PATCH', path, body, contentType: type });
  }

  /** A list page by page, `limit` objects each, so that no answer is so large that parsing it stops everything else. */
  async *list(path: string, options: CallOptions & { limit?: number } = {}): AsyncGenerator<ListPage> {
    const { limit = 500, query, ...rest } = options;
    let next: string | undefined;
    do {
      const page = (await this.get(path, { ...rest, query: { ...query, limit, continue: next } })) as RawList;
      yield { items: page.items ?? [], resourceVersion: page.metadata?.resourceVersion ?? '' };
      next = page.metadata?.continue;
    } while (next !== undefined && next !== '');
  }

  /** Events until the server ends the watch. An ERROR event is thrown as the KubeError that it holds. */
  async *watch(path: string, options: WatchOptions): AsyncGenerator<WatchEvent> {
    const name = { method: 'WATCH', path };
    const started = performance.now();
    try {
      const { dispatcher, headers } = await this.#connection.access('watches');
      const response = await send(this.#url({ ...options, path, query: { ...options.query, watch: 1 } }), {
        dispatcher,
        headers: { ...this.#headers(), ...headers },
        signal: this.#signal(options.signal) ?? null,
      });
      this.#report('WATCH', response.statusCode, started);
      if (response.statusCode >= 400)
        throw this.#refusal(response.statusCode, await response.body.text(), name);
      options.onOpen?.();
      for await (const line of readJsonLines(response.body)) yield watchEvent(line, name);
    } catch (error) {
      throw this.#failure(error, name, options.signal);
    }
  }

  /** Closes every connection; requests in flight fail. */
  async close(): Promise<void> {
    await this.#connection.close();
  }

  /** One request; sent again once where that is safe: with fresh credentials, or when a pooled connection had gone stale. */
  async #call(call: Call): Promise<unknown> {
    try {
      return await this.#once(call);
    } catch (error) {
      if (!(error instanceof KubeError) || !mayRepeat(error, call)) throw error;
      return this.#once(call);
    }
  }

  async #once(call: Call): Promise<unknown> {
    const timeoutMs = call.timeoutMs ?? this.#options.timeoutMs ?? 10_000;
    const deadline = AbortSignal.timeout(timeoutMs);
    const started = performance.now();
    try {
      const { dispatcher, headers } = await this.#connection.access('requests');
      const response = await send(this.#url(call), {
        method: call.method,
        dispatcher,
        headers: { ...this.#headers(call.contentType), ...headers },
        body: call.body === undefined ? null : JSON.stringify(call.body),
        signal: this.#signal(deadline, call.signal) ?? null,
      });
      const text = await response.body.text();
      this.#report(call.method, response.statusCode, started);
      if (response.statusCode < 400) return parseAnswer(text, call);
      throw this.#refusal(response.statusCode, text, call, response.headers['retry-after']);
    } catch (error) {
      if (error instanceof KubeError) throw error;
      this.#report(call.method, 0, started);
      if (deadline.aborted) throw timeoutError(this.server, timeoutMs, call);
      throw this.#failure(error, call, call.signal);
    }
  }

  #refusal(code: number, text: string, name: RequestName, retryAfter?: string | string[]): KubeError {
    if (code === 401) this.#connection.forgetCredentials();
    return errorFromResponse(code, text, name, typeof retryAfter === 'string' ? retryAfter : undefined);
  }

  #failure(error: unknown, name: RequestName, signal: AbortSignal | undefined): KubeError {
    if (error instanceof KubeError) return error;
    if (signal?.aborted === true || this.#options.signal?.aborted === true)
      return new KubeError('the request was given up', { type: 'Aborted', cause: error });
    return errorFromFailure(error, this.server, name);
  }

  /** Whichever aborts first, the client's own included. */
  #signal(...signals: readonly (AbortSignal | undefined)[]): AbortSignal | undefined {
    const given = [...signals, this.#options.signal].filter((signal) => signal !== undefined);
    return given.length <= 1 ? given[0] : AbortSignal.any(given);
  }

  #url({ path, query = {} }: { path: string; query?: Query | undefined }): string {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) search.set(name, String(value));
    return `${this.server}${path}${search.size === 0 ? '' : `?${search.toString()}`}`;
  }

  #headers(contentType?: string): Record<string, string> {
    const headers = { accept: 'application/json', 'user-agent': this.#options.userAgent ?? 'plimsoll' };
    return contentType === undefined ? headers : { ...headers, 'content-type': contentType };
  }

  #report(method: string, code: number, started: number): void {
    this.#options.onRequest?.({ method, code, durationMs: performance.now() - started });
  }
}

interface RawList {
  readonly items?: readonly unknown[] | null;
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
}

function mayRepeat(error: KubeError, call: Call): boolean {
  if (error.type === 'Unauthorized') return true;
  const code = (error.cause as { code?: string } | undefined)?.code;
  return call.method === 'GET' && (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET');
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

function timeoutError(server: string, timeoutMs: number, { method, path }: RequestName): KubeError {
  return new KubeError(`no answer from ${server} within ${timeoutMs} ms (${method} ${path})`, {
    type: 'Timeout',
  });
}

function watchEvent(line: unknown, name: RequestName): WatchEvent {
  const event = line as { type: WatchEvent['type'] | 'ERROR'; object: unknown };
  if (event.type === 'ERROR') throw errorFromWatchEvent(event.object, name);
  return { type: event.type, object: event.object };
}
