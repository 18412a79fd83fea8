import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError } from '../lib/errors.ts';
import type { Handler } from './health.ts';

export interface HealthServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves a handler on an address; port 0 takes a free one.
 * @throws UserError when the address cannot be had
 */
export async function serve(
  handler: Handler,
  { host, port }: { host: string; port: number },
): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const url = `http://operator${request.url ?? '/'}`;
    handler(new Request(url, { method: request.method ?? 'GET' }))
      .then((answer) => send(answer, response))
      .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(cannotListen(host, port, cause)));
    server.listen(port, host, resolve);
  });
  const bound = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function send(answer: Response, response: ServerResponse): Promise<void> {
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
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
