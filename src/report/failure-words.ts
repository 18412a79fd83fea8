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

/** A class of failures in words. */
export function describeFailure(failure: FailureClass): string {
  return words[failure];
}
