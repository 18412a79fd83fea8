import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../src/kube/client.ts';
import type { ConnectOptions, KubeClient } from '../../src/kube/client.ts';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Answers one request; objects are sent as JSON with status 200. Keep `response` to stream a watch. */
export type Answer = (request: ReceivedRequest, response: ServerResponse) => unknown;

export interface LocalApi {
  readonly url: string;
  readonly port: number;
  readonly requests: ReceivedRequest[];
  /** TCP connections accepted so far. */
  readonly connections: () => number;
  close(): Promise<void>;
}

/** A real HTTP server on loopback whose answers a test writes: what the API server said on another day. */
export async function startLocalApi(answer: Answer, port = 0): Promise<LocalApi> {
  const requests: ReceivedRequest[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    void receive(request).then((received) => {
      requests.push(received);
      const body = answer(received, response);
      if (body !== undefined) sendJson(response, 200, body);
    });
  });
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve, reject) => server.on('error', reject).listen(port, '127.0.0.1', resolve));
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    requests,
    connections: () => connections,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export function sendJson(
  response: ServerResponse,
  code: number,
  body: unknown,
  headers: Record<string, string> = {},
): undefined {
  response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  return undefined;
}

/** What Kubernetes answers for a path that nothing serves. */
export function pageNotFound(response: ServerResponse): undefined {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('404 page not found\n');
  return undefined;
}

export function statusBody(code: number, reason: string, message: string, details: object = {}): object {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    details,
    code,
  };
}

export function kubeconfigText(server: string, user: object = {}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'local', cluster: { server } }],
    users: [{ name: 'me', user }],
    contexts: [{ name: 'here', context: { cluster: 'local', user: 'me' } }],
    'current-context': 'here',
  });
}

export function temporaryFile(name: string, text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'plimsoll-test-')), name);
  writeFileSync(file, text);
  return file;
}

export function clientOf(server: string, options: ConnectOptions = {}, user: object = {}): KubeClient {
  return connect({ ...options, kubeconfig: temporaryFile('kubeconfig', kubeconfigText(server, user)) });
}

async function receive(request: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', 'http://localhost');
  const body = Buffer.concat(chunks).toString();
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body,
  };
}
