import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { createClusterApi } from '../../../src/devcluster/apiserver/in-process.ts';
import { startRegistry } from '../../../src/devcluster/apiserver/start-registry.ts';
import { startServiceNames } from '../../../src/devcluster/network/service-names.ts';

describe('the file of service names', () => {
  const { TMPDIR } = process.env;
  let temporary: string;

  beforeEach(() => {
    temporary = mkdtempSync(join(tmpdir(), 'plimsoll-test-'));
    process.env.TMPDIR = temporary;
  });
  afterEach(() => {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    rmSync(temporary, { recursive: true, force: true });
  });

  it('goes when the cluster closes', async () => {
    const names = startServiceNames(createClusterApi(await startRegistry()));
    expect(readdirSync(temporary)).to.have.length(1);
    names.close();
    expect(readdirSync(temporary)).to.deep.equal([]);
  });

  it('of a cluster that was killed goes when the next one starts; those of others stay', async () => {
    const { pid: ended } = spawnSync(process.execPath, ['--version']);
    const folders = {
      abandoned: join(temporary, `plimsoll-names-${ended}-abcdef`),
      inUse: join(temporary, `plimsoll-names-${process.ppid}-abcdef`),
      foreign: join(temporary, `somebody-${ended}-abcdef`),
    };
    for (const folder of Object.values(folders)) {
      mkdirSync(folder);
      writeFileSync(join(folder, 'names.json'), '{}');
    }
    const names = startServiceNames(createClusterApi(await startRegistry()));
    expect(existsSync(folders.abandoned)).to.equal(false);
    expect(existsSync(folders.inUse)).to.equal(true);
    expect(existsSync(folders.foreign)).to.equal(true);
    names.close();
  });
});
