import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** One question to `/api/v1/query`, as the server got it. */
export interface Question {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
}

/** A body for status 200, or what is done with the response. */
export type PrometheusReply = object | string | ((response: ServerResponse) => void);

export function vector(value: number | string, atSeconds = Date.now() / 1000): object {
  const series = { metric: {}, value: [atSeconds, String(value)] };
  return { status: 'success', data: { resultType: 'vector', result: [series] } };
}

/** A server that answers queries as a test says, and remembers what it was asked. */
export class PrometheusApi {
  readonly questions: Question[] = [];
  /** Questions that have no answer yet, and the most that there ever were. */
  pending = 0;
  mostPending = 0;
  reply: (question: Question) => PrometheusReply;
  url = '';
  readonly #server: Server;

  static async start(
    reply: (question: Question) => PrometheusReply,
    tls?: { readonly cert: string; readonly key: string },
    port = 0,
  ): Promise<PrometheusApi> {
    const api = new PrometheusApi(reply, tls);
    api.#server.listen(port, '127.0.0.1');
    await once(api.#server, 'listening');
    api.url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${api.port}`;
    return api;
  }

  private constructor(reply: PrometheusApi['reply'], tls?: { readonly cert: string; readonly key: string }) {
    this.reply = reply;
    const handle = (request: IncomingMessage, response: ServerResponse): void => {
      void this.#answer(request, response);
    };
    this.#server = tls === undefined ? createServer(handle) : createSecureServer(tls, handle);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The queries, in the order in which they came. */
  get queries(): readonly string[] {
    return this.questions.map(({ query }) => query);
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.pending += 1;
    this.mostPending = Math.max(this.mostPending, this.pending);
    response.once('close', () => (this.pending -= 1));
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const parameters = Object.fromEntries(new URLSearchParams(body));
    const question = {
      method: request.method ?? '',
      path: request.url ?? '',
      query: parameters.query ?? '',
      parameters,
      authorization: request.headers.authorization,
    };
    this.questions.push(question);
    const reply = this.reply(question);
    if (typeof reply === 'function') (reply as (response: ServerResponse) => void)(response);
    else response.end(typeof reply === 'string' ? reply : JSON.stringify(reply));
  }
}
