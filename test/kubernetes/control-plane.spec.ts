import { expect } from 'chai';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { eventually } from '../support/wait.ts';
import { givenCluster } from './support/shared-stage.ts';

interface Ready {
  readonly server: string;
  readonly kubeconfig: string;
  readonly pids: readonly number[];
}

const program = fileURLToPath(new URL('../controlplane/run.ts', import.meta.url));

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a control plane of its own', () => {
  let starter: ChildProcess;
  let ready: Ready;

  before(function () {
    const { KUBEBUILDER_ASSETS = '' } = process.env;
    // Programs that others built do not end with their starter.
    if (givenCluster().kind !== 'control plane' || KUBEBUILDER_ASSETS !== '') this.skip();
  });

  beforeEach(async () => {
    const { release } = givenCluster();
    starter = spawn(process.execPath, [program, ...(release === undefined ? [] : ['--release', release])], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: starter.stdout! }), 'line')) as [string];
    ready = JSON.parse(line) as Ready;
    expect(ready.pids.filter(isRunning)).to.have.length(3);
  });
  afterEach(() => starter.kill('SIGKILL'));

  const ends: Readonly<Record<string, () => void>> = {
    'is told to stop': () => starter.kill('SIGTERM'),
    'loses its standard input': () => starter.stdin?.end(),
    'is killed': () => starter.kill('SIGKILL'),
  };
  for (const [name, end] of Object.entries(ends))
    it(`leaves neither processes nor files behind when its starter ${name}`, async () => {
      end();
      await eventually('every part has ended', () => !ready.pids.some(isRunning));
      await eventually('the folder is gone', () => !existsSync(dirname(ready.kubeconfig)));
    });
});
