import { expect } from 'chai';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { TestCluster } from '../support/cluster.ts';
import { kubeconfigText, temporaryFile } from '../support/local-api.ts';
import { startProxy } from '../support/proxy.ts';
import type { Proxy } from '../support/proxy.ts';
import { eventually } from '../support/wait.ts';

const program = fileURLToPath(new URL('../support/elector-process.ts', import.meta.url));

describe('A writer whose process is frozen and thawed', function () {
  this.timeout(120_000);
  let cluster: TestCluster;
  let proxy: Proxy;
  const processes: ChildProcess[] = [];
  const writers: string[] = [];

  before(async () => {
    cluster = await TestCluster.start(0, { crds: false });
    proxy = await startProxy(cluster.server.url, (method, path) => {
      const writer = /written-by-(\w+)/.exec(path)?.[1];
      if (method === 'PATCH' && writer !== undefined) writers.push(writer);
      return undefined;
    });
  });
  after(async () => {
    for (const each of processes) each.kill('SIGKILL');
    await proxy.close();
    await cluster.server.close();
  });

  function start(identity: string) {
    const kubeconfig = temporaryFile('kubeconfig', kubeconfigText(proxy.url));
    const child = spawn(process.execPath, [program, kubeconfig, identity], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    processes.push(child);
    const said: string[] = [];
    child.stdout.on('data', (text: Buffer) => said.push(...text.toString().trim().split('\n')));
    return { child, said };
  }

  it('writes nothing after another has taken over, without having looked', async () => {
    const a = start('a');
    await eventually('a writes', () => writers.filter((writer) => writer === 'a').length > 5);
    a.child.kill('SIGSTOP');
    const b = start('b');
    await eventually(
      'b has taken over and writes',
      () => writers.filter((writer) => writer === 'b').length > 5,
    );
    expect(b.said).to.include('leading');
    const before = writers.length;
    const fencedBefore = a.said.length;
    a.child.kill('SIGCONT');
    await eventually('a is awake and its writes are fenced', () =>
      a.said.slice(fencedBefore).includes('fenced'),
    );
    await eventually('a has seen that it leads no more', () => a.said.includes('stopped'));
    await eventually('b writes on', () => writers.length > before + 50);
    expect(writers.slice(before)).to.not.include('a');
  });
});
