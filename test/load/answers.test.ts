import { expect } from 'chai';
import { loadExitCode } from '../../src/load/run-load.ts';
import { expectAccounted, load, steady } from './running.ts';
import { listenHttp, listenRaw, listenTcp } from './servers.ts';

describe('answers to a load run', () => {
  const answers: Record<string, [answer: string, failure: string | undefined]> = {
    'a chunked body': [
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
      undefined,
    ],
    'no body at all': ['HTTP/1.1 204 No Content\r\n\r\n', undefined],
    'a redirect (not followed)': [
      'HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n',
      undefined,
    ],
    'status 404': ['HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno', 'status4xx'],
    'status 503': ['HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n', 'status5xx'],
    garbage: ['220 smtp.example ESMTP ready\r\n', 'malformedResponse'],
    'more than the one answer asked for': [
      'HTTP/1.1 204 X\r\n\r\nHTTP/1.1 204 X\r\n\r\n',
      'malformedResponse',
    ],
  };
  for (const [sentence, [answer, failure]] of Object.entries(answers)) {
    it(`takes ${sentence} for ${failure ?? 'a success'}`, async () => {
      const result = await load(await listenRaw(answer), { profile: steady(100, 200) });
      expectAccounted(result, 20);
      expect(result.failures).to.deep.equal(failure === undefined ? {} : { [failure]: 20 });
      expect(loadExitCode(result)).to.equal(failure === undefined ? 0 : 1);
    });
  }

  it('completes an answer without a length when the server closes', async () => {
    const server = await listenRaw('HTTP/1.1 200 OK\r\n\r\nall of it', (socket) => socket.end());
    const result = await load(server, { profile: steady(100, 200) });
    expect(result.requests).to.deep.equal({ sent: 20, ok: 20, failed: 0, dropped: 0 });
    expect(result.connections.opened).to.equal(20);
  });

  it('counts an answer that breaks off as closed early', async () => {
    const server = await listenRaw('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf', (socket) =>
      socket.end(),
    );
    const result = await load(server, { profile: steady(100, 200) });
    expectAccounted(result, 20);
    expect(result.failures).to.deep.equal({ closedEarly: 20 });
    expect(result.latencyMs.p50).to.equal(null);
  });

  it('counts a reset in the middle of an answer', async () => {
    const server = await listenRaw('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf', (socket) => {
      socket.resetAndDestroy();
    });
    const result = await load(server, { profile: steady(100, 200) });
    expectAccounted(result, 20);
    expect(Object.keys(result.failures)).to.have.length(1);
    expect(result.failures.connectionReset).to.equal(20);
  });

  it('asks for heads only, and expects no body after them', async () => {
    const methods = new Set<string | undefined>();
    const server = await listenHttp((request, response) => {
      methods.add(request.method);
      response.setHeader('Content-Length', 5).end();
    });
    const result = await load(server, {
      profile: steady(100, 200),
      request: { method: 'HEAD' },
      connections: 2,
    });
    expect(result.requests).to.deep.equal({ sent: 20, ok: 20, failed: 0, dropped: 0 });
    expect([...methods]).to.deep.equal(['HEAD']);
    expect(result.connections.opened).to.equal(2);
  });

  it('sends a body and headers with each request', async () => {
    const bodies: string[] = [];
    const server = await listenHttp((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        bodies.push(
          `${request.method} ${String(request.headers['x-kind'])} ${Buffer.concat(pieces).toString()}`,
        );
        response.statusCode = 201;
        response.end('made');
      });
    });
    const request = { body: Buffer.from('x'.repeat(100_000)), headers: ['X-Kind: large'] };
    const result = await load(server, { profile: steady(50, 200), request });
    expect(result.requests).to.deep.equal({ sent: 10, ok: 10, failed: 0, dropped: 0 });
    expect(new Set(bodies)).to.deep.equal(new Set([`POST large ${'x'.repeat(100_000)}`]));
  });

  it('does not send what is not idempotent twice: it counts the failure', async () => {
    let requests = 0;
    const server = await listenTcp((socket) => {
      let onThis = 0;
      socket.on('error', () => socket.destroy());
      socket.on('data', () => {
        requests += 1;
        onThis += 1;
        if (onThis === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
        else socket.end();
      });
    });
    const request = { method: 'POST' };
    const result = await load(server, { profile: steady(100, 400), connections: 2, request });
    expectAccounted(result, 40);
    expect(requests).to.equal(40);
    expect(result.failures.closedEarly).to.be.at.least(1);
    expect(result.connections.retried).to.equal(0);
  });

  it('passes over interim answers', async () => {
    const answer = 'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
    const result = await load(await listenRaw(answer), { profile: steady(100, 200) });
    expect(result.requests).to.deep.equal({ sent: 20, ok: 20, failed: 0, dropped: 0 });
  });

  it('sends a request again, once, when the kept connection was closed just as it was sent', async () => {
    let closedUnanswered = 0;
    const server = await listenTcp((socket) => {
      let requests = 0;
      socket.on('error', () => socket.destroy());
      socket.on('data', () => {
        requests += 1;
        if (requests === 1) {
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
        } else {
          closedUnanswered += 1;
          socket.end();
        }
      });
    });
    const result = await load(server, { profile: steady(100, 400), connections: 2 });
    expect(result.requests).to.deep.equal({ sent: 40, ok: 40, failed: 0, dropped: 0 });
    expect(closedUnanswered).to.be.at.least(1);
    expect(result.connections.retried).to.equal(closedUnanswered);
  });

  it('does not send a request again on a connection that never answered', async () => {
    let requests = 0;
    const server = await listenTcp((socket) => {
      socket.on('error', () => socket.destroy());
      socket.on('data', () => {
        requests += 1;
        socket.end();
      });
    });
    const result = await load(server, { profile: steady(100, 100) });
    expect(result.failures).to.deep.equal({ closedEarly: 10 });
    expect(requests).to.equal(10);
    expect(result.connections.retried).to.equal(0);
  });
});
