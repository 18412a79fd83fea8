import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { errorMessage, UserError } from '../lib/errors.ts';
import { describeFailure } from '../report/failure-words.ts';
import { classOfError } from './failures.ts';
import { type RequestBytes, requestBytes, type RequestOptions } from './request.ts';
import { openSocket, type OpenWire } from './wire.ts';

export interface TlsOptions {
  /** Takes any certificate, and so tells nobody from anybody. Default false. */
  readonly insecure?: boolean;
  /** PEM of the authorities that are trusted instead of those that Node knows. */
  readonly ca?: string;
}

/** Where requests go and what is written for each. */
export interface Target {
  /** A name is looked up anew for each connection, so that balancing by DNS works. */
  readonly host: string;
  readonly port: number;
  /** Present for https. */
  readonly tls?: TlsOptions;
  readonly request: RequestBytes;
}

const defaultPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** @throws UserError for what cannot be a target */
export function parseTarget(url: URL, request: RequestOptions = {}, tls: TlsOptions = {}): Target {
  const defaultPort = defaultPorts[url.protocol];
  if (defaultPort === undefined) {
    throw new UserError(
      `cannot load ${url.href}: the scheme must be http or https, not ${url.protocol.slice(0, -1)}`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new UserError(
      `cannot load ${url.host}: user and password in the URL are not supported; give an Authorization header`,
    );
  }
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? defaultPort : Number(url.port),
    ...(url.protocol === 'https:' ? { tls } : {}),
    request: requestBytes(url, request),
  };
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
 * Opens one connection, TLS included, and closes it again.
 * @throws UserError when nothing listens there, or the certificate is not trusted
 */
export async function checkReachable(
  url: URL,
  target: Target,
  timeoutMs: number,
  open: OpenWire = openSocket,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const broken = (code: string): void => reject(Object.assign(new Error('no answer'), { code }));
  const wire = open(target, {
    opened: () => resolve(undefined),
    data: () => undefined,
    ended: () => broken('ECONNRESET'),
    failed: reject,
    closed: () => broken('ECONNRESET'),
  });
  const timer = setTimeout(() => broken('ETIMEDOUT'), timeoutMs);
  try {
    await promise;
  } catch (cause) {
    throw unreachable(url, cause);
  } finally {
    clearTimeout(timer);
    wire.destroy();
  }
}

/** What to do about it, where it is not to look whether the app runs. */
const advice: Readonly<Record<string, string>> = {
  tlsError:
    'give --cacert FILE with the authority that signed its certificate, or --insecure to trust anybody',
};

function unreachable(url: URL, cause: unknown): UserError {
  const failure = classOfError(cause);
  const isVague = failure === 'networkError' || failure === 'tlsError';
  // Node adds advice on how to run Node, which is not what the user runs.
  const reason = isVague ? errorMessage(cause).replace(/; if the root CA .*$/, '') : describeFailure(failure);
  const todo = advice[failure] ?? 'is the app running, and are host and port right?';
  return new UserError(`cannot reach ${url.href}: ${reason}; ${todo}`, { cause });
}
