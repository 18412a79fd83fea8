import { KubeError } from './errors.ts';

/** A failed attempt, as far as sending it again depends on it. */
export interface Attempt {
  readonly method: string;
  /** 1 for the first. */
  readonly number: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** No request is sent more often than this, whatever the server says; client-go's limit is 11. */
const maxAttempts = 5;

const firstPauseMs = 100;
const longestPauseMs = 2000;

/**
 * ```
 *   failure                               any verb   GET    pause                            as
 *   401, or a failed TLS handshake        once       once   none, with fresh credentials     exec plugins of client-go
 *   429                                   yes        yes    Retry-After, else backoff        client-go: the request was not begun
 *   5xx with Retry-After                  yes        yes    Retry-After                      client-go: the server asks for it
 *   5xx without, but 501 and 505          no         yes    backoff                          ours: a read changes nothing
 *   a pooled connection that was closed   no         once   none                             client-go, for GET
 *   a fence, a deadline, all else         no         no
 * ```
 * (client-go: rest/with_retry.go, `checkWait` and `IsNextRetry`.) A write that the server may have carried out before its 5xx is
 * safe to send again because each of ours names a resourceVersion or creates an object with a name.
 * @returns milliseconds to wait before the next attempt, jittered; undefined when there must be none
 */
export function retryPauseMs(error: unknown, attempt: Attempt): number | undefined {
  if (!(error instanceof KubeError) || attempt.number >= maxAttempts) return undefined;
  if (needsCredentials(error) || (attempt.method === 'GET' && wasClosed(error)))
    return attempt.number === 1 ? 0 : undefined;
  if (error.status === 429 || (error.status >= 500 && error.retryAfterMs !== undefined))
    return error.retryAfterMs === undefined ? backoffMs(attempt) : jittered(error.retryAfterMs, attempt);
  const mayPass = error.status >= 500 && error.status !== 501 && error.status !== 505;
  return attempt.method === 'GET' && mayPass ? backoffMs(attempt) : undefined;
}

/** Refused for its credentials before anything was done: a token, or a certificate of either side. */
export function needsCredentials(error: KubeError): boolean {
  return error.status === 401 || /CERT|SIGNATURE|_SSL_|_TLS_/.test(codeOf(error));
}

function wasClosed(error: KubeError): boolean {
  return ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(codeOf(error));
}

function codeOf({ cause }: KubeError): string {
  const code = (cause as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : '';
}

/** Never earlier than asked; later by up to a quarter, so that those who were refused together do not come back together. */
function jittered(askedMs: number, { random }: Attempt): number {
  return Math.round(askedMs * (1 + random() / 4));
}

/** Between half and all of a time that doubles. */
function backoffMs({ number, random }: Attempt): number {
  const boundMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (number - 1));
  return Math.round(boundMs * (0.5 + random() / 2));
}
