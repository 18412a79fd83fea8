import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DemoResult } from '../../src/report/demo-result.ts';
import { plimsoll, unprivileged } from './processes.ts';

/** Runs `plimsoll demo` as a user without privileges: it scales 1 -> at least 4 -> 1 and no request fails. */
export async function demoUpAndDown(flags: readonly string[] = []): Promise<DemoResult> {
  const home = mkdtempSync(join(tmpdir(), 'plimsoll-home-'));
  try {
    const args = ['demo', '--output', 'json', ...flags];
    const { code, stdout, stderr } = await plimsoll(args, unprivileged(home));
    expect(code, stderr).to.equal(0);
    const result = JSON.parse(stdout) as DemoResult;
    expect(result.replicas.start).to.equal(1);
    expect(result.replicas.peak).to.be.at.least(4);
    expect(result.replicas.end).to.equal(1);
    expect(result.load.requests.failed).to.equal(0);
    return result;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
