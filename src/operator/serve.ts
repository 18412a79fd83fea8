import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import type { Handler } from './health.ts';

export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves a handler on an address, an empty host being every address; port 0 takes a free one. Only questions (GET, HEAD) reach the handler; what it throws is logged
 * and answered with 500.
 * @throws UserError when the address cannot be had
 */
export async function serve(
  handler: Handler,
  { host, port }: { host: string; port: number },
  logger: Logger,
): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const { method, url } = request;
    answer(handler, request)
      .catch((err: unknown) => {
        logger.error({ method, url, err }, 'cannot answer a request');
        return new Response('internal error\n', { status: 500 });
      })
      .then((answered) => send(answered, response))
      .catch((err: unknown) => {
        logger.error({ method, url, err }, 'cannot send an answer');
        response.destroy();
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(cannotListen(host, port, cause)));
    // No host: every address of both families, where there are two.
    server.listen({ port, ...(host === '' ? {} : { host }) }, resolve);
  });
  const bound = server.address() as AddressInfo;
  return {
    url: `http://${shownHost(host)}:${bound.port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function shownHost(host: string): string {
  if (host === '') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

/** Asynchronous, so that whatever goes wrong with a request is a rejection: a throw in a listener would end the process. */
async function answer(handler: Handler, { method = 'GET', url = '/' }: IncomingMessage): Promise<Response> {
  if (method !== 'GET' && method !== 'HEAD')
    return new Response('only GET and HEAD\n', { status: 405, headers: { allow: 'GET, HEAD' } });
  const parsed = URL.parse(url, 'http://operator');
  if (parsed === null) return new Response('not a path\n', { status: 400 });
  return handler(new Request(parsed, { method }));
}

async function send(answered: Response, response: ServerResponse): Promise<void> {
  const text = await answered.text();
  response.writeHead(answered.status, Object.fromEntries(answered.headers)).end(text);
}

function cannotListen(host: string, port: number, cause: NodeJS.ErrnoException): UserError {
  const reason = cause.code === 'EADDRINUSE' ? 'the port is in use' : cause.message;
  return new UserError(
    `--bind-address ${host}:${port}: cannot listen: ${reason}; choose another port, or 0 to serve nothing`,
    {
      cause,
    },
  );
}
