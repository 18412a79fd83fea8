import { isIP } from 'node:net';
import { ApiError } from './errors.ts';

/**
 * Whether a request may have been sent by a web page. There is no login here, and a pod runs as a program of the user: so no page
 * that a browser shows may reach the API, neither directly (a browser says so in `Origin`) nor under a name of its
 * own that it has made to resolve to this machine (the name is in `Host`).
 * @returns the refusal, or undefined
 */
export function refuseForeign(headers: Readonly<Record<string, string | undefined>>): ApiError | undefined {
  const { origin, host = 'localhost' } = headers;
  if (origin !== undefined) return forbidden(`requests of web pages are refused (Origin: ${origin})`);
  if (!isLoopbackName(host)) {
    return forbidden(`the host ${host} is not this machine's own; use 127.0.0.1 or localhost`);
  }
  return undefined;
}

function forbidden(reason: string): ApiError {
  return new ApiError(
    403,
    'Forbidden',
    `the dev cluster takes requests of this machine's programs only: ${reason}`,
  );
}

/** @param host a Host header: `127.0.0.1:6443`, `localhost`, `[::1]:6443` */
function isLoopbackName(host: string): boolean {
  const name = host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  if (isIP(name) === 4) return name.startsWith('127.');
  return name === '::1' || name === 'localhost' || name.endsWith('.localhost');
}
