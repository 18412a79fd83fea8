import { expect } from 'chai';
import type { LoadResult } from '../../src/report/load-result.ts';
import { ClusterProcess } from '../support/cluster-process.ts';
import { kubectlVersion } from '../support/kubectl.ts';
import { Plimsoll } from '../support/processes.ts';
import { eventually } from '../support/wait.ts';

interface Way {
  /** For `kubectl get`: the object, and the annotation that tells where it answers. */
  readonly object: string;
  readonly annotation: string;
  readonly balances: 'connections' | 'requests';
  readonly host?: string;
}

const ways: Readonly<Record<string, Way>> = {
  ClusterIP: { object: 'service walkthrough', annotation: 'address', balances: 'connections' },
  NodePort: {
    object: 'service walkthrough-nodeport',
    annotation: 'node-address',
    balances: 'connections',
  },
  LoadBalancer: {
    object: 'service walkthrough-loadbalancer',
    annotation: 'load-balancer-address',
    balances: 'connections',
  },
  Ingress: {
    object: 'ingress walkthrough',
    annotation: 'address',
    balances: 'requests',
    host: 'walkthrough.localhost',
  },
};

/**
 * All loads at the same time, so that one rise from 1 pod to 4 serves all tests. Together they cost 400m of CPU time, whatever the
 * machine: 5 pods at 80 % of 100m, of which the autoscaler may have 4.
 */
const policies: Readonly<Record<string, readonly string[]>> = {
  default: ['--rate', '40'],
  // As many connections as a rate of 10/s opens at once, so that all are there before the pods are added.
  off: ['--rate', '10', '--connections', '4', '--rotate', 'off'],
};

const pods = 4;

describe('plimsoll load on the four ways in, while the operator takes the app from 1 pod to 4', function () {
  this.timeout(180_000);
  let cluster: ClusterProcess | undefined;
  let operator: Plimsoll | undefined;
  const loads = new Map<string, Plimsoll>();
  const results = new Map<string, LoadResult>();

  const allows = async (maxReplicas: number): Promise<string> =>
    cluster!.kubectl.run('patch cas walkthrough --type=merge -p', [
      JSON.stringify({ spec: { maxReplicas } }),
    ]);

  async function startLoad(name: string, way: Way, flags: readonly string[]): Promise<void> {
    const { kubectl, kubeconfig } = cluster!;
    const path = `jsonpath={.metadata.annotations.plimsoll\\.dev/${way.annotation}}`;
    const address = await eventually(
      `${way.object} has an address`,
      async () => (await kubectl.run(`get ${way.object} -o`, [path])) || undefined,
    );
    const host = way.host === undefined ? [] : ['--header', `Host: ${way.host}`];
    const watched = ['--kubeconfig', kubeconfig, '--output', 'json', '--duration', '10m'];
    loads.set(name, new Plimsoll(['load', `http://${address}/?cpu=2`, ...host, ...watched, ...flags]));
  }

  /** Until each load has told so many times that so many pods are ready: once in 5 s. */
  async function allTold(readyReplicas: number, times: number): Promise<void> {
    const line = ` ready=${readyReplicas}/${readyReplicas}\\n[^\\n]*`;
    const pattern = new RegExp(`(?:${line}){${times}}`);
    await Promise.all([...loads.values()].map(async (load) => load.told(pattern)));
  }

  /** Until all pods are ready; if not, the error says what the autoscaler thinks of it. */
  async function scaled(): Promise<void> {
    let told = '';
    await eventually(`${pods} pods are ready`, async () => {
      told = await cluster!.kubectl.run('get deployment,cas,pods -o wide');
      const path = 'get deployment walkthrough -o jsonpath={.status.readyReplicas}';
      return (await cluster!.kubectl.run(path)) === String(pods);
    }).catch((error: unknown) => {
      throw new Error(`the operator did not scale:\n${told}${operator?.stderr ?? ''}`, { cause: error });
    });
  }

  before(async function () {
    if (kubectlVersion === undefined) return this.skip();
    cluster = await ClusterProcess.start();
    const quick = '--sync-period 1s --cpu-initialization-period 2s --initial-readiness-delay 1s'.split(' ');
    const where = ['--kubeconfig', cluster.kubeconfig, '--bind-address', '127.0.0.1:0'];
    operator = new Plimsoll(['operator', ...where, ...quick, '--downscale-stabilization', '10m']);
    await cluster.kubectl.run('apply -k examples/walkthrough/');
    await cluster.kubectl.run('apply -k examples/walkthrough/ways/');
    await allows(1);
    await cluster.kubectl.run('rollout status deployment/walkthrough --timeout=60s');
    for (const [kind, way] of Object.entries(ways))
      for (const [rotate, flags] of Object.entries(policies))
        await startLoad(`${kind} ${rotate}`, way, flags);
    await allTold(1, 1);
    await allows(pods);
    await scaled();
    await allTold(pods, 4);
    for (const [name, load] of loads) {
      const { code, stdout, stderr } = await load.stop('SIGINT');
      expect(code, stderr).to.equal(130);
      results.set(name, JSON.parse(stdout) as LoadResult);
    }
  });
  after(async () => {
    for (const load of loads.values()) await load.stop('SIGKILL');
    await operator?.stop();
    await cluster?.stop();
  });

  for (const [kind, { balances }] of Object.entries(ways)) {
    it(`${kind}: the load becomes balanced over all pods with the default rotation`, () => {
      const {
        cluster: told,
        perPod,
        balance,
        reactions,
        requests,
        warnings,
      } = results.get(`${kind} default`)!;
      expect(told?.replicas[0]).to.include({ desiredReplicas: 1, readyReplicas: 1 });
      expect(told?.replicas.at(-1)).to.include({ desiredReplicas: pods, readyReplicas: pods });
      expect(told?.events.map(({ reason }) => reason)).to.include('SuccessfulRescale');
      expect(reactions?.balancedAtMs).to.be.above(reactions!.peakReadyAtMs!);

      const parts = Object.values(perPod);
      expect(parts).to.have.length(pods);
      for (const { share } of parts) expect(share).to.be.above(0);
      expect(parts.reduce((sum, { share }) => sum + share, 0)).to.be.closeTo(1, 1e-9);
      expect(balance.pods).to.equal(pods);
      expect(balance.test?.unit).to.equal(balances);
      expect(warnings.filter(isPinning)).to.deep.equal([]);
      expect(requests.failed).to.equal(0);
    });

    const says =
      balances === 'requests' ? 'is balanced all the same' : 'stays on the old pod, and it says so';
    it(`${kind}: without rotation the load ${says}`, () => {
      const { perPod, reactions, requests, warnings } = results.get(`${kind} off`)!;
      const isSpread = balances === 'requests';
      expect(Object.keys(perPod)).to.have.length(isSpread ? pods : 1);
      expect(reactions?.balancedAtMs).to.satisfy((at: number | null) => isSpread === (at !== null));
      expect(warnings.filter(isPinning)).to.have.length(isSpread ? 0 : 1);
      if (!isSpread)
        expect(warnings.join()).to.match(/^4 pods ready, 1 answering: 4 of 4 connections .*--rotate/);
      expect(requests.failed).to.equal(0);
    });
  }
});

const isPinning = (warning: string): boolean => warning.includes('new pods get no traffic');
