import { expect } from 'chai';

import { createClusterApi } from '../../../src/devcluster/apiserver/in-process.ts';
import { startRegistry } from '../../../src/devcluster/apiserver/start-registry.ts';
import type { ClusterApi } from '../../../src/devcluster/cluster-api.ts';
import { EndpointTable } from '../../../src/devcluster/network/endpoint-table.ts';
import { claimAddressBlock, tryListen } from '../../../src/devcluster/network/loopback.ts';
import type { AddressBlock } from '../../../src/devcluster/network/loopback.ts';
import { startServiceProxy } from '../../../src/devcluster/network/service-proxy.ts';
import type { ServiceProxy } from '../../../src/devcluster/network/service-proxy.ts';
import { eventually } from '../../support/wait.ts';

const namespace = 'default';

describe('the addresses of services', () => {
  let block: AddressBlock;
  let api: ClusterApi;
  let proxy: ServiceProxy;
  const logged: string[] = [];

  before(async function () {
    block = await claimAddressBlock({ secondOctet: 112 });
    const { network } = block;
    if (!network) {
      this.skip();
      return;
    }
    api = createClusterApi(await startRegistry({ serviceNetwork: network }));
    const isLocal = (clusterIP: string): boolean => network.contains(clusterIP);
    const endpoints = new EndpointTable(api);
    proxy = startServiceProxy({
      api,
      endpoints,
      log: (line) => logged.push(line),
      isLocal,
      balancers: block,
    });
  });
  after(async () => {
    await proxy.close();
    await block.close();
    expect(logged).to.deep.equal([]);
  });

  function create(
    name: string,
    clusterIP: string,
    ports: { name: string; port: number; protocol?: string }[],
  ): void {
    const spec = { clusterIP, ports, selector: { app: name } };
    api.create('services', { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec });
  }

  const addressOf = (name: string): Promise<string> =>
    eventually(`${name} has an address`, () => {
      return api.get('services', namespace, name)?.metadata.annotations?.['plimsoll.dev/address'];
    });

  const ip = (index: number): string => block.network?.address(index) ?? '';

  it('are the cluster IP and the ports in their order, TCP only', async () => {
    const dns = { name: 'dns', port: 5353, protocol: 'UDP' };
    create('two', ip(20), [{ name: 'b', port: 8081 }, dns, { name: 'a', port: 8080 }]);
    expect(await addressOf('two')).to.equal(`${ip(20)}:8081,${ip(20)}:8080`);
  });

  it('move to a free port where another program has the port', async () => {
    const squatter = await tryListen(ip(21), 8080);
    create('moved', ip(21), [{ name: 'http', port: 8080 }]);
    const [host, port] = (await addressOf('moved')).split(':');
    expect(host).to.equal(ip(21));
    expect(Number(port)).to.be.above(1023).and.not.equal(8080);
    if (typeof squatter !== 'string') squatter.close();
  });

  it('follow a change of ports', async () => {
    create('changing', ip(22), [{ name: 'http', port: 8080 }]);
    await addressOf('changing');
    api.patch('services', namespace, 'changing', 'merge', {
      spec: { ports: [{ name: 'http', port: 9090 }] },
    });
    await eventually('the new port is told', async () => (await addressOf('changing')) === `${ip(22)}:9090`);
    const again = await tryListen(ip(22), 8080);
    expect(again).to.be.an('object');
    if (typeof again !== 'string') again.close();
  });

  it('can be used again by the next service', async () => {
    create('first', ip(23), [{ name: 'http', port: 8080 }]);
    await addressOf('first');
    api.delete('services', namespace, 'first');
    create('second', ip(23), [{ name: 'http', port: 8080 }]);
    expect((await addressOf('second')).split(':')[0]).to.equal(ip(23));
  });
});
