import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { hello, load, steady } from './running.ts';
import { listenHttp, listenTcp } from './servers.ts';

describe('connections of a load run', () => {
  it('leaves no port of its own in TIME_WAIT, however many connections it opens', async function () {
    if (!existsSync('/proc/net/tcp')) this.skip();
    const server = await listenHttp(hello);
    const result = await load(server, { profile: steady(200, 1000), rotation: { type: 'each' } });
    expect(result.connections.opened).to.equal(200);
    const port = Number(server.url.port).toString(16).toUpperCase().padStart(4, '0');
    const sockets = readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/));
    const ours = sockets.filter(([, , remote = '', state]) => remote.endsWith(`:${port}`) && state === '06');
    // The look whether anything is there, and those that the end of the run met while they were closed.
    expect(ours.length).to.be.at.most(5);
  });

  it('uses all connections in turn, the longest idle first', async () => {
    const perConnection: number[] = [];
    const server = await listenTcp((socket) => {
      const index = perConnection.push(0) - 1;
      socket.on('error', () => socket.destroy());
      socket.on('data', () => {
        perConnection[index]! += 1;
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      });
    });
    // The first connection is the look whether anything is there.
    const profile = steady(400, 500);
    const result = await load(server, { profile, connections: 20, rotation: { type: 'off' } });
    expect(result.requests.ok).to.equal(200);
    expect(perConnection).to.have.length(21);
    for (const requests of perConnection.slice(1)) expect(requests).to.be.within(5, 15);
  });

  it('replaces connections after so many requests, give or take half, and asks the server to close them', async () => {
    const requestsOn: number[] = [];
    const lastSays: string[] = [];
    const server = await listenTcp((socket) => {
      const index = requestsOn.push(0) - 1;
      socket.on('error', () => socket.destroy());
      socket.on('data', (data) => {
        requestsOn[index]! += 1;
        lastSays[index] = /Connection: (\S+)/.exec(data.toString())?.[1] ?? '';
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
        if (lastSays[index] === 'close') socket.end();
      });
    });
    const rotation = { type: 'requests', requests: 10 } as const;
    const result = await load(server, { profile: steady(200, 2000), connections: 10, rotation });
    expect(result.requests.ok).to.equal(400);
    expect(Math.max(...requestsOn)).to.be.within(5, 15);
    const closed = requestsOn.filter((_, index) => lastSays[index] === 'close');
    expect(closed.length).to.be.at.least(20);
    expect(Math.min(...closed)).to.be.at.least(5);
    expect(result.connections).to.deep.equal({ opened: requestsOn.length - 1, retried: 0 });
  });

  it('replaces connections by age unless told, so that all are new within 5 s at any rate', async () => {
    const openedAtMs: number[] = [];
    let oldestMs = 0;
    const server = await listenTcp((socket) => {
      const since = performance.now();
      openedAtMs.push(since);
      socket.on('error', () => socket.destroy());
      socket.on('data', () => {
        oldestMs = Math.max(oldestMs, performance.now() - since);
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      });
    });
    const result = await load(server, { profile: steady(50, 4000), connections: 5 });
    expect(result.requests.ok).to.equal(200);
    expect(result.connections.opened).to.be.at.least(6);
    expect(oldestMs).to.be.below(5000);
  });

  it('opens a connection for each request when told', async () => {
    const server = await listenHttp(hello);
    const result = await load(server, { profile: steady(100, 300), rotation: { type: 'each' } });
    expect(result.requests.ok).to.equal(30);
    expect(result.connections.opened).to.equal(30);
    expect(result.perPod['pod-a']).to.include({ requests: 30, connections: 30 });
  });

  it('keeps connections for the whole run when told', async () => {
    const server = await listenHttp(hello);
    const rotation = { type: 'off' } as const;
    const result = await load(server, { profile: steady(100, 1000), connections: 3, rotation });
    expect(result.requests.ok).to.equal(100);
    expect(result.connections).to.deep.equal({ opened: 3, retried: 0 });
  });

  it('ends connections itself when the server does not close them as asked', async () => {
    let resets = 0;
    const server = await listenTcp((socket) => {
      socket.on('error', () => {
        resets += 1;
        socket.destroy();
      });
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
    });
    // Each connection carries one request; the first is due at 167 ms, and reset a second after its answer.
    const rotation = { type: 'each' } as const;
    const result = await load(server, { profile: steady(3, 2000), connections: 10, rotation });
    expect(result.requests.ok).to.equal(6);
    expect(result.connections.opened).to.equal(6);
    expect(resets).to.be.at.least(1);
  });

  it('does not hammer a closed port in a closed loop', async () => {
    const server = await listenHttp((request, response) => {
      hello(request, response);
      void server.close();
    });
    const result = await load(server, { durationMs: 500, connections: 2 });
    expect(result.failures.connectionRefused).to.be.within(1, 2 * 500);
    expect(result.requests.sent).to.equal(result.requests.ok + result.requests.failed);
  });

  it('gives up an idle connection before the server does', async () => {
    let requests = 0;
    const server = await listenTcp((socket) => {
      socket.on('error', () => socket.destroy());
      socket.on('data', () => {
        requests += 1;
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nKeep-Alive: timeout=0\r\n\r\n');
      });
    });
    const result = await load(server, { profile: steady(100, 200), connections: 1 });
    expect(requests).to.equal(20);
    expect(result.connections).to.deep.equal({ opened: 20, retried: 0 });
  });
});
