import type { FailureClass } from '../report/load-result.ts';

const byCode: Readonly<Record<string, FailureClass>> = {
  ECONNREFUSED: 'connectionRefused',
  ECONNRESET: 'connectionReset',
  EPIPE: 'connectionReset',
  ETIMEDOUT: 'timeout',
  ENOTFOUND: 'nameNotFound',
  EAI_AGAIN: 'nameNotFound',
  EADDRNOTAVAIL: 'noFreePort',
  EMFILE: 'tooManyOpenFiles',
  ENFILE: 'tooManyOpenFiles',
};

/** Codes of OpenSSL's and of certificate checks: there are some hundred of them. */
const tlsCode =
  /^(ERR_SSL_|ERR_TLS_|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_CA|EPROTO$)/;

/** The class of a socket's error. When several addresses were tried, that of the first. */
export function classOfError(error: unknown): FailureClass {
  const code = errorCode(error);
  if (code === undefined) return 'networkError';
  return byCode[code] ?? (tlsCode.test(code) ? 'tlsError' : 'networkError');
}

/** The class of an answer's status, or undefined when it is a success. Redirects are answers: they are not followed. */
export function classOfStatus(status: number): FailureClass | undefined {
  if (status < 400) return undefined;
  return status < 500 ? 'status4xx' : 'status5xx';
}

/** Failures that are this machine's own: the generator has come to its limits. */
export const ownFailures: readonly FailureClass[] = ['noFreePort', 'tooManyOpenFiles'];

function errorCode(error: unknown): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
