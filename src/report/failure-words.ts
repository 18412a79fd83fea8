import type { FailureClass } from './load-result.ts';

const words: Readonly<Record<FailureClass, string>> = {
  connectionRefused: 'connection refused',
  connectionReset: 'connection reset',
  closedEarly: 'connection closed before the answer was complete',
  timeout: 'no answer in time',
  malformedResponse: 'the answer is not HTTP/1.x',
  nameNotFound: 'name not found',
  tlsError: 'TLS failed',
  noFreePort: 'this machine had no free port left; keep connections for longer (--rotate)',
  tooManyOpenFiles: 'this process may open no more files (ulimit -n); use fewer connections',
  networkError: 'network error',
  status4xx: 'status 4xx',
  status5xx: 'status 5xx',
};

/**
 * A class of failures in words.
 * @param statuses how often each status came that is a failure: the status itself says more than its class
 */
export function describeFailure(
  failure: FailureClass,
  statuses: Readonly<Record<string, number>> = {},
): string {
  const first = failure === 'status4xx' ? '4' : failure === 'status5xx' ? '5' : undefined;
  const own = Object.entries(statuses).filter(([status]) => first !== undefined && status.startsWith(first));
  if (own.length === 0) return words[failure];
  if (own.length === 1) return `status ${own[0]?.[0] ?? ''}`;
  return `status ${own.map(([status, count]) => `${status} (${count})`).join(', ')}`;
}
