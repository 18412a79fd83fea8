import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';
import { parse } from 'yaml';

import type { KubeObject } from '../../src/devcluster/cluster-api.ts';
import type { Deployment, EndpointSlice, Pod } from '../../src/devcluster/controllers/objects.ts';
import { isReady } from '../../src/devcluster/controllers/pod-readiness.ts';
import { startDevCluster } from '../../src/devcluster/dev-cluster.ts';
import type { DevCluster } from '../../src/devcluster/dev-cluster.ts';
import { rampProfile } from '../../src/lib/load-profile.ts';
import type { ClusterFeed } from '../../src/load/cluster-feed.ts';
import type { LoadOptions } from '../../src/load/load-options.ts';
import { runLoad } from '../../src/load/run-load.ts';
import type { LoadProgress, LoadResult } from '../../src/report/load-result.ts';
import { eventually } from '../support/wait.ts';

const namespace = 'default';
const name = 'walkthrough';
const ratePerSecond = 300;
const folder = new URL('../../examples/walkthrough/', import.meta.url);
const manifest = (file: string): KubeObject =>
  parse(readFileSync(new URL(file, folder), 'utf8')) as KubeObject;

/** The walkthrough's app and its four ways in, with requests that cost little, since it is the balancers that are tested. */
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
  for (const file of ['service.yaml', 'ways/nodeport.yaml', 'ways/loadbalancer.yaml']) {
    const service = manifest(file);
    api.create('services', { ...service, metadata: { ...service.metadata, namespace } });
  }
  const ingress = manifest('ways/ingress.yaml');
  api.create('ingresses.networking.k8s.io', { ...ingress, metadata: { ...ingress.metadata, namespace } });
  return cluster;
}

const logged: string[] = [];

interface Way {
  readonly resource: string;
  readonly object: string;
  readonly annotation: string;
  readonly balances: 'connections' | 'requests';
}
const address = 'plimsoll.dev/address';
const ways = {
  ClusterIP: { resource: 'services', object: name, annotation: address, balances: 'connections' },
  NodePort: {
    resource: 'services',
    object: `${name}-nodeport`,
    annotation: 'plimsoll.dev/node-address',
    balances: 'connections',
  },
  LoadBalancer: {
    resource: 'services',
    object: `${name}-loadbalancer`,
    annotation: 'plimsoll.dev/load-balancer-address',
    balances: 'connections',
  },
  Ingress: {
    resource: 'ingresses.networking.k8s.io',
    object: name,
    annotation: address,
    balances: 'requests',
  },
} as const satisfies Readonly<Record<string, Way>>;

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

  async function urlOf({ resource, object, annotation }: Way): Promise<URL> {
    const text = await eventually(
      `${object} has an address`,
      () => cluster.cluster.get(resource, namespace, object)?.metadata.annotations?.[annotation],
    );
    return new URL(`http://${text}/`);
  }

  /** Load through a way until `act` is done, and a second more. */
  async function during(
    way: Way,
    act: (latest: () => LoadProgress | undefined) => Promise<void>,
    more: Partial<LoadOptions> = {},
  ): Promise<LoadResult> {
    const stop = new AbortController();
    let latest: LoadProgress | undefined;
    const options: LoadOptions = {
      url: await urlOf(way),
      profile: rampProfile({ ratePerSecond, durationMs: 150_000, rampMs: 0 }),
      request: { headers: ['Host: walkthrough.localhost'] },
      progressEveryMs: 100,
      ...more,
    };
    const running = runLoad(options, {
      signal: stop.signal,
      onProgress: (progress) => (latest = progress),
      cluster: feed(way),
    });
    const acting = eventually('the load runs', () => (latest?.requests.ok ?? 0) >= 100)
      .then(() => act(() => latest))
      .then(() => {
        const { ok } = latest?.requests ?? { ok: 0 };
        return eventually('some more requests', () => (latest?.requests.ok ?? 0) >= ok + 200);
      })
      .finally(() => stop.abort());
    const [result] = await Promise.all([running, acting]);
    return result;
  }

  /** What a watcher of this cluster tells the generator. */
  function feed({ balances }: Way): ClusterFeed {
    return {
      watch(listener) {
        const watching = cluster.cluster.watch('endpointslices.discovery.k8s.io', () => {
          const slices = cluster.cluster.list('endpointslices.discovery.k8s.io', {
            labelSelector: `kubernetes.io/service-name=${name}`,
          }) as EndpointSlice[];
          const readyPods = slices.flatMap(({ endpoints }) =>
            (endpoints ?? []).flatMap(({ conditions, targetRef }) =>
              conditions.ready && targetRef ? [targetRef.name] : [],
            ),
          );
          const readyReplicas = readyPods.length;
          listener.changed({
            desiredReplicas: null,
            readyReplicas,
            readyPods,
            sessionAffinity: false,
            balances,
          });
        });
        return () => watching.stop();
      },
    };
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

      it('lose no more than what was under way on a pod that is killed', async () => {
        const connections = 12;
        const result = await during(
          way,
          async (now) => {
            const [victim] = pods();
            const [, id] = victim?.status?.containerStatuses?.[0]?.containerID?.split('//') ?? [];
            process.kill(Number(id), 'SIGKILL');
            const isReadyAgain = () => {
              const pod = pods().find(({ metadata }) => metadata.name === victim?.metadata.name);
              return pod && isReady(pod) && pod.status?.containerStatuses?.[0]?.restartCount === 1;
            };
            await eventually('it is ready again', isReadyAgain);
            const name = victim?.metadata.name ?? '';
            const before = now()?.perPod[name]?.requests ?? 0;
            await eventually('it answers again', () => (now()?.perPod[name]?.requests ?? 0) > before);
          },
          { connections },
        );
        // A connection carries one request at a time. An Ingress asks another pod; a Service cannot.
        expect(result.requests.failed).to.be.at.most(kind === 'Ingress' ? 0 : connections);
        const others = Object.keys(result.failures).filter((failure) => !brokenOff.includes(failure));
        expect(others).to.deep.equal([]);
        expect(result.requests.dropped).to.equal(0);
      });
    });
  }

  describe('by all four ways at once, while the pods go from 1 to 4', () => {
    const runs = new Map<string, LoadResult>();

    before(async () => {
      await scale(1);
      const scaled = Promise.withResolvers<undefined>();
      let waiting = 0;
      const entries = Object.entries(ways).flatMap(([kind, way]) =>
        (['off', 'default'] as const).map(async (rotate) => {
          const more = {
            profile: rampProfile({ ratePerSecond: 50, durationMs: 150_000, rampMs: 0 }),
            ...(rotate === 'off' && { rotation: { type: 'off' } as const }),
          };
          const act = async (now: () => LoadProgress | undefined): Promise<void> => {
            waiting += 1;
            await scaled.promise;
            if (rotate === 'default') await balanced(now);
            const atMs = now()?.atMs ?? 0;
            // The generator says that a pod is starved when it had nothing for 5 s.
            await eventually('6 s have passed', () => (now()?.atMs ?? 0) >= atMs + 6000);
          };
          runs.set(`${kind} ${rotate}`, await during(way, act, more));
        }),
      );
      const scaling = eventually('all loads run', () => waiting === entries.length)
        .then(() => scale(4))
        .then(() => scaled.resolve(undefined));
      await Promise.all([...entries, scaling]);
    });

    /** Until four pods have about the same of the requests of some seconds. */
    async function balanced(now: () => LoadProgress | undefined): Promise<void> {
      const names = pods().map(({ metadata }) => metadata.name);
      const counts = (): number[] => names.map((pod) => now()?.perPod[pod]?.requests ?? 0);
      let before = counts();
      await eventually('the pods are loaded alike', () => {
        const shares = counts().map((count, index) => count - (before[index] ?? 0));
        const sum = shares.reduce((total, count) => total + count, 0);
        if (sum < 150) return false;
        before = counts();
        return (Math.max(...shares) * shares.length) / sum < 1.35;
      });
    }

    for (const [kind, { balances }] of Object.entries(ways)) {
      it(`${kind} is balanced over all pods with the default rotation`, () => {
        const { perPod, warnings } = runs.get(`${kind} default`)!;
        expect(Object.keys(perPod)).to.have.length(4);
        expect(warnings.filter((text) => text.includes('get no traffic'))).to.deep.equal([]);
      });

      it(`${kind} without rotation ${balances === 'requests' ? 'is too' : 'stays on the old pod, and the generator says so'}`, () => {
        const { perPod, warnings } = runs.get(`${kind} off`)!;
        expect(Object.keys(perPod)).to.have.length(balances === 'requests' ? 4 : 1);
        const pinned = warnings.filter((text) => text.includes('new pods get no traffic'));
        expect(pinned).to.have.length(balances === 'requests' ? 0 : 1);
      });
    }
  });
});

/** By the pod's end. Refused would mean that a balancer sent a connection where nobody listens. */
const brokenOff = ['connectionReset', 'closedEarly'];
