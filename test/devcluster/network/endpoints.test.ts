import { expect } from 'chai';

import type { EndpointSlice, Service } from '../../../src/devcluster/controllers/objects.ts';
import { backendsOf, shuffled, tcpPorts } from '../../../src/devcluster/network/endpoints.ts';

type State = 'ready' | 'unready' | 'leaving';
const conditions = {
  ready: { ready: true, serving: true, terminating: false },
  unready: { ready: false, serving: false, terminating: false },
  leaving: { ready: false, serving: true, terminating: true },
};

function slice(ports: Record<string, number>, endpoints: Record<string, State>): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'web-1' },
    addressType: 'IPv4',
    ports: Object.entries(ports).map(([name, port]) => ({ name, protocol: 'TCP', port })),
    endpoints: Object.entries(endpoints).map(([address, state]) => ({
      addresses: [address],
      conditions: conditions[state],
    })),
  };
}

describe('the backends of a service', () => {
  const rows: Record<string, { slices: EndpointSlice[]; port?: string; hosts: string[] }> = {
    'are its ready endpoints': {
      slices: [slice({ http: 80 }, { a: 'ready', b: 'unready', c: 'ready', d: 'leaving' })],
      hosts: ['a:80', 'c:80'],
    },
    'are those that still serve while there is none that is ready': {
      slices: [slice({ http: 80 }, { a: 'leaving', b: 'unready' })],
      hosts: ['a:80'],
    },
    'are none when nothing serves': { slices: [slice({ http: 80 }, { a: 'unready' })], hosts: [] },
    'are none without slices': { slices: [], hosts: [] },
    'come from all slices, each with its own port': {
      slices: [slice({ http: 80 }, { a: 'ready' }), slice({ http: 81 }, { b: 'ready' })],
      hosts: ['a:80', 'b:81'],
    },
    'are at the port of the name': {
      slices: [slice({ http: 80, admin: 90 }, { a: 'ready' })],
      port: 'admin',
      hosts: ['a:90'],
    },
    'are none for a port that the pods lack': {
      slices: [slice({ http: 80 }, { a: 'ready' })],
      port: 'admin',
      hosts: [],
    },
  };
  for (const [name, { slices, port = 'http', hosts }] of Object.entries(rows)) {
    it(name, () => {
      const backends = backendsOf(slices, { name: port, port: 8000 });
      expect(backends.map((backend) => `${backend.host}:${backend.port}`)).to.deep.equal(hosts);
    });
  }
});

describe('the TCP ports of a service', () => {
  const ports = [
    { name: 'http', port: 80 },
    { name: 'dns', port: 53, protocol: 'UDP' },
  ];
  const service = (spec: Service['spec']): Service => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { ports, ...spec },
  });
  const rows: Record<string, { spec: Service['spec']; numbers: number[] }> = {
    'are those with TCP': { spec: { clusterIP: '127.96.0.1' }, numbers: [80] },
    'are there for LoadBalancer too': { spec: { type: 'LoadBalancer' }, numbers: [80] },
    'are none without a cluster IP': { spec: { clusterIP: 'None' }, numbers: [] },
    'are none for an external name': { spec: { type: 'ExternalName' }, numbers: [] },
  };
  for (const [name, { spec, numbers }] of Object.entries(rows)) {
    it(name, () => {
      expect(tcpPorts(service(spec)).map(({ port }) => port)).to.deep.equal(numbers);
    });
  }
});

describe('a random order', () => {
  it('gives each first place the same chance', () => {
    const firsts = new Map<number, number>();
    // Every value of a fine grid, in place of chance.
    for (let step = 0; step < 300; step += 1) {
      const draws = [((step * 7) % 300) / 300, (step % 300) / 300];
      const [first = -1] = shuffled([1, 2, 3], () => draws.pop() ?? 0);
      firsts.set(first, (firsts.get(first) ?? 0) + 1);
    }
    for (const count of firsts.values()) expect(count).to.be.within(90, 110);
    expect(firsts.size).to.equal(3);
  });

  it('loses nothing', () => {
    expect(shuffled([3, 1, 2], () => 0.5).sort()).to.deep.equal([1, 2, 3]);
    expect(shuffled([], Math.random)).to.deep.equal([]);
  });
});
