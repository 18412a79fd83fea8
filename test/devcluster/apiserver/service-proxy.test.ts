import { expect } from 'chai';
import { startApiServer } from '../../../src/devcluster/apiserver/server.ts';
import type { ApiServer } from '../../../src/devcluster/apiserver/server.ts';
import { startLocalApi } from '../../support/local-api.ts';
import type { LocalApi } from '../../support/local-api.ts';

describe('the proxy subresource of a Service', () => {
  let server: ApiServer;
  let pod: LocalApi;

  before(async () => {
    server = await startApiServer({ host: '127.0.0.1', port: 0 });
    pod = await startLocalApi(({ method, path, query, body, headers }, response) => {
      if (path === '/teapot') {
        response.writeHead(418, { 'content-type': 'text/plain' }).end('short and stout');
        return undefined;
      }
      return { method, path, query: query.toString(), body, type: headers['content-type'] };
    });
    const { cluster } = server;
    cluster.create('services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'app', namespace: 'default' },
      spec: {
        ports: [
          { name: 'http', port: 80 },
          { name: 'closed', port: 81 },
        ],
      },
    });
    cluster.create('endpointslices.discovery.k8s.io', {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'app-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'app' } },
      addressType: 'IPv4',
      endpoints: [
        { addresses: ['127.0.0.1'], conditions: { ready: true, serving: true, terminating: false } },
        { addresses: ['127.0.0.2'], conditions: { ready: false, serving: false, terminating: false } },
      ],
      ports: [{ name: 'http', port: pod.port, protocol: 'TCP' }],
    });
  });
  after(async () => {
    await server.close();
    await pod.close();
  });

  async function ask(path: string, init: RequestInit = {}) {
    const response = await fetch(`${server.url}/api/v1/namespaces/default/services/${path}`, init);
    return { status: response.status, text: await response.text() };
  }

  for (const name of ['app:http', 'app:80', 'http:app:http']) {
    it(`passes a request for ${name} on to a ready endpoint, and its answer back`, async () => {
      const { status, text } = await ask(`${name}/proxy/a%2Fb/c?d=e`);
      expect(status).to.equal(200);
      expect(JSON.parse(text)).to.deep.equal({ method: 'GET', path: '/a%2Fb/c', query: 'd=e', body: '' });
    });
  }

  it('passes on every method, bodies, and whatever is answered', async () => {
    const sent = await ask('app:http/proxy/', {
      method: 'POST',
      body: 'hello',
      headers: { 'content-type': 'text/plain' },
    });
    expect(JSON.parse(sent.text)).to.include({
      method: 'POST',
      path: '/',
      body: 'hello',
      type: 'text/plain',
    });
    expect(await ask('app:http/proxy/teapot')).to.deep.equal({ status: 418, text: 'short and stout' });
  });

  const refused: Record<string, { path: string; status: number; message: RegExp }> = {
    'a Service that is not there': {
      path: 'none:http/proxy/',
      status: 404,
      message: /services "none" not found/,
    },
    'a port without endpoints': {
      path: 'app:closed/proxy/',
      status: 503,
      message: /no endpoints available for service "app"/,
    },
    'a number that is no port': {
      path: 'app:99/proxy/',
      status: 503,
      message: /no service port 99 found for service "app"/,
    },
    'a name that is none': {
      path: 'a:b:c:d/proxy/',
      status: 400,
      message: /invalid service request "a:b:c:d"/,
    },
  };
  for (const [title, { path, status, message }] of Object.entries(refused)) {
    it(`refuses ${title}`, async () => {
      const answer = await ask(path);
      expect(answer.status).to.equal(status);
      expect((JSON.parse(answer.text) as { message: string }).message).to.match(message);
    });
  }

  it('is in discovery as Kubernetes has it', async () => {
    const response = await fetch(`${server.url}/api/v1`);
    const { resources } = (await response.json()) as { resources: { name: string }[] };
    expect(resources.find(({ name }) => name === 'services/proxy')).to.deep.equal({
      name: 'services/proxy',
      singularName: '',
      namespaced: true,
      kind: 'ServiceProxyOptions',
      verbs: ['create', 'delete', 'get', 'patch', 'update'],
    });
  });
});
