import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { errorMessage, UserError } from '../lib/errors.ts';
import { describeFailure } from '../report/failure-words.ts';
import { hostOf, isLoopback, portOf } from './address.ts';
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

/** @throws UserError for what cannot be a target */
export function parseTarget(url: URL, request: RequestOptions = {}, tls: TlsOptions = {}): Target {
  const port = portOf(url);
  if (port === undefined) {
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
    ...{ host: hostOf(url), port },
    ...(url.protocol === 'https:' ? { tls } : {}),
    request: requestBytes(url, request),
  };
}

/**
 * Refuses targets on other machines unless they were allowed: load on somebody else's server is an attack.
 * @throws UserError
 */
export async function checkAllowed(url: URL, target: Target, allowRemote: boolean): Promise<void> {
  if (allowRemote || (await leadsToLoopback(url, target.host))) return;
  throw new UserError(
    `will not load ${url.href}: ${target.host} is not a loopback address; ` +
      'give --allow-remote if it is yours to put under load',
  );
}

async function leadsToLoopback(url: URL, host: string): Promise<boolean> {
  return (isIP(host) === 0 ? await addressesOf(url, host) : [host]).every(isLoopback);
}

async function addressesOf(url: URL, host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
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

/** What went wrong with TLS, where the words of OpenSSL do not help, and what to do about it. The first that fits. */
const tlsTroubles: readonly { readonly code: RegExp; readonly reason?: string; readonly todo: string }[] = [
  {
    code: /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|EPROTO/,
    reason: 'what listens there does not speak TLS',
    todo: 'give http:// if it is to be loaded without',
  },
  {
    code: /ALTNAME_INVALID|HOSTNAME_MISMATCH/,
    todo: 'give a name that is in its certificate, or --insecure to trust anybody',
  },
  { code: /^ERR_SSL_/, todo: 'do versions and ciphers of TLS fit?' },
  {
    code: /(?:)/,
    todo: 'give --cacert FILE with the authority that signed its certificate, or --insecure to trust anybody',
  },
];

function unreachable(url: URL, cause: unknown): UserError {
  const failure = classOfError(cause);
  const trouble =
    failure === 'tlsError' ? tlsTroubles.find(({ code }) => code.test(codeOf(cause))) : undefined;
  const isVague = failure === 'networkError' || failure === 'tlsError';
  const reason = trouble?.reason ?? (isVague ? wordsOf(cause) : describeFailure(failure));
  const todo = trouble?.todo ?? 'is the app running, and are host and port right?';
  return new UserError(`cannot reach ${url.href}: ${reason}; ${todo}`, { cause });
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

/** On one line. Node adds advice on how to run Node, and OpenSSL where in its source it stood: neither is of the user's concern. */
function wordsOf(cause: unknown): string {
  const reason = cause instanceof Error && 'reason' in cause ? String(cause.reason) : errorMessage(cause);
  return reason
    .replace(/; if the root CA .*$/s, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
