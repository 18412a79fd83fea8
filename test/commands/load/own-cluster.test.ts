import { expect } from 'chai';
import {
  isServiceOfOwnCluster,
  type NameService,
  systemNames,
} from '../../../src/commands/load/own-cluster.ts';

/** What kubelet writes for a pod of the namespace shop on a node of corp.example. */
const resolverConfig = `nameserver 10.96.0.10
search shop.svc.cluster.local svc.cluster.local cluster.local corp.example
options ndots:5
`;

const addresses: Readonly<Record<string, readonly string[]>> = {
  'web.shop.svc.cluster.local.': ['10.96.0.12'],
  web: ['10.96.0.12'],
  'web.shop': ['10.96.0.12'],
  'web.shop.svc': ['10.96.0.12'],
  'web.shop.svc.cluster.local': ['10.96.0.12'],
  // A name outside: of the node's own domain, and of the internet.
  intranet: ['192.0.2.7'],
  'shop.example': ['203.0.113.5'],
  // A Service that stands for a host outside.
  'partner.shop.svc.cluster.local.': ['203.0.113.9'],
  partner: ['203.0.113.9'],
  // A Service with the name of a host outside, which the resolver of this pod asks for first.
  'api.example.svc.cluster.local.': ['10.96.0.13'],
  'api.example': ['203.0.113.6'],
};

function names(changes: Partial<NameService> = {}): NameService {
  return {
    env: { KUBERNETES_SERVICE_HOST: '10.96.0.1' },
    resolverConfig: () => resolverConfig,
    addresses: async (name) => Promise.resolve(addresses[name] ?? []),
    aliases: async (name) => Promise.resolve(name.startsWith('partner.') ? ['partner.example'] : []),
    ...changes,
  };
}

/** With and without the dot at the end. */
const known = new Map(Object.entries(addresses).map(([name, found]) => [name.replace(/\.$/, ''), found]));

describe('the own cluster of a load in a pod', () => {
  for (const host of [
    'web',
    'web.shop',
    'web.shop.svc',
    'web.shop.svc.cluster.local',
    'web.shop.svc.cluster.local.',
  ]) {
    it(`has the Service ${host}`, async () => {
      const asked = names({ addresses: async (name) => Promise.resolve(known.get(name.replace(/\.$/, '')) ?? []) }); // prettier-ignore
      expect(await isServiceOfOwnCluster(host, asked)).to.equal(true);
    });
  }

  const outside: Record<string, string> = {
    'a host of the node’s domain': 'intranet',
    'a host of the internet': 'shop.example',
    'a Service that stands for a host outside': 'partner',
    'a host outside that has the name of a Service': 'api.example',
    'a name that nobody knows': 'nothing',
    'an address': '10.96.0.12',
  };
  for (const [sentence, host] of Object.entries(outside)) {
    it(`has not ${sentence}`, async () => {
      expect(await isServiceOfOwnCluster(host, names())).to.equal(false);
    });
  }

  it('is none outside of a pod, or where names are not the cluster’s', async () => {
    expect(await isServiceOfOwnCluster('web', names({ env: {} }))).to.equal(false);
    for (const text of ['', 'nameserver 192.0.2.1\nsearch corp.example\n'])
      expect(await isServiceOfOwnCluster('web', names({ resolverConfig: () => text }))).to.equal(false);
  });

  it('asks the names of this machine, and takes no answer for none', async () => {
    const { addresses: of, aliases, resolverConfig: config } = systemNames({});
    expect(await of('localhost')).to.include('127.0.0.1');
    expect(await of('no-such-host.invalid')).to.deep.equal([]);
    expect(await aliases('localhost.invalid')).to.deep.equal([]);
    expect(config()).to.be.a('string');
  });
});
