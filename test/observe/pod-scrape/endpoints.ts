import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';

/** What a pod answers, on a real socket of the loopback address. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

export interface PodEndpoint {
  readonly port: number;
  /** Requests so far. */
  readonly asked: () => number;
  readonly close: () => Promise<void>;
}

export function sendText(response: ServerResponse, text: string, type = 'text/plain; version=0.0.4'): void {
  response.writeHead(200, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

export async function startEndpoint(behaviour: Behaviour): Promise<PodEndpoint> {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    behaviour(request, response);
  });
  const port = await listen(server);
  return {
    port,
    asked: () => asked,
    close: async () => {
      server.closeAllConnections();
      await closed(server);
    },
  };
}

/** A port where nothing listens any more. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer();
  const port = await listen(server);
  await closed(server);
  return port;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function closed(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
