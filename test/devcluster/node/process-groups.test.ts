import { expect } from 'chai';

import { ProcessGroups } from '../../../src/devcluster/node/process-groups.ts';
import { eventually } from '../../support/wait.ts';
import { isAlive } from './alive.ts';

const env = { PATH: process.env.PATH ?? '' };

async function startWithChild(
  processes: ProcessGroups,
): Promise<{ pid: number; child: number; exited: Promise<unknown> }> {
  let output = '';
  const { pid, exited } = await processes.start({
    argv: ['sh', '-c', 'trap "" TERM; sleep 300 & echo $!; wait; wait; sleep 300'],
    env,
    onOutput: (_stream, chunk) => {
      output += chunk.toString();
    },
  });
  const child = await eventually('the child has started', () => /\d+\n/.test(output) && Number(output));
  return { pid, child, exited };
}

describe('the processes of a node', () => {
  it('report how they ended', async () => {
    const processes = new ProcessGroups();
    const [three, killed] = await Promise.all([
      processes.start({ argv: ['sh', '-c', 'exit 3'], env }),
      processes.start({ argv: ['sleep', '300'], env }),
    ]);
    killed.signal('SIGTERM');
    expect(await three.exited).to.deep.equal({ exitCode: 3 });
    expect(await killed.exited).to.deep.equal({ exitCode: 143, signal: 15 });
    expect(processes.pids).to.deep.equal([]);
  });

  it('cannot be started from a program that is missing', async () => {
    const error = await new ProcessGroups()
      .start({ argv: ['/no/such/program'], env })
      .catch((caught: unknown) => caught);
    expect(error).to.have.property('code', 'ENOENT');
  });

  it('take what they have started with them when they end', async () => {
    const processes = new ProcessGroups();
    let output = '';
    const { exited } = await processes.start({
      argv: ['sh', '-c', 'sleep 300 >/dev/null 2>&1 & echo $!'],
      env,
      onOutput: (_stream, chunk) => {
        output += chunk.toString();
      },
    });
    await exited;
    await eventually('the child is gone', () => !isAlive(Number(output)));
  });

  it('are killed when they do not end in time', async () => {
    const processes = new ProcessGroups();
    const { pid, child } = await startWithChild(processes);
    await processes.close(50);
    expect(isAlive(pid)).to.equal(false);
    await eventually('the child is gone', () => !isAlive(child));
  });

  it('are killed at once for a process that exits, and none is started any more', async () => {
    const processes = new ProcessGroups();
    const { child, exited } = await startWithChild(processes);
    processes.killAllNow();
    await exited;
    await eventually('the child is gone', () => !isAlive(child));
    const error = await processes.start({ argv: ['true'], env }).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(Error);
  });
});
