import { createServer } from 'node:net';

import { expect } from 'chai';

import { claimAddressBlock, freePort, tryListen } from '../../../src/devcluster/network/loopback.ts';
import type { AddressBlock } from '../../../src/devcluster/network/loopback.ts';

/** Not that of pods or services, so that no other cluster on the machine is in the way. */
const secondOctet = 111;

describe('a block of loopback addresses', () => {
  let block: AddressBlock;

  beforeEach(async function () {
    block = await claimAddressBlock({ secondOctet });
    if (block.isShared) this.skip();
  });
  afterEach(() => block.close());

  it('gives addresses that can be listened on, each once', async () => {
    const addresses = await Promise.all([block.take([8080]), block.take([8080]), block.take([])]);
    expect(new Set(addresses).size).to.equal(3);
    for (const address of addresses) {
      expect(block.network?.contains(address)).to.equal(true);
      const server = await tryListen(address, 8080);
      expect(server).to.be.an('object');
      if (typeof server !== 'string') server.close();
    }
  });

  it('passes over an address on which a port is taken', async () => {
    const next = block.network?.address(1) ?? '';
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(8080, next, resolve));
    expect(await block.take([8080])).to.equal(block.network?.address(2));
    server.close();
  });

  it('goes round before it gives a released address again', async () => {
    const first = await block.take([]);
    block.release(first);
    expect(await block.take([])).to.not.equal(first);
  });

  it('is not the block of another cluster on this machine', async () => {
    const other = await claimAddressBlock({ secondOctet });
    expect(other.network?.range).to.not.equal(block.network?.range);
    expect(block.network?.contains(other.network?.address(1) ?? '')).to.equal(false);
    await other.close();
  });

  it('knows its range', () => {
    const { network } = block;
    for (const outside of ['127.0.0.1', '10.96.0.1', 'None', ''])
      expect(network?.contains(outside)).to.equal(false);
    expect(network?.contains(network.address(network.size))).to.equal(true);
    expect(network?.contains(network.address(network.size + 1))).to.equal(false);
  });

  it('says so when all blocks are taken', async () => {
    const others: AddressBlock[] = [];
    try {
      const error = await (async () => {
        for (;;) others.push(await claimAddressBlock({ secondOctet }));
      })().catch((caught: unknown) => caught);
      expect(error)
        .to.have.property('message')
        .that.matches(/^All 16 address blocks of 127\.111\.0\.0\/16 are taken/);
      expect(error).to.have.property('exitCode', 2);
    } finally {
      await Promise.all(others.map((other) => other.close()));
    }
  });
});

describe('the shared address', () => {
  it('is given to everybody, and has no network of its own', async () => {
    const block = await claimAddressBlock({ secondOctet, singleAddress: true });
    expect([await block.take([8080]), await block.take([8080])]).to.deep.equal(['127.0.0.1', '127.0.0.1']);
    expect(block.network).to.equal(undefined);
    await block.close();
  });

  it('has free ports', async () => {
    const port = await freePort();
    const server = await tryListen('127.0.0.1', port);
    expect(server).to.be.an('object');
    if (typeof server !== 'string') server.close();
  });
});
