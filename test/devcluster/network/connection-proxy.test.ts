import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

import { expect } from 'chai';

import { startConnectionProxy } from '../../../src/devcluster/network/connection-proxy.ts';
import type { Backend, ConnectionProxy } from '../../../src/devcluster/network/connection-proxy.ts';
import { freePort } from '../../../src/devcluster/network/loopback.ts';

const host = '127.0.0.1';

describe('the proxy of connections', () => {
  const servers: Server[] = [];
  const proxies: ConnectionProxy[] = [];

  afterEach(async () => {
    await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
    for (const server of servers.splice(0)) server.close();
  });

  async function backend(serve: (socket: Socket) => void): Promise<Backend> {
    const server = createServer({ allowHalfOpen: true }, serve);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    return { host, port: (server.address() as AddressInfo).port };
  }

  async function proxyTo(backends: () => readonly Backend[]): Promise<ConnectionProxy> {
    const proxy = await startConnectionProxy({ host, port: 0, backends });
    proxies.push(proxy);
    return proxy;
  }

  const named = (name: string): Promise<Backend> => backend((socket) => socket.end(name));

  /** Sends, ends, and reads until the other side ends. */
  function ask(port: number, text: string | Buffer = ''): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const socket = connect({ host, port, allowHalfOpen: true }, () => socket.end(text));
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.once('end', () => resolve(Buffer.concat(chunks)));
      socket.once('error', reject);
    });
  }

  it('brings a connection to a backend, chosen anew for each', async () => {
    const [a, b] = [await named('a'), await named('b')];
    let isA = false;
    const { port } = await proxyTo(() => ((isA = !isA) ? [a, b] : [b, a]));
    const answers = [await ask(port), await ask(port), await ask(port)];
    expect(answers.map(String)).to.deep.equal(['a', 'b', 'a']);
  });

  it('passes over a backend that refuses', async () => {
    const dead = { host, port: await freePort() };
    const alive = await named('alive');
    const { port } = await proxyTo(() => [dead, dead, alive]);
    expect(String(await ask(port))).to.equal('alive');
  });

  it('resets a connection that no backend takes', async () => {
    const dead = { host, port: await freePort() };
    const { port } = await proxyTo(() => [dead]);
    const none = await proxyTo(() => []);
    for (const at of [port, none.port]) {
      const error = await ask(at, 'hello').catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(Error);
    }
  });

  it('passes the end of one direction on and keeps the other open', async () => {
    const counting = await backend((socket) => {
      let bytes = 0;
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      socket.once('end', () => socket.end(`${bytes} bytes`));
    });
    const { port } = await proxyTo(() => [counting]);
    expect(String(await ask(port, Buffer.alloc(3_000_000)))).to.equal('3000000 bytes');
  });

  it('brings all of a large answer to a reader that starts late', async () => {
    const size = 8_000_000;
    const large = await backend((socket) => socket.end(Buffer.alloc(size, 'x')));
    const { port } = await proxyTo(() => [large]);
    const socket = connect({ host, port });
    // Nobody reads yet: the answer backs up to the backend.
    await new Promise((resolve) => socket.once('connect', resolve));
    await new Promise((resolve) => setImmediate(resolve));
    let bytes = 0;
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    await new Promise((resolve) => socket.once('end', resolve));
    expect(bytes).to.equal(size);
  });

  it('tells a client when its backend breaks off', async () => {
    const breaking = await backend((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const { port } = await proxyTo(() => [breaking]);
    const error = await new Promise((resolve) => {
      const socket = connect({ host, port }, () => socket.write('x'));
      socket.once('error', resolve);
    });
    expect(error).to.have.property('code', 'ECONNRESET');
  });

  it('tells a backend when its client breaks off', async () => {
    const told = new Promise((resolve) => {
      void backend((socket) => {
        socket.once('error', resolve);
        socket.once('close', resolve);
      }).then(async (open) => {
        const { port } = await proxyTo(() => [open]);
        const socket = connect({ host, port }, () => setTimeout(() => socket.resetAndDestroy(), 20));
      });
    });
    await told;
  });

  it('lets connections finish after it has stopped listening', async () => {
    const echo = await backend((socket) => socket.pipe(socket));
    const proxy = await proxyTo(() => [echo]);
    const socket = connect({ host, port: proxy.port });
    await new Promise((resolve) => {
      socket.once('data', resolve);
      socket.write('first');
    });
    const stopped = proxy.stopListening();
    const refused = await ask(proxy.port).catch((caught: unknown) => caught);
    expect(refused).to.have.property('code', 'ECONNREFUSED');
    const second = new Promise((resolve) => socket.once('data', resolve));
    socket.write('second');
    expect(String(await second)).to.equal('second');
    socket.end();
    await stopped;
  });

  it('says when a port is taken', async () => {
    const { port } = await proxyTo(() => []);
    const error = await startConnectionProxy({ host, port, backends: () => [] }).catch(
      (caught: unknown) => caught,
    );
    expect(error).to.have.property('code', 'EADDRINUSE');
  });
});
