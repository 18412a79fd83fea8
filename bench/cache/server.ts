/** Serves pods as the API server does, in pages or in one piece; a process of its own, so that it blocks nobody's event loop. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { realisticPod } from './pod.ts';

const podCount = Number(process.argv[2]);

async function list(query: URLSearchParams, response: ServerResponse): Promise<void> {
  const from = Number(query.get('continue') ?? 0);
  const to = Math.min(podCount, from + Number(query.get('limit') ?? podCount));
  const next = to < podCount ? String(to) : '';
  const metadata = JSON.stringify({ resourceVersion: '9000000', continue: next });
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write(`{"kind":"PodList","apiVersion":"v1","metadata":${metadata},"items":[`);
  for (let index = from; index < to; index += 1) {
    const text = `${index === from ? '' : ','}${JSON.stringify(realisticPod(index))}`;
    if (!response.write(text)) await once(response, 'drain');
  }
  response.end(']}');
}

const server = createServer((request, response) => {
  const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
  if (query.has('watch')) response.writeHead(200).flushHeaders();
  else list(query, response).catch((error: unknown) => response.destroy(error as Error));
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
