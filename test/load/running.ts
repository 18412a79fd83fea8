import type { RequestListener } from 'node:http';
import { expect } from 'chai';
import { type Profile, rampProfile } from '../../src/lib/load-profile.ts';
import type { LoadOptions } from '../../src/load/load-options.ts';
import { type LoadDeps, runLoad } from '../../src/load/run-load.ts';
import type { LoadResult } from '../../src/report/load-result.ts';
import type { TestServer } from './servers.ts';

export const steady = (ratePerSecond: number, durationMs: number): Profile =>
  rampProfile({ ratePerSecond, durationMs, rampMs: 0 });

const never = new AbortController().signal;

/** Runs a load against a server and closes it. */
export async function load(
  server: TestServer,
  options: Partial<LoadOptions>,
  deps: Partial<LoadDeps> = {},
): Promise<LoadResult> {
  try {
    return await runLoad({ url: server.url, ...options }, { signal: never, ...deps });
  } finally {
    await server.close();
  }
}

/** sent = ok + failed, and everything that the profile asked for is sent or dropped. */
export function expectAccounted({ requests }: LoadResult, arrivals: number): void {
  expect(requests.ok + requests.failed).to.equal(requests.sent);
  expect(requests.sent + requests.dropped).to.equal(arrivals);
}

export const hello: RequestListener = (_, response) => {
  response.setHeader('X-Pod-Name', 'pod-a').end('hello');
};
