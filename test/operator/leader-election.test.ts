import { expect } from 'chai';
import { TestCluster } from '../support/cluster.ts';
import { kubeconfigText, temporaryFile } from '../support/local-api.ts';
import { Plimsoll } from '../support/processes.ts';
import { startProxy } from '../support/proxy.ts';
import type { Proxy } from '../support/proxy.ts';
import { eventually } from '../support/wait.ts';

/** An operator as a process of its own, with every request that it makes. */
class Candidate {
  /** `PATCH /apis/...`, all but those about the Lease. */
  readonly writes: string[] = [];
  /** Called before a request is passed on. */
  onRequest: ((method: string, path: string) => void) | undefined;
  plimsoll!: Plimsoll;
  #proxy!: Proxy;
  #url = '';

  static async start(cluster: TestCluster, name: string, leaseDuration: string): Promise<Candidate> {
    const candidate = new Candidate();
    await candidate.#start(cluster, name, leaseDuration);
    return candidate;
  }

  async #start(cluster: TestCluster, name: string, leaseDuration: string): Promise<void> {
    this.#proxy = await startProxy(cluster.server.url, (method, path) => {
      if (method !== 'GET' && !path.includes('/leases')) this.writes.push(`${method} ${path}`);
      this.onRequest?.(method, path);
      return undefined;
    });
    const kubeconfig = temporaryFile('kubeconfig', kubeconfigText(this.#proxy.url));
    const flags = ['--sync-period=1s', '--bind-address=127.0.0.1:0', '--log-format=json', '--leader-elect'];
    const lease = [`lease-duration=${leaseDuration}`, 'renew-deadline=2s', 'retry-period=300ms'];
    this.plimsoll = new Plimsoll(
      ['operator', '--kubeconfig', kubeconfig, ...flags, ...lease.map((flag) => `--leader-elect-${flag}`)],
      { env: { ...process.env, POD_NAME: name, POD_NAMESPACE: 'default' } },
    );
    const [, url = ''] = await this.plimsoll.told(/"health":"([^"]+)"/);
    this.#url = url;
  }

  async get(path: string): Promise<{ status: number; text: string }> {
    const response = await fetch(this.#url + path);
    return { status: response.status, text: await response.text() };
  }

  async leads(): Promise<boolean> {
    return /^plimsoll_leader 1$/m.test((await this.get('/metrics')).text);
  }

  freeze(): void {
    this.plimsoll.process.kill('SIGSTOP');
  }

  thaw(): void {
    this.plimsoll.process.kill('SIGCONT');
  }

  async stop(): Promise<{ code: number | null }> {
    this.thaw();
    const ended = await this.plimsoll.stop('SIGTERM');
    await this.#proxy.close();
    return ended;
  }
}

describe('operators that share a Lease', function () {
  this.timeout(120_000);
  let cluster: TestCluster;
  let first: Candidate;
  let second: Candidate;

  const holder = (): string | undefined =>
    (
      cluster.api.get('leases.coordination.k8s.io', 'default', 'plimsoll')?.spec as {
        holderIdentity?: string;
      }
    ).holderIdentity;

  beforeEach(async () => {
    cluster = await TestCluster.start();
    cluster.deploy('web', 2);
    cluster.load('web', 100);
    cluster.autoscale('web');
  });

  async function startBoth(leaseDuration: string): Promise<void> {
    first = await Candidate.start(cluster, 'first', leaseDuration);
    await eventually('the first one leads', () => first.leads());
    second = await Candidate.start(cluster, 'second', leaseDuration);
    await eventually('the second one is ready', async () => (await second.get('/readyz')).status === 200);
  }

  afterEach(async () => {
    await Promise.all([first.stop(), second.stop()]);
    await cluster.close();
  });

  it('write one at a time: one that was frozen in the middle of a tick writes nothing when it is thawed', async () => {
    await startBoth('3s');
    await eventually('four replicas', () => cluster.replicas('web') === 4);
    cluster.runPods('web', 4);
    cluster.load('web', 50);
    await eventually('the count is told', () => cluster.status('web')?.currentReplicas === 4);
    expect(second.writes).to.deep.equal([]);
    expect(await second.leads()).to.equal(false);

    // It has asked for the metrics, whose answer will call for eight replicas, and hears it when it has lost the Lease.
    let frozen = false;
    first.onRequest = (method, path) => {
      if (frozen || method !== 'GET' || !path.startsWith('/apis/metrics.k8s.io')) return;
      frozen = true;
      first.freeze();
      cluster.load('web', 100);
    };
    await eventually('the first one is frozen', () => frozen);
    const before = first.writes.length;
    await eventually('the second one leads', () => second.leads());
    expect(holder()).to.match(/^second_/);
    await eventually('eight replicas', () => cluster.replicas('web') === 8);
    cluster.runPods('web', 8);
    cluster.load('web', 50);
    first.thaw();
    await eventually('the first one stands by, and is ready', async () => {
      return !(await first.leads()) && (await first.get('/readyz')).status === 200;
    });
    await eventually('the second one has told of eight', () => cluster.status('web')?.currentReplicas === 8);
    const renewed = (): unknown =>
      (cluster.api.get('leases.coordination.k8s.io', 'default', 'plimsoll')?.spec as { renewTime: unknown })
        .renewTime;
    const seen = renewed();
    await eventually('the Lease is renewed', () => renewed() !== seen);
    expect(first.writes.slice(before)).to.deep.equal([]);
    expect(first.plimsoll.running).to.equal(true);
  });

  it('go on with the history of the leader before them, and hear of its end at once', async () => {
    await startBoth('10m'); // nobody could wait for its end
    await eventually('four replicas', () => cluster.replicas('web') === 4);
    cluster.runPods('web', 4);
    await eventually('it is told', () => cluster.status('web')?.desiredReplicas === 4);
    cluster.load('web', 5); // asks for one replica
    const { code } = await first.stop();
    expect(code).to.equal(0);
    await eventually('the second one leads', () => second.leads());
    await eventually(
      'it holds the count',
      () => cluster.condition('web', 'AbleToScale')?.reason === 'ScaleDownStabilized',
    );
    await eventually('three decisions', async () =>
      /plimsoll_decisions_total\{verdict="Computed"\} [3-9]/.test((await second.get('/metrics')).text),
    );
    expect(cluster.replicas('web')).to.equal(4);
  });
});
