import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { expect } from 'chai';
import { parse } from 'yaml';

import type { Deployment, DeploymentStatus, Pod, Service } from '../../src/devcluster/controllers/objects.ts';
import { startDevCluster } from '../../src/devcluster/dev-cluster.ts';
import type { DevCluster, DevClusterOptions } from '../../src/devcluster/dev-cluster.ts';
import { renderKubeconfig } from '../../src/devcluster/kubeconfig.ts';
import { eventually } from '../support/wait.ts';
import { deployment } from './controllers/replayed-cluster.ts';
import { isAlive } from './node/alive.ts';

/** Answers each connection's first request with the pod's name. */
const server = `
  require('node:http').createServer((request, response) => response.setHeader('connection', 'close').end(process.env.HOSTNAME))
    .listen(process.env.PORT, process.env.POD_IP);
  // As an app must: it serves on until the balancer has taken note.
  process.on('SIGTERM', () => setTimeout(() => process.exit(), 300));`;
const namespace = 'default';
const logged: string[] = [];

function start(options: Partial<DevClusterOptions> = {}): Promise<DevCluster> {
  return startDevCluster({
    crds: [],
    images: { nginx: { command: [process.execPath, '-e', server] } },
    metricsWindowMs: 300,
    sampleEveryMs: 50,
    restartBackoffMs: 50,
    log: (line) => logged.push(line),
    ...options,
  });
}

function web(replicas: number): Deployment {
  const object = deployment({ namespace, spec: { replicas } });
  const [container] = object.spec.template.spec.containers;
  if (container) container.readinessProbe = { tcpSocket: { port: 'http' }, periodSeconds: 1 };
  return object;
}

function service(more: Partial<Service['spec']> = {}): Service {
  const ports = [{ name: 'http', port: 80, targetPort: 'http' }];
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace },
    spec: { selector: { app: 'web' }, ports, ...more },
  };
}

const statusOf = ({ cluster }: DevCluster): DeploymentStatus =>
  (cluster.get('deployments.apps', namespace, 'web') as Deployment).status ?? {};

async function available({ cluster }: DevCluster, replicas: number): Promise<void> {
  await eventually(`${replicas} are available`, () => {
    const { status } = cluster.get('deployments.apps', namespace, 'web') as Deployment;
    const counts = [status?.availableReplicas ?? 0, status?.replicas ?? 0, status?.updatedReplicas ?? 0];
    return counts.every((count) => count === replicas);
  });
}

const addressOf = ({ cluster }: DevCluster, name = 'web'): Promise<string> =>
  eventually(
    `${name} has an address`,
    () => cluster.get('services', namespace, name)?.metadata.annotations?.['plimsoll.dev/address'],
  );

async function podsThatAnswer(address: string, requests: number): Promise<Set<string>> {
  const names = new Set<string>();
  for (let count = 0; count < requests; count += 1)
    names.add(await (await fetch(`http://${address}/`)).text());
  return names;
}

for (const singleAddress of [false, true]) {
  describe(`the dev cluster ${singleAddress ? 'on a single address' : 'with an address for each pod'}`, function () {
    this.timeout(60_000);
    let cluster: DevCluster;

    before(async () => {
      cluster = await start({ singleAddress });
    });
    after(async () => {
      await cluster.close();
      expect(cluster.pids()).to.deep.equal([]);
    });

    it('runs a Deployment behind a Service', async () => {
      cluster.cluster.create('services', service());
      cluster.cluster.create('deployments.apps', web(2));
      await available(cluster, 2);
      const address = await addressOf(cluster);
      const { spec } = cluster.cluster.get('services', namespace, 'web') as Service;
      if (singleAddress) expect(address).to.match(/^127\.0\.0\.1:\d+$/);
      else expect(address.split(':')[0]).to.equal(spec.clusterIP);
      // 30 connections, each with an even chance, miss one of two pods once in a thousand million.
      const names = await podsThatAnswer(address, 30);
      expect([...names].sort()).to.deep.equal(
        cluster.cluster.list('pods').map(({ metadata }) => metadata.name),
      );
    });

    it('measures what the pods use', async () => {
      const url = `${cluster.url}/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods`;
      const items = await eventually('both pods are measured', async () => {
        const list = (await (await fetch(url)).json()) as {
          items: { containers: { usage: { memory: string } }[] }[];
        };
        return list.items.length === 2 && list.items;
      });
      for (const { containers } of items) expect(containers[0]?.usage.memory).to.match(/^[1-9]\d+Ki$/);
    });

    it('scales up and down, and loses no request of those that come meanwhile', async () => {
      const address = await addressOf(cluster);
      const scale = (replicas: number) =>
        cluster.cluster.patch('deployments.apps', namespace, 'web', 'merge', { spec: { replicas } }, 'scale');
      scale(4);
      await available(cluster, 4);
      scale(1);
      const names = await podsThatAnswer(address, 20);
      expect(names.size).to.be.at.least(1);
      await available(cluster, 1);
      await eventually('three pods are gone', () => cluster.cluster.list('pods').length === 1);
      expect((await podsThatAnswer(address, 5)).size).to.equal(1);
      const messages = cluster.cluster.list('events').map(({ message }) => String(message));
      expect(
        messages.some((message) => /^Scaled down replica set web-\w+ from 4 to 1$/.test(message)),
      ).to.equal(true);
    });

    it('rolls a new template out', async () => {
      const template = { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } } };
      cluster.cluster.patch('deployments.apps', namespace, 'web', 'merge', { spec: { template } });
      await eventually('it is rolled out', () => {
        const progressing = statusOf(cluster).conditions?.find(({ type }) => type === 'Progressing');
        return (
          statusOf(cluster).observedGeneration === 2 + 2 && progressing?.reason === 'NewReplicaSetAvailable'
        );
      });
      await available(cluster, 1);
      expect(cluster.cluster.list('replicasets.apps')).to.have.length(2);
    });

    it('resets connections while no pod is ready, and a service may have no pods at all', async () => {
      cluster.cluster.create('services', {
        ...service({ selector: { app: 'none' } }),
        metadata: { name: 'none', namespace },
      });
      const address = await addressOf(cluster, 'none');
      const error = await fetch(`http://${address}/`).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(Error);
    });

    it('serves NodePort and LoadBalancer by their cluster IP, and leaves the rest alone', async () => {
      for (const type of ['NodePort', 'LoadBalancer']) {
        const name = type.toLowerCase();
        cluster.cluster.create('services', { ...service({ type }), metadata: { name, namespace } });
        expect((await podsThatAnswer(await addressOf(cluster, name), 1)).size).to.equal(1);
      }
      cluster.cluster.create('services', {
        ...service({ clusterIP: 'None' }),
        metadata: { name: 'headless', namespace },
      });
      cluster.cluster.create('services', { ...service(), metadata: { name: 'last', namespace } });
      await addressOf(cluster, 'last');
      expect(cluster.cluster.get('services', namespace, 'headless')?.metadata.annotations).to.equal(
        undefined,
      );
    });

    it('stops listening for a service that is deleted', async () => {
      const address = await addressOf(cluster, 'last');
      cluster.cluster.delete('services', namespace, 'last');
      await eventually('nothing listens', () =>
        fetch(`http://${address}/`).then(
          () => false,
          (error: unknown) => String((error as Error).cause).includes('ECONNREFUSED'),
        ),
      );
    });

    it('empties a namespace that is deleted, processes and all', async () => {
      const { cluster: api } = cluster;
      api.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
      const shop = deployment({ namespace: 'shop', spec: { replicas: 2 } });
      api.create('deployments.apps', shop);
      const pids = await eventually('the pods of the shop run', () => {
        const pods = api.list('pods', { namespace: 'shop', fieldSelector: 'status.phase=Running' }) as Pod[];
        const ids = pods.flatMap(({ status }) => status?.containerStatuses?.[0]?.containerID ?? []);
        return ids.length === 2 && ids.map((id) => Number(id.replace('process://', '')));
      });
      api.delete('namespaces', undefined, 'shop');
      await eventually('the namespace is gone', () => api.get('namespaces', undefined, 'shop') === undefined);
      expect(api.list('pods', { namespace: 'shop' })).to.deep.equal([]);
      for (const pid of pids) expect(isAlive(pid)).to.equal(false);
    });

    it('is reached by client-node with its kubeconfig', async () => {
      const config = new KubeConfig();
      config.loadFromString(cluster.kubeconfig);
      const { items } = await config.makeApiClient(CoreV1Api).listNode();
      expect(items.map(({ metadata }) => metadata?.name)).to.deep.equal(['plimsoll-dev']);
    });

    it('had nothing to complain of', () => {
      expect(logged).to.deep.equal([]);
    });
  });
}

describe('the end of a dev cluster', function () {
  this.timeout(60_000);

  const clusters: DevCluster[] = [];
  afterEach(() => Promise.all(clusters.splice(0).map((cluster) => cluster.close())));

  async function startWithPods(): Promise<{ cluster: DevCluster; pids: number[] }> {
    const cluster = await start();
    clusters.push(cluster);
    cluster.cluster.create('deployments.apps', web(3));
    await available(cluster, 3);
    return { cluster, pids: cluster.pids() };
  }

  it('leaves no process and no listener behind, and may be asked for twice', async () => {
    const { cluster, pids } = await startWithPods();
    expect(pids).to.have.length(3);
    await Promise.all([cluster.close(), cluster.close()]);
    for (const pid of pids) expect(isAlive(pid)).to.equal(false);
    const error = await fetch(cluster.url).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(Error);
  });

  it('is at once for a process that exits', async () => {
    const { cluster, pids } = await startWithPods();
    cluster.killAllNow();
    await eventually('all are gone', () => pids.every((pid) => !isAlive(pid)));
    await cluster.close();
  });

  it('is clean too when the API server cannot listen', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const error = await start({ port }).catch((caught: unknown) => caught);
    taken.close();
    expect(error).to.have.property('message').that.contains('the port is in use');
    const cluster = await start();
    await cluster.close();
  });
});

describe('the kubeconfig', () => {
  interface Kubeconfig {
    clusters: { cluster: Record<string, unknown> }[];
    contexts: { context: Record<string, unknown> }[];
    'current-context': string;
  }

  it('turns verification off where there is no certificate to check', () => {
    const { clusters, contexts, ...rest } = parse(
      renderKubeconfig({ server: 'http://127.0.0.1:1' }),
    ) as Kubeconfig;
    expect(clusters[0]?.cluster).to.deep.equal({
      server: 'http://127.0.0.1:1',
      'insecure-skip-tls-verify': true,
    });
    expect(contexts[0]?.context).to.include({ namespace: 'default', cluster: 'plimsoll-dev' });
    expect(rest['current-context']).to.equal('plimsoll-dev');
  });

  it('holds the certificate where there is one', () => {
    const { clusters } = parse(renderKubeconfig({ server: 'https://127.0.0.1:1', ca: 'PEM' })) as Kubeconfig;
    expect(clusters[0]?.cluster).to.deep.equal({
      server: 'https://127.0.0.1:1',
      'certificate-authority-data': Buffer.from('PEM').toString('base64'),
    });
  });
});
