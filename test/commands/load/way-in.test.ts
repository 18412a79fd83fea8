import { expect } from 'chai';
import type { IngressJson, ServiceJson } from '../../../src/commands/load/objects.ts';
import { type Aim, findWayIn, type WaysIn } from '../../../src/commands/load/way-in.ts';

const service = (name: string, spec: ServiceJson['spec'], rest: Partial<ServiceJson> = {}): ServiceJson => ({
  ...rest,
  metadata: { name, ...rest.metadata },
  spec: { ports: [{ port: 80 }], ...spec },
});

const backend = (name: string) => ({ service: { name } });
const rule = (host: string | undefined, paths: Record<string, string>) => ({
  ...(host === undefined ? {} : { host }),
  http: { paths: Object.entries(paths).map(([path, name]) => ({ path, backend: backend(name) })) },
});
const balancer = { loadBalancer: { ingress: [{ ip: '203.0.113.9' }] } };
const ingress: IngressJson = {
  spec: {
    defaultBackend: backend('fallback'),
    rules: [
      rule('shop.example', { '/': 'web', '/api': 'api' }),
      rule('*.example', { '/': 'wild' }),
      rule(undefined, { '/only': 'api' }),
    ],
  },
  status: balancer,
};

const cluster: WaysIn = {
  services: [
    service('web', { clusterIP: '10.0.0.7' }),
    service('node', { clusterIP: '10.0.0.8', ports: [{ port: 80, nodePort: 30_080 }] }),
    service(
      'balanced',
      { clusterIP: '10.0.0.9' },
      { status: { loadBalancer: { ingress: [{ ip: '203.0.113.5' }] } } },
    ),
    service(
      'dev',
      {},
      { metadata: { annotations: { 'plimsoll.dev/address': '127.0.0.1:4000,198.51.100.1:80' } } },
    ),
    ...['api', 'wild', 'fallback'].map((name) => service(name, { clusterIP: `10.0.1.${name.length}` })),
  ],
  ingresses: [ingress],
  nodes: [{ status: { addresses: [{ address: '192.0.2.11' }, { address: 'node-a' }] } }],
};

const at = (address: string, port = 80, changes: Partial<Aim> = {}): Aim => ({
  ...{ addresses: [address], port, host: address, path: '/', ...changes },
});
const through = (host: string, path: string): Aim => at('203.0.113.9', 443, { host, path });

describe('the way into a cluster', () => {
  const found: Record<string, [aim: Aim, service: string, balances: string]> = {
    'a cluster IP': [at('10.0.0.7'), 'web', 'connections'],
    'a node port on any node': [at('192.0.2.11', 30_080), 'node', 'connections'],
    'the address of a load balancer': [at('203.0.113.5'), 'balanced', 'connections'],
    'the address where the dev cluster listens': [at('127.0.0.1', 4000), 'dev', 'connections'],
    'a name with several addresses of this machine': [
      at('127.0.0.1', 4000, { addresses: ['::1', '127.0.0.1'] }),
      'dev',
      'connections',
    ],
    'an ingress, by host': [through('shop.example', '/cart'), 'web', 'requests'],
    'an ingress, by the longest path': [through('shop.example', '/api/v1'), 'api', 'requests'],
    'an ingress, by whole parts of the path': [through('shop.example', '/apiary'), 'web', 'requests'],
    'an ingress, by a wildcard': [through('blog.example', '/'), 'wild', 'requests'],
    'an ingress, by a rule without a host': [through('203.0.113.9', '/only'), 'api', 'requests'],
    'an ingress, by default': [through('203.0.113.9', '/'), 'fallback', 'requests'],
  };
  for (const [sentence, [aim, name, balances]] of Object.entries(found)) {
    it(`is ${sentence}`, () => {
      const way = findWayIn(aim, cluster);
      expect([way?.service.metadata?.name, way?.balances]).to.deep.equal([name, balances]);
    });
  }

  const unknown: Record<string, Aim> = {
    'another port': at('10.0.0.7', 8080),
    'a node port at another address': at('192.0.2.12', 30_080),
    'an address that somebody wrote into an annotation': at('198.51.100.1', 80),
    'a name with one address that is not of the cluster': at('x', 80, {
      addresses: ['10.0.0.7', '198.51.100.2'],
    }),
    'a name without addresses': at('x', 80, { addresses: [] }),
  };
  for (const [sentence, aim] of Object.entries(unknown)) {
    it(`is not known for ${sentence}`, () => expect(findWayIn(aim, cluster)).to.equal(undefined));
  }

  it('is not known for a backend that is no Service', () => {
    expect(findWayIn(through('shop.example', '/'), { ...cluster, services: [] })).to.equal(undefined);
  });
});
