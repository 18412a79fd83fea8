import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';
import { parse } from 'yaml';

import type { KubeObject } from '../../src/devcluster/cluster-api.ts';
import type { Deployment, Pod } from '../../src/devcluster/controllers/objects.ts';
import { isReady } from '../../src/devcluster/controllers/pod-readiness.ts';
import { startDevCluster } from '../../src/devcluster/dev-cluster.ts';
import type { DevCluster } from '../../src/devcluster/dev-cluster.ts';
import { rampProfile } from '../../src/lib/load-profile.ts';
import { startEventLoopMeter } from '../../src/load/event-loop-meter.ts';
import { toSettings } from '../../src/load/load-options.ts';
import type { LoadOptions } from '../../src/load/load-options.ts';
import { LoadRun } from '../../src/load/load-run.ts';
import { parseTarget } from '../../src/load/target.ts';
import type { LoadProgress, LoadResult } from '../../src/report/load-result.ts';
import { eventually } from '../support/wait.ts';
import { allBusy, countBusy, CountedWires } from './counted-wires.ts';
import { killNow } from './kill-now.ts';

const namespace = 'default';
const name = 'walkthrough';
const ratePerSecond = 300;
const folder = new URL('../../examples/walkthrough/', import.meta.url);
const manifest = (file: string): KubeObject =>
  parse(readFileSync(new URL(file, folder), 'utf8')) as KubeObject;

/** The walkthrough's app and two of its ways in, with requests that cost little, since it is the balancers that are tested. */
async function start(): Promise<DevCluster> {
  const app = fileURLToPath(new URL('app/server.js', folder));
  const cluster = await startDevCluster({
    crds: [],
    images: { 'plimsoll-walkthrough': { command: [process.execPath, app] } },
    restartBackoffMs: 50,
    log: (line) => logged.push(line),
  });
  const { cluster: api } = cluster;
  const deployment = manifest('deployment.yaml') as Deployment;
  const [container] = deployment.spec.template.spec.containers;
  container?.env?.push({ name: 'CPU_MS', value: '0' }, { name: 'DRAIN_MS', value: '1000' });
  api.create('deployments.apps', {
    ...deployment,
    metadata: { ...deployment.metadata, namespace },
  });
  const service = manifest('service.yaml');
  api.create('services', { ...service, metadata: { ...service.metadata, namespace } });
  const ingress = manifest('ways/ingress.yaml');
  api.create('ingresses.networking.k8s.io', { ...ingress, metadata: { ...ingress.metadata, namespace } });
  return cluster;
}

const logged: string[] = [];

/** Where each way's address stands. */
const ways = { ClusterIP: 'services', Ingress: 'ingresses.networking.k8s.io' } as const;

describe('traffic through the balancers', function () {
  this.timeout(180_000);
  let cluster: DevCluster;

  before(async () => {
    cluster = await start();
    await scale(3);
  });
  after(async () => {
    await cluster.close();
    expect(logged).to.deep.equal([]);
  });

  const pods = (): Pod[] => cluster.cluster.list('pods') as Pod[];
  const stored = (): Deployment => cluster.cluster.get('deployments.apps', namespace, name) as Deployment;

  /** Until all of the newest template are available and the others have gone. */
  async function settled(replicas: number): Promise<void> {
    await eventually(`${replicas} pods and no others`, () => {
      const { metadata, status } = stored();
      const isSeen = status?.observedGeneration === metadata.generation;
      const counts = [status?.availableReplicas, status?.updatedReplicas, pods().length];
      return isSeen && counts.every((count) => count === replicas);
    });
  }

  function ask(replicas: number): void {
    cluster.cluster.patch('deployments.apps', namespace, name, 'merge', { spec: { replicas } }, 'scale');
  }

  async function scale(replicas: number): Promise<void> {
    ask(replicas);
    await settled(replicas);
  }

  async function roll(): Promise<void> {
    const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() };
    const template = { metadata: { annotations } };
    const before = new Set(pods().map(({ metadata }) => metadata.name));
    cluster.cluster.patch('deployments.apps', namespace, name, 'merge', { spec: { template } });
    await settled(stored().spec.replicas ?? 0);
    expect(pods().filter(({ metadata }) => before.has(metadata.name))).to.deep.equal([]);
  }

  async function urlOf(resource: string): Promise<URL> {
    const text = await eventually(
      `${resource} ${name} has an address`,
      () => cluster.cluster.get(resource, namespace, name)?.metadata.annotations?.['plimsoll.dev/address'],
    );
    return new URL(`http://${text}/`);
  }

  /** Load through a way until `act` is done, and some requests more. */
  async function during(
    resource: string,
    act: (latest: () => LoadProgress | undefined) => Promise<void>,
    more: Partial<LoadOptions> = {},
    { openWire } = new CountedWires(),
  ): Promise<LoadResult> {
    const stop = new AbortController();
    let latest: LoadProgress | undefined;
    const url = await urlOf(resource);
    const request = { headers: ['Host: walkthrough.localhost'], ...more.request };
    const profile = rampProfile({ ratePerSecond, durationMs: 150_000, rampMs: 0 });
    const options = { url, profile, progressEveryMs: 100, ...more, request };
    const run = new LoadRun(toSettings(options), parseTarget(url, request), {
      signal: stop.signal,
      onProgress: (progress) => (latest = progress),
      now: () => performance.now(),
      sleep,
      openWire,
      watchEventLoop: startEventLoopMeter,
    });
    const acting = eventually('the load runs', () => (latest?.requests.ok ?? 0) >= 100)
      .then(() => act(() => latest))
      .then(() => {
        const { ok } = latest?.requests ?? { ok: 0 };
        return eventually('some more requests', () => (latest?.requests.ok ?? 0) >= ok + 200);
      })
      .finally(() => stop.abort());
    const [result] = await Promise.all([run.run(), acting]);
    return result;
  }

  function containerOf(podName: string): { pid: number; restarts: number } {
    const pod = pods().find(({ metadata }) => metadata.name === podName);
    const [status] = pod?.status?.containerStatuses ?? [];
    return { pid: Number(status?.containerID?.split('//')[1]), restarts: status?.restartCount ?? 0 };
  }

  /** Until each of the other pods has answered one request more. */
  async function othersAnswer(podName: string): Promise<void> {
    const others = pods().filter(({ metadata }) => metadata.name !== podName);
    const answers = others.map(async ({ status }) => (await fetch(`http://${status?.podIP}:8080/`)).text());
    await Promise.all(answers);
  }

  /** Until the pod is ready with its next process. */
  async function killed(podName: string): Promise<void> {
    const { pid, restarts } = containerOf(podName);
    killNow(pid);
    await eventually('it is ready again', () => {
      const pod = pods().find(({ metadata }) => metadata.name === podName);
      return pod && isReady(pod) && containerOf(podName).restarts === restarts + 1;
    });
  }

  const expectNoneLost = ({ requests, failures }: LoadResult): void => {
    expect(failures).to.deep.equal({});
    expect(requests).to.include({ failed: 0, dropped: 0 });
    expect(requests.ok).to.be.at.least(300);
  };

  for (const kind of ['ClusterIP', 'Ingress'] as const) {
    describe(`by ${kind}, at ${ratePerSecond} requests/s`, () => {
      const way = ways[kind];
      before(() => scale(3));

      it('lose nothing in a rolling update, and go on with the new pods', async () => {
        let latest: LoadProgress | undefined;
        const result = await during(way, async (now) => {
          await roll();
          const names = pods().map(({ metadata }) => metadata.name);
          await eventually('all new pods answer', () =>
            names.every((pod) => (now()?.perPod[pod]?.requests ?? 0) > 0),
          );
          latest = now();
        });
        expectNoneLost(result);
        expect(Object.keys(latest?.perPod ?? {})).to.have.length(6);
      });

      it('lose nothing in a scale-down', async () => {
        expectNoneLost(await during(way, () => scale(1)));
      });

      it('go to pods that are added', async () => {
        const result = await during(way, async (now) => {
          await scale(3);
          const names = pods().map(({ metadata }) => metadata.name);
          await eventually('all pods answer', () =>
            names.every((pod) => (now()?.perPod[pod]?.requests ?? 0) > 0),
          );
        });
        expectNoneLost(result);
      });

      it('lose no more than what was under way on a pod that is killed, and nothing that may be repeated', async () => {
        const wires = new CountedWires();
        let underWay = 0;
        const act = async (now: () => LoadProgress | undefined): Promise<void> => {
          const podName = pods()[0]?.metadata.name ?? '';
          underWay = countBusy(wires.to(podName)); // And nothing more is sent before it is dead.
          await killed(podName);
          const before = now()?.perPod[podName]?.requests ?? 0;
          await eventually('it answers again', () => (now()?.perPod[podName]?.requests ?? 0) > before);
        };
        const { requests, failures } = await during(way, act, {}, wires);
        // A Service cannot repeat; the generator does, but not the first request on a connection.
        expect(requests.failed).to.be.at.most(kind === 'Ingress' ? 0 : underWay);
        expectOnly(failures, brokenOff);
        expect(requests.dropped).to.equal(0);
      });

      it('lose exactly what a pod holds when it is killed, where nobody may repeat it', async () => {
        const wires = new CountedWires();
        const connections = 12;
        let underWay = 0;
        const act = async (): Promise<void> => {
          const podName = wires.all[0]?.pod ?? '';
          process.kill(containerOf(podName).pid, 'SIGSTOP'); // So that requests stay with it, and can be counted.
          const held = () => (kind === 'Ingress' ? wires.all : wires.to(podName));
          let calm = 0;
          await eventually('all that can be stay with it', async () => {
            const areBusy = held().length > 0 && allBusy(held());
            await othersAnswer(podName); // So what is still under way is not with them.
            calm = areBusy && allBusy(held()) ? calm + 1 : 0;
            return calm > 5;
          });
          underWay = countBusy(held());
          await killed(podName);
        };
        const more = { connections, rotation: { type: 'off' }, request: { method: 'POST' } } as const;
        const { requests, failures } = await during(way, act, more, wires);
        expect(underWay).to.be.within(1, connections);
        expect(requests.failed).to.equal(underWay);
        expectOnly(failures, kind === 'Ingress' ? ['status5xx'] : brokenOff);
        expect(requests.dropped).to.equal(0);
      });
    });
  }
});

/** By the pod's end. A refused connection would be none of its requests: the balancers try the next pod before the client sees it. */
const brokenOff = ['connectionReset', 'closedEarly'];

function expectOnly(failures: LoadResult['failures'], allowed: readonly string[]): void {
  expect(Object.keys(failures).filter((failure) => !allowed.includes(failure))).to.deep.equal([]);
}
