import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { UserError } from '../../lib/errors.ts';
import type { ClusterApi, KubeObject, LogSource, MetricsSource, ServiceNetwork } from '../cluster-api.ts';
import { ApiError } from './errors.ts';
import { createHandler } from './handler.ts';
import type { Handler, Sources } from './handler.ts';
import { jsonResponse } from './http.ts';
import type { ApiResponse } from './http.ts';
import { createClusterApi } from './in-process.ts';
import { refuseForeign } from './local-only.ts';
import { startRegistry } from './start-registry.ts';

export interface ApiServerOptions {
  /** Address to listen on: `127.0.0.1`. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM texts; without them the server speaks plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly logs?: LogSource;
  readonly metrics?: MetricsSource;
  /** CustomResourceDefinitions that are served from the start. */
  readonly crds?: readonly KubeObject[];
  /** Where cluster IPs come from. Default: 10.96.0.0/16, where nothing listens. */
  readonly serviceNetwork?: ServiceNetwork;
  /** Told of errors that are ours, one line each. Default: nowhere. */
  readonly log?: (line: string) => void;
  /** Default: the system's clock. */
  readonly now?: () => Date;
}

export interface ApiServer {
  readonly url: string;
  readonly port: number;
  readonly cluster: ClusterApi;
  /** The node's part, which may come after the server. */
  setSources(sources: Sources): void;
  /** Ends all watches and connections at once. */
  close(): Promise<void>;
}

/** As the real server limits requests. */
const bodyLimitBytes = 3_145_728;

/**
 * Starts an API server with the namespaces that every cluster has, and everything in memory.
 * @throws UserError when it cannot listen
 */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const registry = await startRegistry(options);
  const sources: Sources = { logs: options.logs, metrics: options.metrics };
  const closing = new AbortController();
  const address = (): string => `${options.host}:${port}`;
  const log = options.log ?? (() => undefined);
  const handler = createHandler({ registry, sources, serverAddress: address, log });
  const server = createServer(options, (request, response) => {
    answer(handler, request, response, closing.signal).catch((error: unknown) => {
      log(`${request.method ?? ''} ${request.url ?? ''}: ${String(error)}`);
      response.destroy();
    });
  });
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://${address()}`,
    port,
    cluster: createClusterApi(registry),
    setSources: (given) => Object.assign(sources, given),
    async close() {
      closing.abort();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function createServer(
  { tls }: ApiServerOptions,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  return tls === undefined
    ? createHttpServer(listener)
    : createHttpsServer({ cert: tls.cert, key: tls.key }, listener);
}

async function listen(server: Server, { host, port }: ApiServerOptions): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const reasons: Readonly<Record<string, string>> = {
      EADDRINUSE: 'the port is in use; choose another with --port or 0 for a free one',
      EACCES: 'the port needs privileges; choose one from 1024 on with --port',
      EADDRNOTAVAIL: 'this machine does not have that address; choose 127.0.0.1',
    };
    const reason = reasons[code] ?? String(error);
    throw new UserError(`cannot listen on ${host}:${port}: ${reason}`, { cause: error });
  }
}

/** The whole of HTTP: reads a request, asks the handler, writes the response. */
async function answer(
  handler: Handler,
  request: IncomingMessage,
  response: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => {
    gone.abort();
  });
  const body = await readBody(request);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
  const refusal = refuseForeign(headers);
  if (refusal !== undefined || body === undefined) {
    const { code, status } = refusal ?? tooLarge();
    await send(response, jsonResponse(code, status));
    return;
  }
  const signal = AbortSignal.any([gone.signal, closing]);
  const { method = 'GET', url = '/' } = request;
  await send(response, await handler({ method, url, headers, body, signal }));
}

function tooLarge(): ApiError {
  return new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${bodyLimitBytes}`);
}

/** @returns undefined when the body is too large */
async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= bodyLimitBytes) chunks.push(chunk);
  }
  return length > bodyLimitBytes ? undefined : Buffer.concat(chunks);
}

async function send(response: ServerResponse, { status, headers, body }: ApiResponse): Promise<void> {
  response.writeHead(status, { ...headers, 'cache-control': 'no-cache, private' });
  if (typeof body === 'string' || body instanceof Uint8Array) {
    // Node leaves the body of an answer to HEAD out.
    response.end(body);
    return;
  }
  response.flushHeaders();
  for await (const chunk of body) {
    if (response.destroyed) break;
    if (!response.write(chunk)) await drained(response);
  }
  response.end();
}

/** A reader that is slow holds the stream up; one that goes away ends it. */
async function drained(response: ServerResponse): Promise<void> {
  const ended = new AbortController();
  const { signal } = ended;
  try {
    await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  } finally {
    ended.abort();
  }
}
