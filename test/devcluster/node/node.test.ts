import { connect } from 'node:net';

import { expect } from 'chai';

import type { Pod } from '../../../src/devcluster/controllers/objects.ts';
import { eventually } from '../../support/wait.ts';
import { isAlive } from './alive.ts';
import { TestNode, script } from './test-node.ts';

const forever = 'echo started; exec sleep 300';
/** Listens where a pod should, and says so. */
const listener = `require('node:http').createServer((_, r) => r.end('ok')).listen(process.env.PORT, process.env.POD_IP, () => console.log('up'))`;

describe('the node', function () {
  this.timeout(60_000);
  let node: TestNode;

  before(async () => {
    node = await TestNode.start({
      images: {
        web: { command: [process.execPath, '-e', listener] },
        broken: { command: ['/no/such/program'] },
      },
    });
  });
  after(() => node.node.close(0));

  /** Its script has set its traps. */
  async function up(name: string): Promise<void> {
    await node.running(name);
    await eventually(`${name} is up`, async () => (await node.log(name)) === 'up\n');
  }

  it('is there, ready and without taints', () => {
    const [object] = node.api.list('nodes');
    expect(object?.metadata.name).to.equal('plimsoll-dev');
    expect((object?.spec as { taints?: unknown[] }).taints ?? []).to.deep.equal([]);
    expect(JSON.stringify(object?.status)).to.contain('KubeletReady');
  });

  it('binds a pod, runs it and tells of it', async () => {
    node.create('plain', script(forever));
    const status = await node.running('plain');
    expect(status).to.include({ ready: true, started: true, restartCount: 0 });
    const pod = node.pod('plain');
    expect(pod?.spec.nodeName).to.equal('plimsoll-dev');
    expect(pod?.status).to.include({ phase: 'Running', hostIP: '127.0.0.1' });
    const conditions = new Map(pod?.status?.conditions?.map(({ type, status: value }) => [type, value]));
    for (const type of ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'])
      expect(conditions.get(type)).to.equal('True');
    expect(node.events('plain').map(({ reason }) => reason)).to.include.members([
      'Scheduled',
      'Pulled',
      'Created',
      'Started',
    ]);
  });

  it('gives each pod an address of its own, and the port to listen on', async () => {
    const container = {
      image: 'registry.example/acme/web:1',
      ports: [{ containerPort: 8080 }],
      readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
    };
    node.create('web-a', container);
    node.create('web-b', container);
    await node.container('web-a', 'is ready', ({ ready }) => ready);
    await node.container('web-b', 'is ready', ({ ready }) => ready);
    const [a, b] = [node.pod('web-a')?.status?.podIP, node.pod('web-b')?.status?.podIP];
    expect(a)
      .to.match(/^127\.64\./)
      .and.not.equal(b);
  });

  it('shows logs, of the run before too', async () => {
    node.create('chatty', script('echo run; echo oops >&2; exit 1'));
    await node.container('chatty', 'was restarted', ({ restartCount }) => restartCount >= 1);
    expect(await node.log('chatty', { previous: true }))
      .to.have.string('run\n')
      .and.have.string('oops\n');
    await eventually('the log is there', async () => (await node.log('chatty')).includes('run'));
    expect(await node.log('chatty', { tailLines: 1 })).to.match(/^(run|oops)\n$/);
  });

  it('ends the log that is followed when the container ends', async () => {
    node.create('brief', script('echo one; sleep 0.2; echo two'), { restartPolicy: 'Never' });
    await node.container('brief', 'has started', ({ state }) => state.waiting === undefined);
    expect(await node.log('brief', { follow: true })).to.equal('one\ntwo\n');
  });

  it('refuses the log of a container that has not started, and of a pod that is not there', async () => {
    node.create('unstartable', { image: 'broken' });
    await node.container(
      'unstartable',
      'waits',
      ({ state }) => state.waiting?.reason === 'CreateContainerError',
    );
    const errors = await Promise.all(
      ['unstartable', 'nobody'].map((name) => node.log(name).catch((error: unknown) => error)),
    );
    expect(errors[0])
      .to.have.property('message')
      .that.matches(/^container "c" in pod "unstartable" is waiting to start/);
    expect(errors[1]).to.have.property('code', 404);
  });

  it('says what to do about a program that is missing', async () => {
    node.create('missing', { command: ['/no/such/program'] });
    const { state } = await node.container(
      'missing',
      'waits',
      ({ state: now }) => now.waiting?.reason === 'CreateContainerError',
    );
    expect(state.waiting?.message).to.match(
      /ENOENT.*runs local processes, not images; map it with --image NAME=COMMAND/,
    );
    expect(node.pod('missing')?.status?.phase).to.equal('Pending');
    expect(
      node.events('missing').some(({ reason, type }) => reason === 'Failed' && type === 'Warning'),
    ).to.equal(true);
  });

  it('starts a pod once the config map that it needs is there', async () => {
    const env = [{ name: 'MODE', valueFrom: { configMapKeyRef: { name: 'settings', key: 'mode' } } }];
    node.create('configured', { ...script('echo mode $MODE; exec sleep 300'), env });
    await node.container(
      'configured',
      'waits',
      ({ state }) => state.waiting?.reason === 'CreateContainerConfigError',
    );
    const metadata = { name: 'settings', namespace: 'default' };
    node.api.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { mode: 'fast' } });
    await node.running('configured');
    await eventually('it has read it', async () => (await node.log('configured')) === 'mode fast\n');
  });

  it('restarts what crashes, with a growing delay', async () => {
    node.create('crash', script('exit 3'));
    const status = await node.container('crash', 'is in a crash loop', ({ state, restartCount }) => {
      return restartCount >= 2 && state.waiting?.reason === 'CrashLoopBackOff';
    });
    expect(status.lastState.terminated).to.include({ exitCode: 3, reason: 'Error' });
    expect(status.state.waiting?.message).to.match(
      /^back-off .* restarting failed container=c pod=crash_default/,
    );
    expect(node.pod('crash')?.status?.phase).to.equal('Running');
    expect(node.events('crash').find(({ reason }) => reason === 'BackOff')?.count).to.be.at.least(1);
  });

  it('restarts a process that somebody kills', async () => {
    node.create('victim', script(forever));
    const { containerID = '' } = await node.running('victim');
    process.kill(Number(containerID.replace('process://', '')), 'SIGKILL');
    const status = await node.container(
      'victim',
      'runs again',
      ({ state, restartCount }) => restartCount === 1 && !!state.running,
    );
    expect(status.lastState.terminated).to.include({ exitCode: 137, signal: 9 });
  });

  const policies: Record<string, { restartPolicy: string; exitCode: number; phase: string }> = {
    'Never ends as Failed': { restartPolicy: 'Never', exitCode: 1, phase: 'Failed' },
    'Never ends as Succeeded': { restartPolicy: 'Never', exitCode: 0, phase: 'Succeeded' },
    'OnFailure ends as Succeeded': { restartPolicy: 'OnFailure', exitCode: 0, phase: 'Succeeded' },
  };
  for (const [name, { restartPolicy, exitCode, phase }] of Object.entries(policies)) {
    it(`does not restart a pod whose restartPolicy ${name}`, async () => {
      const pod = `job-${restartPolicy.toLowerCase()}-${exitCode}`;
      node.create(pod, script(`exit ${exitCode}`), { restartPolicy });
      await eventually(`${pod} is ${phase}`, () => node.pod(pod)?.status?.phase === phase);
      expect(node.pod(pod)?.status?.containerStatuses?.[0]?.restartCount).to.equal(0);
      node.api.delete('pods', 'default', pod);
      await node.gone(pod);
    });
  }

  it('runs init containers first, one after the other', async () => {
    const init = (name: string) => ({ name, image: 'x', ...script(`echo ${name}`) });
    node.create('prepared', script(forever), {
      initContainers: [init('one'), init('two'), { name: 'unknown', image: 'y' }],
    });
    await node.running('prepared');
    expect(await node.log('prepared', { container: 'two' })).to.equal('two\n');
    const names = (node.pod('prepared')?.status as { initContainerStatuses?: { name: string }[] })
      .initContainerStatuses;
    expect(names?.map(({ name }) => name)).to.deep.equal(['one', 'two']);
  });

  it('is not ready until its probe succeeds, and not any more when it fails', async () => {
    const file = `/tmp/plimsoll-ready-${process.pid}`;
    const readinessProbe = {
      exec: { command: ['test', '-e', file] },
      periodSeconds: 0.05,
      failureThreshold: 1,
    };
    node.create('slow', {
      ...script(`trap 'rm -f ${file}; exit' TERM; while :; do sleep 0.1; done`),
      readinessProbe,
    });
    expect(await node.running('slow')).to.include({ ready: false, started: true });
    const { writeFileSync, rmSync } = await import('node:fs');
    writeFileSync(file, '');
    await node.container('slow', 'is ready', ({ ready }) => ready);
    rmSync(file);
    await node.container('slow', 'is not ready', ({ ready }) => !ready);
    expect(
      node
        .events('slow')
        .some(({ reason, message }) => reason === 'Unhealthy' && message.startsWith('Readiness')),
    ).to.equal(true);
  });

  it('restarts what fails its liveness probe', async () => {
    const livenessProbe = { exec: { command: ['false'] }, periodSeconds: 0.05, failureThreshold: 2 };
    node.create('ill', { ...script(forever), livenessProbe });
    await node.container('ill', 'was restarted', ({ restartCount }) => restartCount >= 1);
    const killing = node.events('ill').find(({ reason }) => reason === 'Killing');
    expect(killing?.message).to.equal('Container c failed liveness probe, will be restarted');
  });

  it('asks for liveness only when the startup probe has succeeded', async () => {
    const startupProbe = { exec: { command: ['true'] }, periodSeconds: 0.05 };
    const readinessProbe = { exec: { command: ['true'] }, periodSeconds: 0.05 };
    node.create('starter', { ...script(forever), startupProbe, readinessProbe });
    const first = await node.running('starter');
    expect(first).to.include({ started: false, ready: false });
    await node.container(
      'starter',
      'is started and ready',
      ({ started, ready }) => started === true && ready,
    );
  });

  it('lets a pod end by itself within its grace, then removes it', async () => {
    node.create('polite', script(`trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done`));
    await up('polite');
    const log = node.log('polite', { follow: true });
    node.api.delete('pods', 'default', 'polite', { gracePeriodSeconds: 30 });
    await node.gone('polite');
    expect(await log).to.equal('up\nbye\n');
    expect(node.events('polite').some(({ reason }) => reason === 'Killing')).to.equal(true);
  });

  it('kills what does not end within its grace', async () => {
    node.create('stubborn', script(`trap '' TERM; echo up; while :; do sleep 0.1; done`));
    await up('stubborn');
    const pid = Number((await node.running('stubborn')).containerID?.replace('process://', ''));
    node.api.delete('pods', 'default', 'stubborn', { gracePeriodSeconds: 1 });
    await node.gone('stubborn');
    expect(isAlive(pid)).to.equal(false);
  });

  it('hurries when a second deletion asks for it', async () => {
    node.create('hurried', script(`trap '' TERM; echo up; while :; do sleep 0.1; done`));
    await up('hurried');
    const startedMs = performance.now();
    node.api.delete('pods', 'default', 'hurried', { gracePeriodSeconds: 600 });
    const pid = Number((await node.running('hurried')).containerID?.replace('process://', ''));
    node.api.delete('pods', 'default', 'hurried', { gracePeriodSeconds: 0 });
    await eventually('the process is killed', () => !isAlive(pid));
    await node.gone('hurried');
    expect(performance.now() - startedMs).to.be.below(60_000);
  });

  it('runs preStop before the signal', async () => {
    const file = `/tmp/plimsoll-prestop-${process.pid}`;
    const lifecycle = { preStop: { exec: { command: ['touch', file] } } };
    const text = `trap 'test -e ${file} && echo after preStop; rm -f ${file}; exit' TERM; echo up; while :; do sleep 0.05; done`;
    node.create('prestop', { ...script(text), lifecycle });
    await up('prestop');
    const log = node.log('prestop', { follow: true });
    node.api.delete('pods', 'default', 'prestop');
    await node.gone('prestop');
    expect(await log).to.equal('up\nafter preStop\n');
  });

  it('gives no address twice', () => {
    const addresses = node.api.list('pods').map((pod) => (pod as Pod).status?.podIP);
    expect(addresses.length).to.be.above(5);
    expect(new Set(addresses).size).to.equal(addresses.length);
  });

  it('did not have to log anything', () => {
    expect(node.logged).to.deep.equal([]);
  });
});

describe('a node with a single address', () => {
  it('gives each container port a port of its own', async () => {
    const node = await TestNode.start({
      singleAddress: true,
      images: { web: { command: [process.execPath, '-e', listener] } },
    });
    try {
      const container = {
        image: 'web',
        ports: [{ containerPort: 8080 }],
        readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
      };
      for (const name of ['a', 'b']) node.create(name, container);
      for (const name of ['a', 'b']) await node.container(name, 'is ready', ({ ready }) => ready);
      const ports = ['a', 'b'].map((name) => {
        const text = node.pod(name)?.metadata.annotations?.['plimsoll.dev/ports'] ?? '{}';
        return (JSON.parse(text) as Record<string, number>)['8080'] ?? 0;
      });
      expect(new Set(ports).size).to.equal(2);
      expect(node.pod('a')?.status?.podIP).to.equal('127.0.0.1');
      for (const port of ports) await connects(port);
    } finally {
      await node.node.close(0);
    }
  });
});

describe('closing a node', () => {
  it('leaves no process behind, also of pods in a crash loop and of those that do not want to end', async () => {
    const node = await TestNode.start();
    node.create('crash', script('exit 1'));
    node.create('stubborn', script(`trap '' TERM; while :; do sleep 0.1; done`));
    node.create('pause', {});
    await node.running('stubborn');
    await node.running('pause');
    const pids = node.node.pids();
    expect(pids.length).to.be.at.least(2);
    await node.node.close(100);
    expect(node.node.pids()).to.deep.equal([]);
    for (const pid of pids) expect(isAlive(pid), String(pid)).to.equal(false);
  });
});

function connects(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
