import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { TLSSocket } from 'node:tls';

import { expect } from 'chai';

import { createClusterApi } from '../../../src/devcluster/apiserver/in-process.ts';
import { startRegistry } from '../../../src/devcluster/apiserver/start-registry.ts';
import type { ClusterApi } from '../../../src/devcluster/cluster-api.ts';
import { claimAddressBlock } from '../../../src/devcluster/network/loopback.ts';
import type { AddressBlock } from '../../../src/devcluster/network/loopback.ts';
import { startNetwork } from '../../../src/devcluster/network/network.ts';
import type { Network } from '../../../src/devcluster/network/network.ts';
import { selfSignedCertificate } from '../../support/certificate.ts';
import { eventually } from '../../support/wait.ts';

const namespace = 'default';
const ingresses = 'ingresses.networking.k8s.io';

describe('an ingress with TLS', () => {
  let block: AddressBlock;
  let api: ClusterApi;
  let network: Network;
  let pod: Server;
  const logged: string[] = [];
  const certificates = { shop: selfSignedCertificate(), any: selfSignedCertificate() };

  before(async () => {
    block = await claimAddressBlock({ secondOctet: 114 });
    api = createClusterApi(
      await startRegistry(block.network === undefined ? {} : { serviceNetwork: block.network }),
    );
    network = await startNetwork({
      ...{ api, addresses: block, singleAddress: false },
      log: (line) => logged.push(line),
    });
    pod = createServer((request, response) => response.end(request.headers['x-forwarded-proto']));
    await new Promise<void>((resolve) => pod.listen(0, '127.0.0.1', resolve));
    const object = (kind: string, apiVersion: string, name: string, more: object): object => ({
      ...{ apiVersion, kind, metadata: { name, namespace, ...labels }, ...more },
    });
    const labels = { labels: { 'kubernetes.io/service-name': 'web' } };
    const create = (resource: string, made: object): unknown =>
      api.create(resource, made as Parameters<ClusterApi['create']>[1]);
    create('services', object('Service', 'v1', 'web', { spec: { ports: [{ name: 'http', port: 80 }] } }));
    const conditions = { ready: true, serving: true, terminating: false };
    create(
      'endpointslices.discovery.k8s.io',
      object('EndpointSlice', 'discovery.k8s.io/v1', 'web', {
        addressType: 'IPv4',
        endpoints: [{ addresses: ['127.0.0.1'], conditions }],
        ports: [{ name: 'http', protocol: 'TCP', port: (pod.address() as AddressInfo).port }],
      }),
    );
    const backend = { service: { name: 'web', port: { number: 80 } } };
    const tls = [
      { hosts: ['shop.test'], secretName: 'shop' },
      { hosts: ['*.any.test'], secretName: 'any' },
      { hosts: ['broken.test'], secretName: 'broken' },
    ];
    create(
      ingresses,
      object('Ingress', 'networking.k8s.io/v1', 'web', { spec: { defaultBackend: backend, tls } }),
    );
  });
  after(async () => {
    await network.close();
    await block.close();
    pod.close();
  });

  function secret(name: string, data: Record<string, string>): void {
    const encoded = Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
    api.create('secrets', {
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type: 'kubernetes.io/tls' },
      data: Object.fromEntries(encoded) as Record<string, string>,
    });
  }

  /** What the pod saw of the scheme, and whose certificate was shown. */
  async function ask(servername: string): Promise<{ proto: string; certificate: string | undefined }> {
    const address = await eventually(
      'the ingress tells where',
      () => api.get(ingresses, namespace, 'web')?.metadata.annotations?.['plimsoll.dev/tls-address'],
    );
    const [host = '', port] = address.split(':');
    const options = { host, port, servername, rejectUnauthorized: false, agent: false } as const;
    return new Promise((resolve, reject) => {
      get(options, (response) => {
        const { socket } = response;
        const shown = socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.toString() : undefined;
        const [certificate] = Object.entries(certificates).find(([, { cert }]) => cert === shown) ?? [];
        text(response)
          .then((proto) => resolve({ proto, certificate }))
          .catch(reject);
      }).once('error', reject);
    });
  }

  it('refuses the handshake as long as no Secret has a certificate', async () => {
    const error = await ask('shop.test').catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(Error);
  });

  it('shows the certificate of the Secret that it names for the host, and tells the pod', async () => {
    secret('shop', { 'tls.crt': certificates.shop.cert, 'tls.key': certificates.shop.key });
    secret('any', { 'tls.crt': certificates.any.cert, 'tls.key': certificates.any.key });
    const rows = { 'shop.test': 'shop', 'one.any.test': 'any', 'one.two.any.test': 'shop', '': 'shop' };
    for (const [host, certificate] of Object.entries(rows)) {
      await eventually(`${host} has ${certificate}`, async () => {
        const seen = await ask(host);
        return seen.certificate === certificate && seen.proto === 'https';
      });
    }
    expect(logged).to.deep.equal([]);
  });

  it('goes on without a Secret that holds no certificate, and says so', async () => {
    secret('broken', { 'tls.crt': 'nothing' });
    await eventually('it is told', () =>
      logged.includes('network: ingress default/web: secret broken: it has no tls.key'),
    );
    expect(await ask('broken.test')).to.deep.equal({ proto: 'https', certificate: 'shop' });
  });

  it('tells no TLS address any more when it has no TLS', async () => {
    api.patch(ingresses, namespace, 'web', 'merge', { spec: { tls: null } });
    await eventually('the annotation is gone', () => {
      const { annotations = {} } = api.get(ingresses, namespace, 'web')?.metadata ?? {};
      return Object.keys(annotations).join() === 'plimsoll.dev/address';
    });
  });
});
