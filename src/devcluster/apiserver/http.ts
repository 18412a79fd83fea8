import { stringify } from 'yaml';
import type { Negotiated } from './negotiate.ts';

/** A request as handlers see it: no sockets. */
export interface ApiRequest {
  readonly method: string;
  /** Path and query: `/api/v1/pods?limit=5`. */
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  /** Aborted when the client goes away or the server closes. */
  readonly signal: AbortSignal;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** A watch or a log is sent as it comes. */
  readonly body: string | Uint8Array | AsyncIterable<string | Uint8Array>;
}

export function jsonResponse(status: number, value: unknown): ApiResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(value)}\n` };
}

export function textResponse(status: number, text: string): ApiResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: text };
}

/** A path or group that Kubernetes does not know answers in plain text. */
export function pageNotFound(): ApiResponse {
  return textResponse(404, '404 page not found\n');
}

export function encode(status: number, value: unknown, { encoding }: Negotiated): ApiResponse {
  if (encoding === 'json') return jsonResponse(status, value);
  return {
    status,
    headers: { 'content-type': 'application/yaml' },
    body: stringify(value, { lineWidth: 0, sortMapEntries: true }),
  };
}

/** `299 - "..."`, one header for each. */
export function withWarnings(response: ApiResponse, warnings: readonly string[]): ApiResponse {
  if (warnings.length === 0) return response;
  const warning = warnings.map((text) => `299 - ${JSON.stringify(text)}`);
  return { ...response, headers: { ...response.headers, warning } };
}

/** Values that are pushed and read one after the other; ends by `end` or when the reader stops. */
export class Stream<T> implements AsyncIterable<T> {
  readonly #values: T[] = [];
  readonly #onStop: () => void;
  #wake: (() => void) | undefined;
  #isEnded = false;

  /** @param onStop runs once, when the stream ends for whatever reason */
  constructor(onStop: () => void) {
    this.#onStop = onStop;
  }

  push(value: T): void {
    this.#values.push(value);
    this.#wake?.();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    try {
      for (;;) {
        const value = this.#values.shift();
        if (value !== undefined) yield value;
        else if (this.#isEnded) return;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      this.#onStop();
    }
  }
}
