import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

export interface Backend {
  readonly host: string;
  readonly port: number;
}

export interface ConnectionProxy {
  /** Where it really listens. */
  readonly host: string;
  readonly port: number;
  /** Takes no new connections; those that exist go on. Resolves when the last of them has ended. */
  stopListening(): Promise<void>;
  /** Ends everything. */
  close(): Promise<void>;
}

export interface ConnectionProxyOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The backends for a client's address, in the order in which they are tried. Asked for each connection. */
  readonly backends: (client: string) => readonly Backend[];
}

/** More connections than this at once are refused. */
const maxConnections = 8192;
const connectTimeoutMs = 5000;
/** As many backends are tried for one connection. */
const maxTries = 5;

/**
 * Spreads TCP connections over backends, each connection to one of them. A backend that refuses is passed over; without
 * one that answers the client sees a reset, as from a service without endpoints.
 * @throws the system's error (EACCES, EADDRINUSE, EADDRNOTAVAIL) when it cannot listen
 */
export function startConnectionProxy(options: ConnectionProxyOptions): Promise<ConnectionProxy> {
  const sockets = new Set<Socket>();
  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (client) => {
    track(client);
    join(client, options.backends(client.remoteAddress ?? '').slice(0, maxTries), track);
  });
  server.maxConnections = maxConnections;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: options.host, port: options.port, exclusive: true }, () => {
      resolve({ host: options.host, port: portOf(server), ...stops(server, sockets) });
    });
  });
}

function stops(
  server: Server,
  sockets: ReadonlySet<Socket>,
): Pick<ConnectionProxy, 'stopListening' | 'close'> {
  const closed = new Promise<void>((resolve) => server.once('close', resolve));
  return {
    stopListening() {
      server.close();
      return closed;
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      return closed;
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Connects the client to the first backend that answers. */
function join(
  client: Socket,
  [backend, ...others]: readonly Backend[],
  track: (socket: Socket) => void,
): void {
  client.removeAllListeners('error');
  if (backend === undefined) {
    client.on('error', () => client.destroy());
    client.resetAndDestroy();
    return;
  }
  const upstream = connect({ ...backend, allowHalfOpen: true, noDelay: true, timeout: connectTimeoutMs });
  track(upstream);
  client.once('error', () => upstream.resetAndDestroy());
  const next = (): void => {
    upstream.removeAllListeners();
    upstream.on('error', () => upstream.destroy());
    upstream.destroy();
    if (!client.destroyed) join(client, others, track);
  };
  upstream.once('error', next);
  upstream.once('timeout', next);
  upstream.once('connect', () => {
    upstream.removeListener('error', next);
    upstream.removeListener('timeout', next);
    upstream.setTimeout(0);
    pipeBothWays(client, upstream);
  });
}

/** Half-close is passed on by pipe; an abort on one side is an abort on the other. */
function pipeBothWays(client: Socket, upstream: Socket): void {
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    one.removeAllListeners('error');
    one.on('error', () => other.resetAndDestroy());
    one.pipe(other);
  }
}
