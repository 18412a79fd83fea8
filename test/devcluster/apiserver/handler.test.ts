import { expect } from 'chai';
import type { KubeObject, MetricsSource } from '../../../src/devcluster/cluster-api.ts';
import { absentResources, absentSubresources } from '../../../src/devcluster/apiserver/absent.ts';
import { builtInKinds } from '../../../src/devcluster/apiserver/kinds.ts';
import { startTestServer } from './support/client.ts';
import type { TestServer } from './support/client.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const json = { 'content-type': 'application/json' };

function post(server: TestServer, path: string, body: unknown): ReturnType<TestServer['send']> {
  return server.send({ method: 'POST', path, headers: json, body });
}

function crd(plural: string, kind: string): object {
  const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.example.com` },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural, kind },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
}

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

describe('createHandler', () => {
  let server: TestServer;

  beforeEach(async () => {
    server = await startTestServer({ historyLimit: 4 });
  });

  describe('says what the dev cluster leaves out', () => {
    for (const [groupVersion, resources] of Object.entries(absentResources)) {
      for (const resource of resources) {
        it(`${resource} of ${groupVersion} answers 501`, async () => {
          const prefix = groupVersion === 'v1' ? '/api/v1' : `/apis/${groupVersion}`;
          const { status, body } = await server.send({ method: 'GET', path: `${prefix}/${resource}` });
          expect(status).to.equal(501);
          expect(body).to.include({ kind: 'Status', reason: 'NotImplemented' });
          expect((body as { message: string }).message).to.include('docs/dev-cluster.md');
        });
      }
    }

    for (const [resource, subresources] of Object.entries(absentSubresources)) {
      for (const subresource of subresources) {
        it(`${resource}/${subresource} answers 501`, async () => {
          const kind = builtInKinds.find(({ storage }) => storage === resource);
          const place = kind?.namespaced === true ? 'namespaces/default/' : '';
          const path = `/api/v1/${place}${resource}/x/${subresource}`;
          const { status } = await server.send({ method: 'GET', path });
          expect(status).to.equal(501);
        });
      }
    }

    it('server-side apply answers 501', async () => {
      const headers = { 'content-type': 'application/apply-patch+yaml' };
      const { status, body } = await server.send({
        method: 'PATCH',
        path: `${configMaps}/a`,
        headers,
        body: '{}',
      });
      expect(status).to.equal(501);
      expect((body as { message: string }).message).to.include('server-side apply');
    });

    it('a protobuf body answers 415 and says what to use instead', async () => {
      const headers = { 'content-type': 'application/vnd.kubernetes.protobuf' };
      const { status, body } = await server.send({
        method: 'POST',
        path: configMaps,
        headers,
        body: 'k8s\0',
      });
      expect(status).to.equal(415);
      expect((body as { message: string }).message).to.include('kubectl create -f');
    });
  });

  it('lists no absent resource that it serves', () => {
    for (const kind of builtInKinds) {
      const groupVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
      expect(absentResources[groupVersion] ?? []).to.not.include(kind.plural);
    }
  });

  it('ends a list whose first page is too old with 410 and a token that goes on', async () => {
    for (const name of ['a', 'b', 'c']) await post(server, configMaps, { metadata: { name } });
    const first = await server.send({ method: 'GET', path: `${configMaps}?limit=1` });
    for (let count = 0; count < 6; count += 1) {
      await server.send({
        method: 'PATCH',
        path: `${configMaps}/a`,
        headers: { 'content-type': 'application/merge-patch+json' },
        body: { data: { count: String(count) } },
      });
    }
    const { metadata } = first.body as { metadata: { continue: string } };
    const expired = await server.send({
      method: 'GET',
      path: `${configMaps}?limit=1&continue=${metadata.continue}`,
    });
    expect(expired.status).to.equal(410);
    const status = expired.body as { reason: string; metadata: { continue: string } };
    expect(status.reason).to.equal('Expired');
    const rest = await server.send({
      method: 'GET',
      path: `${configMaps}?continue=${status.metadata.continue}`,
    });
    const { items } = rest.body as { items: KubeObject[] };
    expect(items.map((item) => item.metadata.name)).to.deep.equal(['b', 'c']);
  });

  it('ends a watch from a version that is too old with one ERROR', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await post(server, configMaps, { metadata: { name } });
    const stream = await server.open(`${configMaps}?watch=1&resourceVersion=1`);
    expect(stream.status).to.equal(200);
    const event = await stream.next();
    expect(event).to.include({ type: 'ERROR' });
    expect(event?.object).to.include({ code: 410, reason: 'Expired' });
    expect(await stream.next()).to.equal(undefined);
  });

  it('serves a CRD by the time of the next request', async () => {
    await post(server, crds, crd('boats', 'Boat'));
    const { status } = await server.send({ method: 'GET', path: '/apis/example.com/v1/boats' });
    expect(status).to.equal(200);
    const { body } = await server.send({ method: 'GET', path: '/apis' });
    expect(JSON.stringify(body)).to.include('example.com');
  });

  it('takes a second write of a CRD as it takes the first', async () => {
    await post(server, crds, crd('boats', 'Boat'));
    const headers = { 'content-type': 'application/merge-patch+json' };
    const body = { metadata: { labels: { a: 'b' } } };
    const { status } = await server.send({
      method: 'PATCH',
      path: `${crds}/boats.example.com`,
      headers,
      body,
    });
    expect(status).to.equal(200);
  });

  it('deletes the objects of a CRD with it, and ends their watches', async () => {
    await post(server, crds, crd('boats', 'Boat'));
    await post(server, '/apis/example.com/v1/namespaces/default/boats', { metadata: { name: 'one' } });
    const stream = await server.open('/apis/example.com/v1/boats?watch=1');
    await server.send({ method: 'DELETE', path: `${crds}/boats.example.com` });
    const events = [await stream.next(), await stream.next(), await stream.next()];
    expect(events.map((event) => event?.type)).to.deep.equal(['ADDED', 'DELETED', undefined]);
    const { status, body } = await server.send({ method: 'GET', path: '/apis/example.com/v1/boats' });
    expect([status, body]).to.deep.equal([404, '404 page not found\n']);
    expect((await server.send({ method: 'GET', path: `${crds}/boats.example.com` })).status).to.equal(404);
  });

  it('serves metrics.k8s.io only while there is a source', async () => {
    const path = '/apis/metrics.k8s.io/v1beta1/namespaces/default/pods';
    expect((await server.send({ method: 'GET', path })).body).to.equal('404 page not found\n');
    const sample = { apiVersion: 'metrics.k8s.io/v1beta1', kind: 'PodMetrics', containers: [] };
    const metrics: MetricsSource = {
      pods: () => [
        { ...sample, metadata: { name: 'p', namespace: 'default', labels: { app: 'web' } } },
        { ...sample, metadata: { name: 'q', namespace: 'default', labels: { app: 'db' } } },
        { ...sample, metadata: { name: 'r', namespace: 'other', labels: { app: 'web' } } },
      ],
      nodes: () => [],
    };
    server.sources.metrics = metrics;
    const { body } = await server.send({ method: 'GET', path: `${path}?labelSelector=app%3Dweb` });
    const { kind, items } = body as { kind: string; items: KubeObject[] };
    expect(kind).to.equal('PodMetricsList');
    expect(items.map((item) => item.metadata.name)).to.deep.equal(['p']);
    expect((await server.send({ method: 'GET', path: `${path}/q` })).body).to.have.nested.property(
      'metadata.name',
      'q',
    );
    expect((await server.send({ method: 'GET', path: `${path}/none` })).status).to.equal(404);
  });

  it('refuses a log of a pod that no node runs, and one of an unknown container', async () => {
    const pods = '/api/v1/namespaces/default/pods';
    await post(server, pods, { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'x' }] } });
    expect((await server.send({ method: 'GET', path: `${pods}/p/log` })).body).to.include({
      message: 'pod p does not have a host assigned',
    });
    expect((await server.send({ method: 'GET', path: `${pods}/p/log?container=d` })).body).to.include({
      message: 'container d is not valid for pod p',
    });
  });

  it('changes nothing when nothing changes', async () => {
    await post(server, configMaps, { metadata: { name: 'a' }, data: { k: 'v' } });
    const before = server.registry.store.version;
    const headers = { 'content-type': 'application/merge-patch+json' };
    await server.send({ method: 'PATCH', path: `${configMaps}/a`, headers, body: { data: { k: 'v' } } });
    await server.send({
      method: 'PUT',
      path: `${configMaps}/a`,
      headers: json,
      body: { metadata: { name: 'a' }, data: { k: 'v' } },
    });
    expect(server.registry.store.version).to.equal(before);
  });
});
