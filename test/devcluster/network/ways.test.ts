import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect } from 'chai';

import { createClusterApi } from '../../../src/devcluster/apiserver/in-process.ts';
import { startRegistry } from '../../../src/devcluster/apiserver/start-registry.ts';
import type { ClusterApi } from '../../../src/devcluster/cluster-api.ts';
import type { Ingress, Service } from '../../../src/devcluster/controllers/objects.ts';
import { claimAddressBlock, tryListen } from '../../../src/devcluster/network/loopback.ts';
import type { AddressBlock } from '../../../src/devcluster/network/loopback.ts';
import { startNetwork } from '../../../src/devcluster/network/network.ts';
import type { Network } from '../../../src/devcluster/network/network.ts';
import { eventually } from '../../support/wait.ts';

const namespace = 'default';
const host = '127.0.0.1';

/** Services and ingresses over an API server's storage; the test plays the pods and their EndpointSlices. */
for (const singleAddress of [false, true]) {
  describe(`the ways in ${singleAddress ? 'on a single address' : 'with addresses of their own'}`, function () {
    this.timeout(60_000);
    let block: AddressBlock;
    let api: ClusterApi;
    let network: Network;
    const servers: Server[] = [];
    const logged: string[] = [];

    before(async () => {
      block = await claimAddressBlock({ secondOctet: 113, singleAddress });
      const range = block.network === undefined ? {} : { serviceNetwork: block.network };
      api = createClusterApi(await startRegistry(range));
      network = await startNetwork({
        api,
        log: (line) => logged.push(line),
        addresses: block,
        singleAddress,
      });
    });
    after(async () => {
      await network.close();
      await block.close();
      for (const server of servers) server.close();
      expect(logged).to.deep.equal([]);
    });

    /** Pods that answer with their name, and the headers that they saw. */
    async function pods(...names: string[]): Promise<Record<string, number>> {
      const ports: Record<string, number> = {};
      for (const name of names) {
        const server = createServer((request, response) =>
          response.end(JSON.stringify({ name, path: request.url, headers: request.headers })),
        );
        servers.push(server);
        await new Promise<void>((resolve) => server.listen(0, host, resolve));
        ports[name] = (server.address() as AddressInfo).port;
      }
      return ports;
    }

    /** One slice a pod, as pods with ports of their own have. */
    function endpoints(service: string, ports: Record<string, number>, ready = Object.keys(ports)): void {
      for (const [name, port] of Object.entries(ports)) {
        const isReady = ready.includes(name);
        const conditions = { ready: isReady, serving: isReady, terminating: false };
        const metadata = {
          name: `${service}-${name}`,
          namespace,
          labels: { 'kubernetes.io/service-name': service },
        };
        const slice = {
          ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata, addressType: 'IPv4' },
          endpoints: [{ addresses: [host], conditions }],
          ports: [{ name: 'http', protocol: 'TCP', port }],
        };
        const resource = 'endpointslices.discovery.k8s.io';
        if (api.get(resource, namespace, metadata.name)) {
          api.patch(resource, namespace, metadata.name, 'merge', { endpoints: slice.endpoints });
        } else api.create(resource, slice);
      }
    }

    function service(name: string, more: object = {}): void {
      const ports = [{ name: 'http', port: 8080 }];
      const spec = { ports, ...more };
      api.create('services', { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec });
    }

    const stored = (name: string): Service => api.get('services', namespace, name) as Service;
    const annotation = (name: string, key: string): Promise<string> =>
      eventually(`${name} says ${key}`, () => stored(name).metadata.annotations?.[`plimsoll.dev/${key}`]);

    interface Seen {
      status: number;
      body: string;
      name: string;
      path: string;
      headers: IncomingHttpHeaders;
    }
    async function get(address: string, path = '/', asked = ''): Promise<Seen> {
      const headers = asked === '' ? {} : { host: asked };
      const { request } = await import('node:http');
      const { text } = await import('node:stream/consumers');
      const [hostname = '', port] = address.split(':');
      return new Promise((resolve, reject) => {
        request({ host: hostname, port, path, headers, agent: false }, (response) => {
          text(response)
            .then((body) => {
              const seen = body.startsWith('{') ? (JSON.parse(body) as Seen) : {};
              resolve({ ...(seen as Seen), status: response.statusCode ?? 0, body });
            })
            .catch(reject);
        })
          .once('error', reject)
          .end();
      });
    }

    it('of each type are its own and those of the types before it', async () => {
      endpoints('all', await pods('a'));
      service('all', { type: 'LoadBalancer' });
      const addresses = await Promise.all(
        ['address', 'node-address', 'load-balancer-address'].map((key) => annotation('all', key)),
      );
      expect(new Set(addresses).size).to.equal(3);
      for (const address of addresses) expect((await get(address)).name).to.equal('a');
      const { spec, status } = stored('all');
      expect(addresses[1]).to.equal(`127.0.0.1:${spec.ports?.[0]?.nodePort}`);
      await eventually('its status has the address', () => {
        const [ingress] = stored('all').status?.loadBalancer?.ingress ?? [];
        return ingress?.ip === addresses[2]?.split(':')[0];
      });
      if (!singleAddress) {
        expect(addresses[0]).to.equal(`${spec.clusterIP}:8080`);
        expect(addresses[2]).to.match(/^127\.80\.\d+\.\d+:8080$/);
      }
      expect(status).to.not.equal(undefined);
    });

    it('go when the type changes, and come back', async () => {
      const [balancer, node] = [
        await annotation('all', 'load-balancer-address'),
        await annotation('all', 'node-address'),
      ];
      const change = (type: string) => api.patch('services', namespace, 'all', 'merge', { spec: { type } });
      change('ClusterIP');
      await eventually('only one way is left', () => {
        const { annotations = {} } = stored('all').metadata;
        const { ingress } = stored('all').status?.loadBalancer ?? {};
        return Object.keys(annotations).join() === 'plimsoll.dev/address' && ingress === undefined;
      });
      for (const address of [balancer, node]) {
        const error = await get(address).catch((caught: unknown) => caught);
        expect(error).to.have.property('code', 'ECONNREFUSED');
      }
      change('NodePort');
      expect((await get(await annotation('all', 'node-address'))).name).to.equal('a');
    });

    it('have another port of the node where a program has it already', async () => {
      const squatter = await tryListen(host, 31_999);
      service('moved', { type: 'NodePort', ports: [{ name: 'http', port: 80, nodePort: 31_999 }] });
      expect(await annotation('moved', 'node-address')).to.match(/^127\.0\.0\.1:(?!31999)\d+$/);
      if (typeof squatter !== 'string') squatter.close();
    });

    it('keep a client with its pod for sessionAffinity: ClientIP, on all ways alike, while it is ready', async () => {
      const ports = await pods('a', 'b', 'c', 'd');
      endpoints('sticky', ports);
      service('sticky', { type: 'LoadBalancer', sessionAffinity: 'ClientIP' });
      const ways = await Promise.all(
        ['address', 'node-address', 'load-balancer-address'].map((key) => annotation('sticky', key)),
      );
      const answers = async (): Promise<string[]> => {
        const names = [];
        for (const way of [...ways, ...ways, ...ways]) names.push((await get(way)).name);
        return [...new Set(names)];
      };
      const first = await answers();
      expect(first).to.have.length(1);
      const rest = Object.keys(ports).filter((name) => name !== first[0]);
      endpoints('sticky', ports, rest);
      await eventually('another takes over', async () => (await get(ways[0] ?? '')).name !== first[0]);
      const second = await answers();
      expect(second).to.have.length(1);
      endpoints('sticky', ports);
      expect(await answers()).to.deep.equal(second);

      api.patch('services', namespace, 'sticky', 'merge', { spec: { sessionAffinity: 'None' } });
      await eventually('the client is spread', async () => (await answers()).length > 1);
    });

    const http = (name: string, path = '/'): object => ({
      path,
      pathType: 'Prefix',
      backend: { service: { name, port: { name: 'http' } } },
    });

    function ingress(name: string, spec: object): void {
      const metadata = { name, namespace };
      api.create('ingresses.networking.k8s.io', {
        ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata, spec },
      });
    }

    it('of an ingress: its address in status and annotation, where there is one before any rule', async () => {
      expect(await get(network.ingressAddress)).to.include({ status: 404 });
      ingress('shop', {
        rules: [
          {
            host: 'shop.test',
            http: { paths: [http('turns', '/turns'), http('none', '/none'), http('gone', '/gone')] },
          },
        ],
      });
      const stored = await eventually('its status has the address', () => {
        const object = api.get('ingresses.networking.k8s.io', namespace, 'shop') as Ingress;
        return object.status?.loadBalancer?.ingress && object;
      });
      const [ip] = network.ingressAddress.split(':');
      expect(stored.status?.loadBalancer).to.deep.equal({ ingress: [{ ip }] });
      expect(stored.metadata.annotations).to.deep.equal({ 'plimsoll.dev/address': network.ingressAddress });
    });

    it('of an ingress: to the ready pods in turn', async () => {
      const ports = await pods('a', 'b', 'c');
      endpoints('turns', ports, ['a', 'c']);
      service('turns');
      const ask = () => get(network.ingressAddress, '/turns/1?x=y', 'shop.test');
      await eventually('it is served', async () => (await ask()).status === 200);
      const answers = [await ask(), await ask(), await ask(), await ask()];
      expect(answers.filter(({ name }) => name === 'a')).to.have.length(2);
      expect(answers.filter(({ name }) => name === 'c')).to.have.length(2);
      expect(answers[0]).to.include({ path: '/turns/1?x=y' });
      expect(answers[0]?.headers).to.include({ host: 'shop.test', 'x-forwarded-for': host });
      endpoints('turns', ports, ['b']);
      await eventually('the others have left', async () => (await ask()).name === 'b');
    });

    it('of an ingress: 503 for a service without ready pods or without being, 404 without a rule', async () => {
      service('none');
      const status = async (path: string, asked = 'shop.test') => {
        const { status, body } = await get(network.ingressAddress, path, asked);
        return `${status} ${body.trim()}`;
      };
      expect(await status('/none')).to.equal(
        '503 503 Service Temporarily Unavailable: service default/none has no pod that is ready',
      );
      expect(await status('/gone')).to.match(
        /^503 .*service default\/gone, which ingress default\/shop names/,
      );
      expect(await status('/')).to.match(/^404 .*no ingress has a rule for host "shop.test" and path "\/"/);
      expect(await status('/turns', 'other.test')).to.match(/^404 /);
      expect(await status('/turns/../none')).to.match(/^503 /);
    });

    it('of an ingress: follow its changes', async () => {
      const patch = { spec: { defaultBackend: { service: { name: 'turns', port: { number: 8080 } } } } };
      api.patch('ingresses.networking.k8s.io', namespace, 'shop', 'merge', patch);
      await eventually('the rest goes to the default', async () => {
        return (await get(network.ingressAddress, '/', 'shop.test')).status === 200;
      });
      api.delete('ingresses.networking.k8s.io', namespace, 'shop');
      await eventually('nothing is served', async () => {
        return (await get(network.ingressAddress, '/turns', 'shop.test')).status === 404;
      });
    });

    it('lead no new requests to a pod that leaves, which finishes what it has', async () => {
      let hold: ((response: ServerResponse) => void) | undefined;
      const slow = createServer((_, response) => {
        if (hold === undefined) response.end(JSON.stringify({ name: 'slow' }));
        else hold(response);
        hold = undefined;
      });
      servers.push(slow);
      await new Promise<void>((resolve) => slow.listen(0, host, resolve));
      const ports = { slow: (slow.address() as AddressInfo).port, ...(await pods('other')) };
      endpoints('leaving', ports, ['slow']);
      service('leaving');
      ingress('leaving', { rules: [{ host: 'leaving.test', http: { paths: [http('leaving')] } }] });
      for (const address of [await annotation('leaving', 'address'), network.ingressAddress]) {
        const ask = () => get(address, '/', 'leaving.test');
        await eventually('it is served', async () => (await ask()).name === 'slow');
        const { promise: held, resolve } = Promise.withResolvers<ServerResponse>();
        hold = resolve;
        const first = ask();
        const response = await held;
        endpoints('leaving', ports, ['other']);
        await eventually('the other has the next', async () => (await ask()).name === 'other');
        response.end(JSON.stringify({ name: 'slow' }));
        expect(await first).to.include({ status: 200, name: 'slow' });
        endpoints('leaving', ports, ['slow']);
      }
      api.delete('ingresses.networking.k8s.io', namespace, 'leaving');
    });
  });
}
