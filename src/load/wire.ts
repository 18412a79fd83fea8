import { connect as connectTcp, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Target } from './target.ts';

/** A connection's bytes, apart from what they mean; in tests a simulated one. */
export interface Wire {
  /** One character is one byte (latin1). */
  write(bytes: string): void;
  /** Closes without more ado. */
  destroy(): void;
  /** Closes with a reset, which leaves no port of ours behind in TIME_WAIT. */
  reset(): void;
}

interface WireEvents {
  /** It stands, TLS included. */
  opened(): void;
  /** The bytes stay as they are until this returns, and no longer. */
  data(piece: Buffer): void;
  /** The other side will send no more. */
  ended(): void;
  failed(error: Error): void;
  closed(): void;
}

export type OpenWire = (target: Target, events: WireEvents) => Wire;

/** What any TCP connection reads goes through here: a buffer for each read would cost as much as all the rest of reading. */
const readBuffer = Buffer.allocUnsafeSlow(65_536);

/** A real one, over TCP or TLS. */
export const openSocket: OpenWire = (target, events) => {
  const { tls } = target;
  const tcp = connectTcp({
    ...{ host: target.host, port: target.port, noDelay: true },
    ...(tls === undefined ? { onread: readInto(readBuffer, events) } : {}),
  });
  const socket = tls === undefined ? tcp : overTls(tcp, target, tls);
  if (tls !== undefined) socket.on('data', (piece) => events.data(piece));
  socket.on(tls === undefined ? 'connect' : 'secureConnect', () => events.opened());
  socket.on('end', () => events.ended());
  socket.on('error', (error) => events.failed(error));
  socket.on('close', () => events.closed());
  return {
    write: (bytes) => socket.write(bytes, 'latin1'),
    destroy: () => socket.destroy(),
    // Of the TCP socket, also below TLS: a TLS one knows no reset.
    reset: () => tcp.resetAndDestroy(),
  };
};

function readInto(buffer: Buffer, events: WireEvents): OnReadOpts {
  return {
    buffer,
    callback: (length) => {
      events.data(buffer.subarray(0, length));
      return true; // Go on reading.
    },
  };
}

function overTls(
  tcp: Socket,
  { host }: Target,
  { insecure = false, ca }: NonNullable<Target['tls']>,
): Socket {
  return connectTls({
    socket: tcp,
    host,
    // A certificate may bear an address, but the name that the client sends first may not be one (RFC 6066, section 3).
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca }),
    rejectUnauthorized: !insecure,
    ALPNProtocols: ['http/1.1'],
  });
}
