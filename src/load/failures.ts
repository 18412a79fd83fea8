import type { FailureClass } from '../report/load-result.ts';

const byCode: Readonly<Record<string, FailureClass>> = {
  ECONNREFUSED: 'connectionRefused',
  ECONNRESET: 'connectionReset',
  EPIPE: 'connectionReset',
  ETIMEDOUT: 'timeout',
  ENOTFOUND: 'nameNotFound',
  EAI_AGAIN: 'nameNotFound',
};

/** The class of a socket's error. When several addresses were tried, that of the first. */
export function classOfError(error: unknown): FailureClass {
  const code = errorCode(error);
  return (code === undefined ? undefined : byCode[code]) ?? 'networkError';
}

/** The class of an answer's status, or undefined when it is a success. Redirects are answers: they are not followed. */
export function classOfStatus(status: number): FailureClass | undefined {
  if (status < 400) return undefined;
  return status < 500 ? 'status4xx' : 'status5xx';
}

function errorCode(error: unknown): string | undefined {
  if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
