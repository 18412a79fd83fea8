import { expect } from 'chai';

import type { KubeObject } from '../../../src/devcluster/cluster-api.ts';
import { expireEvents } from '../../../src/devcluster/controllers/event-expiry.ts';
import { createEventRecorder } from '../../../src/devcluster/controllers/events.ts';
import type {
  Deployment,
  EndpointSlice,
  Pod,
  ReplicaSet,
} from '../../../src/devcluster/controllers/objects.ts';
import { eventually } from '../../support/wait.ts';
import type { BareCluster } from './replayed-cluster.ts';
import { deployment, finishTerminating, makeReady, startBareCluster } from './replayed-cluster.ts';

const namespace = 'default';

describe('the controllers', () => {
  let cluster: BareCluster;

  beforeEach(async () => {
    cluster = await startBareCluster();
  });
  afterEach(() => cluster.stop());

  const pods = (): Pod[] => cluster.api.list('pods', { namespace }) as Pod[];
  const sets = (): ReplicaSet[] => cluster.api.list('replicasets.apps', { namespace }) as ReplicaSet[];

  async function running(replicas: number, name = 'web'): Promise<void> {
    await eventually(`${replicas} pods`, () => pods().length === replicas);
    for (const pod of pods()) makeReady(cluster.api, pod);
    await eventually('all are available', () => {
      const { status } = cluster.api.get('deployments.apps', namespace, name) as Deployment;
      return status?.availableReplicas === replicas;
    });
  }

  it('replace a ReplicaSet whose name is taken by another template', async () => {
    cluster.api.create('deployments.apps', deployment());
    await running(3);
    const [set] = sets();
    const taken = set?.metadata.name ?? '';
    cluster.api.delete('deployments.apps', namespace, 'web', { propagationPolicy: 'Background' });
    await eventually('all is gone', () => {
      finishTerminating(cluster.api);
      return sets().length === 0 && pods().length === 0;
    });
    const stranger = deployment({ app: 'stranger' }).spec;
    const { selector, template } = stranger;
    const metadata = { name: taken, namespace };
    cluster.api.create('replicasets.apps', {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata,
      spec: { replicas: 0, selector, template },
    });
    cluster.api.create('deployments.apps', deployment());
    await eventually('another name was found', () =>
      sets().some(({ metadata: { name } }) => name.startsWith('web-') && name !== taken),
    );
    const { status } = cluster.api.get('deployments.apps', namespace, 'web') as Deployment;
    expect(status?.collisionCount).to.equal(1);
    expect(cluster.logged.join()).to.contain('exists with another template');
  });

  it('keep as many old ReplicaSets as revisionHistoryLimit says', async () => {
    cluster.api.create('deployments.apps', deployment({ spec: { replicas: 1, revisionHistoryLimit: 1 } }));
    await running(1);
    for (const image of ['nginx:2', 'nginx:3', 'nginx:4']) {
      const containers = [{ name: 'web', image }];
      cluster.api.patch('deployments.apps', namespace, 'web', 'strategic', {
        spec: { template: { spec: { containers } } },
      });
      await eventually(`${image} is rolled out`, () => {
        finishTerminating(cluster.api);
        for (const pod of pods()) if (pod.status?.phase === 'Pending') makeReady(cluster.api, pod);
        return pods().length === 1 && pods()[0]?.spec.containers[0]?.image === image;
      });
    }
    await eventually('two sets are left', () => sets().length === 2);
    const revisions = sets().map(
      ({ metadata }) => metadata.annotations?.['deployment.kubernetes.io/revision'],
    );
    expect(revisions.sort()).to.deep.equal(['3', '4']);
  });

  it('tell of pods that cannot be created, without a flood of events', async () => {
    const { selector, template } = deployment().spec;
    const annotations = { 'not a key!': 'x' };
    const spec = {
      replicas: 2,
      selector,
      template: { ...template, metadata: { ...template.metadata, annotations } },
    };
    const metadata = { name: 'bad', namespace };
    cluster.api.create('replicasets.apps', { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata, spec });
    await eventually('the failure is told', () => {
      const [failure] = sets()[0]?.status?.conditions ?? [];
      return failure?.type === 'ReplicaFailure' && failure.reason === 'FailedCreate';
    });
    // Each try makes a pod of another name, so each has words of its own.
    for (let change = 0; change < 20; change += 1) {
      cluster.api.patch('replicasets.apps', namespace, 'bad', 'merge', {
        metadata: { labels: { change: String(change) } },
      });
      await new Promise((resolve) => setImmediate(resolve));
    }
    const events = await eventually('they are combined', () => {
      const found = cluster.api
        .list('events', { namespace })
        .filter(({ reason }) => reason === 'FailedCreate');
      return (
        found.some(({ message }) => String(message).startsWith('(combined from similar events): ')) && found
      );
    });
    expect(events.length).to.equal(11);
  });

  it('make one EndpointSlice for pods with the same ports, and one for each port of its own', async () => {
    const ports = [{ name: 'http', port: 80, targetPort: 'http' }];
    const spec = { selector: { app: 'web' }, ports };
    cluster.api.create('services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace },
      spec,
    });
    cluster.api.create('deployments.apps', deployment());
    await running(3);
    const slices = (): EndpointSlice[] =>
      cluster.api.list('endpointslices.discovery.k8s.io', { namespace }) as EndpointSlice[];
    await eventually(
      'one slice has all',
      () => slices().length === 1 && slices()[0]?.endpoints?.length === 3,
    );
    const [first, second] = pods();
    for (const [pod, port] of [
      [first, 40_001],
      [second, 40_002],
    ] as const) {
      const annotations = { 'plimsoll.dev/ports': JSON.stringify({ 80: port }) };
      cluster.api.patch('pods', namespace, pod?.metadata.name ?? '', 'merge', { metadata: { annotations } });
    }
    await eventually('there are three', () => slices().length === 3);
    const numbers = slices().map((slice) => slice.ports?.[0]?.port);
    expect(numbers.sort()).to.deep.equal([40_001, 40_002, 80]);
    cluster.api.delete('deployments.apps', namespace, 'web');
    await eventually('one empty slice is left', () => {
      finishTerminating(cluster.api);
      return slices().length === 1 && (slices()[0]?.endpoints ?? []).length === 0;
    });
  });

  it('delete what an owner leaves behind, also of custom kinds', async () => {
    const crd = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'boats.acme.dev' },
      spec: {
        group: 'acme.dev',
        scope: 'Namespaced',
        names: { plural: 'boats', kind: 'Boat' },
        versions: [
          { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } },
        ],
      },
    };
    cluster.api.create('customresourcedefinitions.apiextensions.k8s.io', crd);
    await eventually('boats are served', () => cluster.api.resources().some(({ kind }) => kind === 'Boat'));
    const owner = cluster.api.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'owner', namespace },
    });
    const { uid = '' } = owner.metadata;
    const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid }];
    cluster.api.create('boats.acme.dev', {
      apiVersion: 'acme.dev/v1',
      kind: 'Boat',
      metadata: { name: 'b', namespace, ownerReferences },
    });
    cluster.api.delete('configmaps', namespace, 'owner');
    await eventually(
      'the boat is gone',
      () => cluster.api.get('boats.acme.dev', namespace, 'b') === undefined,
    );
  });

  it('delete an object whose only owner never was, and keep one that still has another', async () => {
    const real = cluster.api.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'real', namespace },
    });
    const ghost = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: 'ghost',
      uid: '00000000-0000-0000-0000-000000000000',
    };
    const own = { apiVersion: 'v1', kind: 'ConfigMap', name: 'real', uid: real.metadata.uid ?? '' };
    const create = (name: string, ownerReferences: (typeof own)[]): KubeObject =>
      cluster.api.create('configmaps', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace, ownerReferences },
      });
    create('lost', [ghost]);
    create('kept', [ghost, own]);
    await eventually(
      'the lost one is gone',
      () => cluster.api.get('configmaps', namespace, 'lost') === undefined,
    );
    await eventually('the other has one owner', () => {
      const owners = cluster.api.get('configmaps', namespace, 'kept')?.metadata.ownerReferences ?? [];
      return owners.length === 1 && owners[0]?.name === 'real';
    });
  });

  it('say what a namespace that is being deleted waits for', async () => {
    const { api } = cluster;
    api.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    const finalizers = ['acme.dev/hold'];
    api.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'held', namespace: 'shop', finalizers },
    });
    api.delete('namespaces', undefined, 'shop');
    const conditions = await eventually('conditions are there', () => {
      const status: unknown = api.get('namespaces', undefined, 'shop')?.status;
      return (status as { conditions?: { type: string; message: string }[] } | undefined)?.conditions;
    });
    const messages = new Map(conditions.map(({ type, message }) => [type, message]));
    expect(messages.get('NamespaceContentRemaining')).to.equal(
      'Some resources are remaining: configmaps. has 1 resource instances',
    );
    expect(messages.get('NamespaceFinalizersRemaining')).to.equal(
      'Some content in the namespace has finalizers remaining: acme.dev/hold in 1 resource instances',
    );
    api.patch('configmaps', 'shop', 'held', 'merge', { metadata: { finalizers: null } });
    await eventually('the namespace is gone', () => api.get('namespaces', undefined, 'shop') === undefined);
  });
});

describe('events', () => {
  it('are counted when the same happens again, and expire an hour after that', async () => {
    let nowMs = Date.parse('2030-01-01T00:00:00Z');
    const now = (): number => nowMs;
    const cluster = await startBareCluster({ now });
    const { api } = cluster;
    const lines: string[] = [];
    const recorder = createEventRecorder(
      { api, now, log: (line) => lines.push(line) },
      { component: 'test' },
    );
    const object = api.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', namespace },
    });
    recorder.record(object, 'Normal', 'Done', 'once');
    nowMs += 1_800_000;
    recorder.record(object, 'Normal', 'Done', 'again');
    recorder.record(object, 'Normal', 'Done', 'again');
    const events = api.list('events', { namespace });
    expect(events.map(({ message, count }) => [String(message), Number(count)])).to.have.deep.members([
      ['once', 1],
      ['again', 2],
    ]);
    expect(events[0]).to.deep.include({
      source: { component: 'test' },
      reportingComponent: 'test',
      eventTime: null,
    });
    nowMs += 1_900_000;
    expireEvents({ api, now });
    expect(api.list('events', { namespace }).map(({ message }) => String(message))).to.deep.equal(['again']);
    recorder.record(object, 'Normal', 'Done', 'once');
    expect(api.list('events', { namespace }).find(({ message }) => message === 'once')?.count).to.equal(1);
    expect(lines).to.deep.equal([]);
    cluster.stop();
  });
});
