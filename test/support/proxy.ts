import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Proxy {
  readonly url: string;
  /** Breaks the answers under way, watches above all, to requests whose URL contains a text. */
  cut(text: string): void;
  close(): Promise<void>;
}

/**
 * Passes requests on to a server, so that a test can count them, or do something just before one of them arrives, or hold it back.
 * @param server a URL, or which URL it is for a path, as with aggregated APIs
 */
export async function startProxy(
  server: string | ((path: string) => string),
  before: (method: string, path: string) => Promise<void> | undefined,
): Promise<Proxy> {
  const serverOf = typeof server === 'string' ? () => server : server;
  const open = new Map<ServerResponse, string>();
  const proxy = createServer((request, response) => {
    open.set(response, request.url ?? '');
    response.on('close', () => open.delete(response));
    const ready = before(request.method ?? '', request.url ?? '') ?? Promise.resolve();
    ready
      .then(() => forward(serverOf(request.url ?? '/'), request, response))
      .catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    cut: (text) => {
      for (const [response, url] of open) if (url.includes(text)) response.destroy();
    },
    close: async () => {
      proxy.closeAllConnections();
      await new Promise<void>((resolve) => proxy.close(() => resolve()));
    },
  };
}

async function forward(server: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = 'GET', url = '/', headers } = request;
  const type = headers['content-type'];
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const answer = await fetch(server + url, {
    method,
    signal: gone.signal,
    ...(type === undefined ? {} : { headers: { 'content-type': type } }),
    ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
  });
  response
    .writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
    .flushHeaders();
  for await (const chunk of answer.body ?? []) response.write(chunk);
  response.end();
}
