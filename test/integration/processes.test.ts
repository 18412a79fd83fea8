import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { ClusterProcess } from '../support/cluster-process.ts';
import { kubectlVersion } from '../support/kubectl.ts';
import { descendants, Plimsoll, stillRunning } from '../support/processes.ts';
import { eventually } from '../support/wait.ts';

describe('what is started is ended', function () {
  this.timeout(120_000);

  before(function () {
    if (process.platform !== 'linux') this.skip(); // Processes are counted in /proc.
  });

  it('Ctrl-C on a cluster with pods leaves no process behind', async function () {
    if (kubectlVersion === undefined) return this.skip();
    const cluster = await ClusterProcess.start();
    try {
      await cluster.kubectl.run('apply -f examples/walkthrough/deployment.yaml');
      await cluster.kubectl.run('rollout status deployment/walkthrough --timeout=60s');
      await cluster.kubectl.run('scale deployment/walkthrough --replicas=3');
      const below = await eventually('three pods run', () => {
        const found = descendants(cluster.plimsoll.pid);
        return found.length >= 3 && found;
      });
      const { code } = await cluster.plimsoll.stop('SIGINT');
      expect(code).to.equal(0);
      expect(stillRunning(below)).to.deep.equal([]);
    } finally {
      await cluster.stop();
    }
  });

  it('a killed pod process is started again, and counted', async function () {
    if (kubectlVersion === undefined) return this.skip();
    const cluster = await ClusterProcess.start();
    try {
      await cluster.kubectl.run('apply -f examples/walkthrough/deployment.yaml');
      await cluster.kubectl.run('rollout status deployment/walkthrough --timeout=60s');
      const [pod] = descendants(cluster.plimsoll.pid);
      expect(pod).not.to.equal(undefined);
      process.kill(pod?.pid ?? 0, 'SIGKILL');
      await eventually('the restart is counted and the pod ready again', async () => {
        const status = await cluster.kubectl.run(
          'get pods -o jsonpath={.items[0].status.containerStatuses[0].restartCount},{.items[0].status.containerStatuses[0].ready}',
        );
        return status === '1,true';
      });
      const [restarted] = descendants(cluster.plimsoll.pid);
      expect(restarted?.pid).not.to.equal(pod?.pid);
    } finally {
      await cluster.stop();
    }
  });

  const moments: Record<string, RegExp | undefined> = {
    'at its very start': undefined,
    'while the first pod starts': /cluster/i,
    'under load': /req/i,
  };
  for (const [moment, printed] of Object.entries(moments)) {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      it(`${signal} on the demo ${moment} leaves no process behind`, async () => {
        const demo = new Plimsoll(['demo', '--output', 'json']);
        if (printed !== undefined) await eventually('progress', () => printed.test(demo.stderr));
        if (moment === 'under load') await eventually('a pod', () => descendants(demo.pid).length > 0);
        const below = descendants(demo.pid);
        const { code, stderr } = await demo.stop(signal);
        expect(stillRunning(below)).to.deep.equal([]);
        expect(code, stderr).to.equal(moment === 'at its very start' ? code : 130);
        expect(stderr).not.to.match(/\n {4}at /);
      });
    }
  }
});

describe('an operator that is killed in the middle of a ramp', function () {
  this.timeout(180_000);

  it('goes on where it was: nothing is lost and nothing scales down', async function () {
    if (kubectlVersion === undefined) return this.skip();
    const cluster = await ClusterProcess.start();
    const flags = [
      '--kubeconfig',
      cluster.kubeconfig,
      '--sync-period',
      '1s',
      '--bind-address',
      '127.0.0.1:0',
    ];
    const quick = [
      '--cpu-initialization-period',
      '2s',
      '--initial-readiness-delay',
      '1s',
      '--downscale-stabilization',
      '2m',
    ];
    const replicas = async (): Promise<number> =>
      Number(await cluster.kubectl.run('get deploy walkthrough -o jsonpath={.spec.replicas}'));
    let operator = new Plimsoll(['operator', ...flags, ...quick]);
    let load: Plimsoll | undefined;
    try {
      for (const file of ['deployment', 'service'])
        await cluster.kubectl.run(`apply -f examples/walkthrough/${file}.yaml`);
      const autoscaler = readFileSync('examples/walkthrough/customautoscaler.yaml', 'utf8');
      await cluster.kubectl.run('apply -f -', [], autoscaler);
      await cluster.kubectl.run('rollout status deployment/walkthrough --timeout=60s');
      const address = await cluster.kubectl.run(
        'get svc walkthrough -o jsonpath={.metadata.annotations.plimsoll\\.dev/address}',
      );
      load = new Plimsoll([
        'load',
        `http://${address}/`,
        '--rate',
        '45',
        '--ramp',
        '10s',
        '--duration',
        '2m',
        '--output',
        'json',
      ]);
      const before = await eventually('the first step up', async () => {
        const now = await replicas();
        return now >= 2 && now;
      });
      await operator.stop('SIGKILL');
      operator = new Plimsoll(['operator', ...flags, ...quick]);
      const seen: number[] = [before];
      await eventually('the operator scales on, up to the peak', async () => {
        seen.push(await replicas());
        return (seen.at(-1) ?? 0) >= 4;
      });
      const events = await cluster.kubectl.run(
        'get events -o jsonpath={.items[?(@.reason=="SuccessfulRescale")].message}',
      );
      expect([...seen].sort((a, b) => a - b)).to.deep.equal(seen);
      expect(events).to.match(/New size: \d/);
      const { stdout } = await load.stop('SIGINT');
      expect((JSON.parse(stdout) as { requests: { failed: number } }).requests.failed).to.equal(0);
    } finally {
      await load?.stop('SIGKILL');
      await operator.stop();
      await cluster.stop();
    }
  });
});
