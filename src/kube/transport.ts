import { request as send } from 'undici';
import type { Dispatcher } from 'undici';
import type { Access, Connection } from './connection.ts';
import { errorFromFailure, errorFromResponse, KubeError } from './errors.ts';
import type { RequestName } from './errors.ts';
import { fencedDispatcher } from './fence.ts';
import { needsCredentials } from './retry.ts';

/** How one attempt ended; handed to `onRequest`, for telemetry. */
export interface RequestReport {
  readonly method: string;
  readonly path: string;
  /** HTTP status code; 0 when there was no answer. */
  readonly code: number;
  /** Without the time that the client waited by itself: for its rate limit, or before it tried again. */
  readonly durationMs: number;
  /** 1, or more when the request was sent again. */
  readonly attempt: number;
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** A request that is ready to be sent, maybe more than once. */
export interface Call extends RequestName {
  readonly query?: Query | undefined;
  readonly body?: unknown;
  readonly contentType?: string;
  /** Connections that are shared only with requests of the same name. */
  readonly pool: string;
  readonly fence?: (() => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface TransportOptions {
  readonly userAgent?: string;
  readonly onRequest?: (report: RequestReport) => void;
  readonly signal?: AbortSignal;
}

interface Deadline {
  /** What is left of it. */
  readonly leftMs: number;
  /** What it was, for the message. */
  readonly timeoutMs: number;
}

/** Sends requests, each once, and turns whatever goes wrong into a KubeError. */
export class Transport {
  readonly #server: string;
  readonly #connection: Connection;
  readonly #options: TransportOptions;

  constructor(server: string, connection: Connection, options: TransportOptions) {
    this.#server = server;
    this.#connection = connection;
    this.#options = options;
  }

  /** @returns the text of an answer with a status code below 400 */
  async exchange(call: Call, attempt: number, deadline: Deadline): Promise<string> {
    const timeout = AbortSignal.timeout(Math.max(1, Math.round(deadline.leftMs)));
    const signal = this.#signal(timeout, call.signal);
    return this.#attempt(call, attempt, {
      signal,
      timedOut: () => (timeout.aborted ? timeoutError(this.#server, deadline.timeoutMs, call) : undefined),
      read: async ({ body }) => body.text(),
    });
  }

  /** Opens a stream; the deadline of the agent bounds the time until the server accepts it. */
  async open(call: Call): Promise<AsyncIterable<Uint8Array>> {
    return this.#attempt(call, 1, {
      signal: this.#signal(call.signal),
      timedOut: () => undefined,
      read: ({ body }) => Promise.resolve(body),
    });
  }

  /** The KubeError behind anything that was thrown while a request or its answer was under way. */
  failure(error: unknown, call: Call): KubeError {
    if (error instanceof KubeError) return error;
    if (call.signal?.aborted === true || this.#options.signal?.aborted === true)
      return new KubeError('the request was given up', { type: 'Aborted', cause: error });
    return errorFromFailure(error, this.#server, call);
  }

  async #attempt<T>(call: Call, attempt: number, way: Way<T>): Promise<T> {
    const started = performance.now();
    const report = (code: number): void =>
      this.#options.onRequest?.({
        method: call.method,
        path: call.path,
        code,
        durationMs: performance.now() - started,
        attempt,
      });
    let access: Access | undefined;
    try {
      access = await unlessAborted(this.#connection.access(call.pool), way.signal);
      const response = await this.#send(call, access, way.signal);
      if (response.statusCode >= 400) throw await refusal(response, call);
      const answer = await way.read(response);
      report(response.statusCode);
      return answer;
    } catch (thrown) {
      const error = thrown instanceof KubeError ? thrown : (way.timedOut() ?? this.failure(thrown, call));
      if (needsCredentials(error)) this.#connection.forgetCredentials(access);
      if (error.type !== 'Fenced') report(error.status);
      throw error;
    }
  }

  #send(call: Call, access: Access, signal: AbortSignal | undefined): Promise<Dispatcher.ResponseData> {
    const { dispatcher, headers } = access;
    const { fence, body, contentType } = call;
    return send(`${this.#server}${call.path}${searchOf(call.query)}`, {
      method: call.method === 'WATCH' ? 'GET' : call.method,
      dispatcher: fence === undefined ? dispatcher : fencedDispatcher(dispatcher, fence),
      headers: { ...this.#headers(contentType), ...headers },
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    });
  }

  /** Whichever aborts first, the client's own included. */
  #signal(...signals: readonly (AbortSignal | undefined)[]): AbortSignal | undefined {
    const given = [...signals, this.#options.signal].filter((signal) => signal !== undefined);
    return given.length <= 1 ? given[0] : AbortSignal.any(given);
  }

  #headers(contentType?: string): Record<string, string> {
    const headers = { accept: 'application/json', 'user-agent': this.#options.userAgent ?? 'plimsoll' };
    return contentType === undefined ? headers : { ...headers, 'content-type': contentType };
  }
}

/** What differs between a request and a stream. */
interface Way<T> {
  readonly signal: AbortSignal | undefined;
  readonly timedOut: () => KubeError | undefined;
  readonly read: (response: Dispatcher.ResponseData) => Promise<T>;
}

async function refusal(response: Dispatcher.ResponseData, call: Call): Promise<KubeError> {
  const retryAfter = response.headers['retry-after'];
  const text = await response.body.text();
  return errorFromResponse(
    response.statusCode,
    text,
    call,
    typeof retryAfter === 'string' ? retryAfter : undefined,
  );
}

/** An exec plugin or a file system may hang; whoever waits for it need not. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const give = (): void => reject(signal.reason as Error);
  if (signal.aborted) give();
  signal.addEventListener('abort', give, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', give);
  }
}

function searchOf(query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return search.size === 0 ? '' : `?${search.toString()}`;
}

function timeoutError(server: string, timeoutMs: number, { method, path }: RequestName): KubeError {
  return new KubeError(`no answer from ${server} within ${timeoutMs} ms (${method} ${path})`, {
    type: 'Timeout',
  });
}
