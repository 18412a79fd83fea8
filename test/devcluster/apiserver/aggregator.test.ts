import { expect } from 'chai';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { startApiServer } from '../../../src/devcluster/apiserver/server.ts';
import type { ApiServer } from '../../../src/devcluster/apiserver/server.ts';
import type { KubeObject } from '../../../src/devcluster/cluster-api.ts';
import { apiService } from '../../support/api-service.ts';
import { selfSignedCertificate } from '../../support/certificate.ts';

const group = 'custom.metrics.k8s.io';
const resource = {
  name: 'pods/any',
  singularName: '',
  namespaced: true,
  kind: 'MetricValueList',
  verbs: ['get'],
};

function registration(version: string, port: number, spec: object = {}): KubeObject {
  const object = apiService(group, version, { namespace: 'default', name: 'adapter', port });
  return { ...object, spec: { ...object.spec, ...spec } };
}

describe('an APIService', () => {
  let cluster: ApiServer;
  let adapter: Server;
  const seen: IncomingMessage[] = [];

  const register = (object: KubeObject): KubeObject =>
    cluster.cluster.create('apiservices.apiregistration.k8s.io', object);
  const port = (): number => (adapter.address() as AddressInfo).port;

  async function get(path: string, headers: Record<string, string> = {}): Promise<[number, unknown]> {
    const response = await fetch(cluster.url + path, { headers });
    const text = await response.text();
    return [response.status, text.startsWith('{') ? JSON.parse(text) : text];
  }

  beforeEach(async () => {
    seen.length = 0;
    adapter = createServer(selfSignedCertificate(), (request, response) => {
      seen.push(request);
      const isDiscovery = request.url?.split('/').length === 4;
      const body = isDiscovery ? { resources: [resource] } : { says: 'the adapter', path: request.url };
      const status = request.url?.includes('missing') === true ? 404 : 200;
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await once(adapter.listen(0, '127.0.0.1'), 'listening');
    cluster = await startApiServer({ host: '127.0.0.1', port: 0 });
    cluster.cluster.create('services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'adapter', namespace: 'default' },
      spec: { type: 'ExternalName', externalName: 'localhost' },
    });
  });

  afterEach(async () => {
    await cluster.close();
    adapter.closeAllConnections();
    adapter.close();
  });

  it('passes requests on to its service, and the answers back', async () => {
    register(registration('v1beta2', port()));
    const path = `/apis/${group}/v1beta2/namespaces/shop/pods/*/rps?labelSelector=app%3Dweb`;
    expect(await get(path, { 'user-agent': 'a-scaler/1' })).to.deep.equal([
      200,
      { says: 'the adapter', path },
    ]);
    expect(seen[0]?.headers['user-agent']).to.equal('a-scaler/1');
    expect((await get(`/apis/${group}/v1beta2/missing`))[0]).to.equal(404);
  });

  it('is listed in discovery, with the preferred version first', async () => {
    register(registration('v1beta1', port()));
    register(registration('v1beta2', port()));
    const [, body] = await get(`/apis/${group}`);
    expect(body).to.deep.equal({
      kind: 'APIGroup',
      apiVersion: 'v1',
      name: group,
      versions: ['v1beta2', 'v1beta1'].map((version) => ({ groupVersion: `${group}/${version}`, version })),
      preferredVersion: { groupVersion: `${group}/v1beta2`, version: 'v1beta2' },
    });
    const [, all] = (await get('/apis')) as [number, { groups: { name: string }[] }];
    expect(all.groups.map(({ name }) => name)).to.include(group);
  });

  it('comes before what the server serves itself', async () => {
    cluster.setSources({ metrics: { pods: () => [], nodes: () => [] } });
    const path = '/apis/metrics.k8s.io/v1beta1/pods';
    expect(await get(path)).to.deep.include.members([200]);
    expect(seen).to.have.length(0);
    register({
      ...registration('v1beta1', port(), { group: 'metrics.k8s.io' }),
      metadata: { name: 'v1beta1.metrics.k8s.io' },
    });
    expect(await get(path)).to.deep.equal([200, { says: 'the adapter', path }]);
  });

  it('answers 503 when nobody serves it, and discovery goes on without it', async () => {
    register(
      registration('v1beta2', port(), { service: { namespace: 'default', name: 'gone', port: port() } }),
    );
    const [status, body] = await get(`/apis/${group}/v1beta2/namespaces/shop/pods/*/rps`);
    expect(status).to.equal(503);
    expect((body as { message: string }).message).to.equal(
      'error trying to reach service: service "gone" not found',
    );
    expect((await get(`/apis/${group}`))[0]).to.equal(404);
    expect((await get('/apis'))[0]).to.equal(200);
  });

  it('does not trust a certificate that it was not told to', async () => {
    register(registration('v1beta2', port(), { insecureSkipTLSVerify: false }));
    expect((await get(`/apis/${group}/v1beta2/namespaces/shop/pods/*/rps`))[0]).to.equal(503);
    expect(seen).to.have.length(0);
  });

  it('is refused when it is not named as what it serves', () => {
    const misnamed = { ...registration('v1beta2', port()), metadata: { name: 'adapter' } };
    expect(() => register(misnamed)).to.throw(/metadata\.name: Invalid value: "adapter": must be/);
  });
});
