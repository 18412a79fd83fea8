import { Agent } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { TLSSocket } from 'node:tls';

import { createProxyServer } from 'httpxy';

import { errorMessage } from '../../lib/errors.ts';
import type { Backend } from './connection-proxy.ts';

/** A body of at most so many bytes is kept, so that its request can be sent again. */
const maxKeptBody = 65_536;
/** As ingress-nginx: a pod that says nothing for so long has failed. */
const answerTimeoutMs = 60_000;
/** As many pods are tried for one request. */
const maxTries = 3;

/** Those that may be sent again though a pod may have begun to act on them (RFC 9110, 9.2.2). */
const idempotent: ReadonlySet<string | undefined> = new Set([
  'GET',
  'HEAD',
  'OPTIONS',
  'PUT',
  'DELETE',
  'TRACE',
]);

/** Nobody was there to act on the request. */
const neverArrived: ReadonlySet<string | undefined> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
]);

export interface HttpBalancer {
  /**
   * Answers the request with what a backend answers. Where a pod went away before it answered, the next one is asked:
   * for an idempotent request always, for others only when the connection was refused. 502 and 504 as a gateway.
   * @param backends in the order in which they are tried; not empty
   */
  forward(request: IncomingMessage, response: ServerResponse, backends: readonly Backend[]): Promise<void>;
  close(): void;
}

/** Balances requests over connections to pods that are kept alive. */
export function createHttpBalancer(): HttpBalancer {
  const agent = new Agent({ keepAlive: true, scheduling: 'fifo', maxFreeSockets: 1024 });
  const proxy = createProxyServer({ agent, proxyTimeout: answerTimeoutMs });
  // Each connection has its own life: what the pod says of its own is not for the client.
  proxy.on('proxyRes', ({ headers }) => {
    delete headers.connection;
    delete headers['keep-alive'];
  });
  return {
    async forward(request, response, backends) {
      const body = await keptBody(request);
      const headers = forwardedHeaders(request);
      let failure: unknown;
      const startedMs = performance.now();
      for (const { host, port } of backends.slice(0, maxTries)) {
        try {
          const target = { protocol: 'http:', host, port };
          const again = body === undefined ? {} : { buffer: Readable.from(body.length > 0 ? [body] : []) };
          await proxy.web(request, response, { target, headers, ...again });
          return;
        } catch (error) {
          failure = error;
          if (response.headersSent || response.destroyed || !mayRepeat(request, body, error)) break;
        }
      }
      answerFailure(response, failure, performance.now() - startedMs);
    },
    close: () => agent.destroy(),
  };
}

/** The body where it is known to be small; undefined where it must be passed on as it comes. */
async function keptBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const isChunked = request.headers['transfer-encoding'] !== undefined;
  const length = Number(request.headers['content-length'] ?? 0);
  return isChunked || length > maxKeptBody ? undefined : buffer(request);
}

function mayRepeat({ method }: IncomingMessage, body: Buffer | undefined, error: unknown): boolean {
  if (body === undefined) return false;
  return idempotent.has(method) || neverArrived.has((error as NodeJS.ErrnoException).code);
}

/** As ingress-nginx sets them by default: what the client says of itself is replaced. */
function forwardedHeaders({ socket, headers }: IncomingMessage): Record<string, string> {
  const client = socket.remoteAddress ?? '';
  const host = headers.host ?? '';
  const scheme = socket instanceof TLSSocket ? 'https' : 'http';
  return {
    connection: 'keep-alive',
    'x-real-ip': client,
    'x-forwarded-for': client,
    'x-forwarded-host': host,
    'x-forwarded-port': String(socket.localPort ?? 80),
    'x-forwarded-proto': scheme,
    'x-forwarded-scheme': scheme,
  };
}

/** A client that has gone gets nothing, and one that has the head already sees the answer break off. */
function answerFailure(response: ServerResponse, failure: unknown, tookMs: number): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const isLate = tookMs >= answerTimeoutMs;
  answer(response, isLate ? 504 : 502, isLate ? 'the pod did not answer in time' : errorMessage(failure));
}

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  404: 'Not Found',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

/** An answer of the balancer's own. */
export function answer(response: ServerResponse, status: number, text: string): void {
  const body = `${status} ${reasons[status] ?? ''}: ${text}\n`;
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
