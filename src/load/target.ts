import { lookup } from 'node:dns/promises';
import { BlockList, connect, isIP } from 'node:net';
import { errorMessage, UserError } from '../lib/errors.ts';
import { describeFailure } from '../report/failure-words.ts';
import { classOfError } from './failures.ts';

/** Where requests go and what is written for each. */
export interface Target {
  /** A name is looked up anew for each connection, so that balancing by DNS works. */
  readonly host: string;
  readonly port: number;
  /** A request that keeps the connection, and one that asks the server to close it after the answer. */
  readonly request: Buffer;
  readonly lastRequest: Buffer;
}

/** @throws UserError for what cannot be a target */
export function parseTarget(url: URL): Target {
  if (url.protocol === 'https:') {
    throw new UserError(`cannot load ${url.href}: https is not supported yet; give an http URL`);
  }
  if (url.protocol !== 'http:') {
    throw new UserError(`cannot load ${url.href}: the scheme must be http, not ${url.protocol.slice(0, -1)}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new UserError(
      `cannot load ${url.host}: user and password in the URL are not supported; leave them out`,
    );
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? 80 : Number(url.port),
    request: requestBytes(url, 'keep-alive'),
    lastRequest: requestBytes(url, 'close'),
  };
}

function requestBytes(url: URL, connection: string): Buffer {
  const lines = [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    'User-Agent: plimsoll-load',
    'Accept: */*',
    `Connection: ${connection}`,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/**
 * Refuses targets on other machines unless they were allowed: load on somebody else's server is an attack.
 * @throws UserError
 */
export async function checkAllowed(url: URL, target: Target, allowRemote: boolean): Promise<void> {
  if (allowRemote || (await isLoopback(url, target.host))) return;
  throw new UserError(
    `will not load ${url.href}: ${target.host} is not on this machine; ` +
      'give --allow-remote if it is yours to put under load',
  );
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

async function isLoopback(url: URL, host: string): Promise<boolean> {
  const addresses = isIP(host) === 0 ? await addressesOf(url, host) : [{ address: host, family: isIP(host) }];
  return addresses.every(({ address, family }) => loopback.check(address, family === 6 ? 'ipv6' : 'ipv4'));
}

async function addressesOf(url: URL, host: string): Promise<{ address: string; family: number }[]> {
  try {
    return await lookup(host, { all: true });
  } catch (cause) {
    throw unreachable(url, cause);
  }
}

/**
 * Opens one connection and closes it again.
 * @throws UserError when nothing listens there
 */
export async function checkReachable(url: URL, target: Target, timeoutMs: number): Promise<void> {
  const socket = connect({ host: target.host, port: target.port });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve).once('error', reject);
      socket.setTimeout(timeoutMs, () =>
        reject(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })),
      );
    });
  } catch (cause) {
    throw unreachable(url, cause);
  } finally {
    socket.destroy();
  }
}

function unreachable(url: URL, cause: unknown): UserError {
  const failure = classOfError(cause);
  const reason = failure === 'networkError' ? errorMessage(cause) : describeFailure(failure);
  return new UserError(
    `cannot reach ${url.href}: ${reason}; is the app running, and are host and port right?`,
    { cause },
  );
}
