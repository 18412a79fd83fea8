import { expect } from 'chai';
import type { ClusterApi, KubeObject } from '../../../src/devcluster/cluster-api.ts';
import { ApiError } from '../../../src/devcluster/apiserver/errors.ts';
import { createClusterApi } from '../../../src/devcluster/apiserver/in-process.ts';
import { settled, startRegistry } from '../../../src/devcluster/apiserver/start-registry.ts';

function configMap(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } };
}

function reasonOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof ApiError) return error.reason;
    throw error;
  }
  return 'none';
}

describe('createClusterApi', () => {
  let cluster: ClusterApi;

  beforeEach(async () => {
    cluster = createClusterApi(await startRegistry());
  });

  it('throws what the API would answer', () => {
    cluster.create('configmaps', configMap('a'));
    expect(reasonOf(() => cluster.create('configmaps', configMap('a')))).to.equal('AlreadyExists');
    expect(reasonOf(() => cluster.update('configmaps', configMap('b')))).to.equal('NotFound');
    const stale = { ...configMap('a'), metadata: { ...configMap('a').metadata, resourceVersion: '1' } };
    expect(reasonOf(() => cluster.update('configmaps', stale))).to.equal('Conflict');
    expect(reasonOf(() => cluster.list('nothings'))).to.equal('NotFound');
    expect(reasonOf(() => cluster.delete('configmaps', 'default', 'a', { uid: 'other' }))).to.equal(
      'Conflict',
    );
  });

  it('calls watchers in order and never inside another call', async () => {
    const seen: string[] = [];
    cluster.create('configmaps', configMap('before'));
    cluster.watch('configmaps', ({ type, object }) => {
      seen.push(`${type} ${object.metadata.name}`);
      if (type === 'ADDED' && object.metadata.name === 'before')
        cluster.create('configmaps', configMap('inside'));
    });
    cluster.create('configmaps', configMap('after'));
    cluster.delete('configmaps', 'default', 'after');
    expect(seen).to.deep.equal([]);
    await settled();
    expect(seen).to.deep.equal(['ADDED before', 'ADDED after', 'DELETED after', 'ADDED inside']);
  });

  it('does not call a watcher that has stopped', async () => {
    const seen: string[] = [];
    const watch = cluster.watch('configmaps', ({ type }) => seen.push(type));
    cluster.create('configmaps', configMap('a'));
    watch.stop();
    await settled();
    expect(seen).to.deep.equal([]);
  });

  it('names each stored resource once, by its preferred version', () => {
    const resources = cluster.resources();
    const names = resources.map(({ resource }) => resource);
    expect(names).to.include.members(['pods', 'deployments.apps', 'events', 'namespaces']);
    expect(new Set(names).size).to.equal(names.length);
    expect(names).to.not.include('events.events.k8s.io');
    expect(resources.find(({ kind }) => kind === 'HorizontalPodAutoscaler')?.apiVersion).to.equal(
      'autoscaling/v2',
    );
  });

  it('finishes a namespace whose last finalizer goes', () => {
    cluster.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' } });
    cluster.delete('namespaces', undefined, 'x');
    const terminating = cluster.get('namespaces', undefined, 'x');
    expect(terminating).to.have.nested.property('status.phase', 'Terminating');
    cluster.update('namespaces', { ...terminating!, spec: { finalizers: [] } }, 'finalize');
    expect(cluster.get('namespaces', undefined, 'x')).to.equal(undefined);
  });

  it('scales through the scale subresource', () => {
    cluster.create('deployments.apps', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'x' }] } },
      },
    });
    const patch = { spec: { replicas: 4 } };
    const scale = cluster.patch('deployments.apps', 'default', 'web', 'merge', patch, 'scale');
    expect(scale.kind).to.equal('Scale');
    expect(cluster.get('deployments.apps', 'default', 'web')).to.have.nested.property('spec.replicas', 4);
  });

  it('binds an unassigned pod by a plain write, without a new generation', () => {
    cluster.create('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'default' },
      spec: { containers: [{ name: 'c', image: 'x' }] },
    });
    const bound = cluster.patch('pods', 'default', 'p', 'merge', { spec: { nodeName: 'n' } });
    expect(bound.metadata.generation).to.equal(1);
    const rebind = (): unknown => cluster.patch('pods', 'default', 'p', 'merge', { spec: { nodeName: 'm' } });
    expect(reasonOf(rebind)).to.equal('Invalid');
  });
});
