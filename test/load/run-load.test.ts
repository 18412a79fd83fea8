import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { type Profile, ramp, rampProfile, steady as steadily } from '../../src/lib/load-profile.ts';
import { parseExpectation } from '../../src/load/expectations.ts';
import type { LoadOptions } from '../../src/load/load-options.ts';
import { loadExitCode, runLoad, type LoadDeps } from '../../src/load/run-load.ts';
import type { LoadProgress, LoadResult } from '../../src/report/load-result.ts';
import { loadResult } from '../report/samples.ts';
import { closedPortUrl, listenHttp, listenRaw, listenTcp, type TestServer } from './servers.ts';

const steady = (ratePerSecond: number, durationMs: number): Profile =>
  rampProfile({ ratePerSecond, durationMs, rampMs: 0 });

const never = new AbortController().signal;

/** Runs a load against a server and closes it. */
async function load(
  server: TestServer,
  options: Partial<LoadOptions>,
  deps: Partial<LoadDeps> = {},
): Promise<LoadResult> {
  try {
    return await runLoad({ url: server.url, ...options }, { signal: never, ...deps });
  } finally {
    await server.close();
  }
}

/** sent = ok + failed, and everything that the profile asked for is sent or dropped. */
function expectAccounted({ requests }: LoadResult, arrivals: number): void {
  expect(requests.ok + requests.failed).to.equal(requests.sent);
  expect(requests.sent + requests.dropped).to.equal(arrivals);
}

const hello: RequestListener = (_, response) => {
  response.setHeader('X-Pod-Name', 'pod-a').end('hello');
};

const verdict = (met: boolean | null) => ({ expect: 'p99<1s', met, actual: 1, words: 'it was 1 ms' });
const saturated = { ...loadResult().generator, saturated: true };
const noneOk = { sent: 5, ok: 0, failed: 5, dropped: 0 };

describe('load run', () => {
  it('sends as many requests as the profile asks for, each of which the server sees once', async () => {
    let seen = 0;
    const server = await listenHttp((request, response) => {
      seen += 1;
      hello(request, response);
    });
    const result = await load(server, {
      profile: rampProfile({ ratePerSecond: 300, durationMs: 1000, rampMs: 500 }),
    });
    expect(result.requests).to.deep.equal({ sent: 225, ok: 225, failed: 0, dropped: 0 });
    expect(seen).to.equal(225);
    expect(result.rate.offered).to.equal(225);
    expect(result.failures).to.deep.equal({});
    expect(loadExitCode(result)).to.equal(0);
  });

  it('keeps to its intended starts however slowly the server answers', async () => {
    const starts: number[] = [];
    const server = await listenHttp((_, response) => {
      starts.push(performance.now());
      setTimeout(() => response.end(), 300);
    });
    const result = await load(server, { profile: steady(50, 1000), connections: 50 });
    expect(result.requests).to.deep.equal({ sent: 50, ok: 50, failed: 0, dropped: 0 });
    // A closed loop of 50 connections would have sent all of them at once, one of 1 connection three of them.
    const spread = starts.at(-1)! - starts[0]!;
    expect(spread).to.be.at.least(0.98 * 1000 - 100);
    expect(result.serviceMs.p50).to.be.at.least(298);
  });

  it('counts the wait of requests that a stalled server keeps from being sent: latency, not service time', async () => {
    const server = await listenHttp((_, response) => {
      setTimeout(() => response.end(), 200);
    });
    const result = await load(server, { profile: steady(20, 500), connections: 1 });
    // One connection at 200 ms an answer: request k of 10 starts at 25 + 50 k, and ends after 200 (k + 1) at the earliest.
    expect(result.requests.ok).to.equal(10);
    expect(result.serviceMs.p50).to.be.at.least(198);
    expect(result.latencyMs.max).to.be.at.least(10 * 200 - 500);
    expect(result.latencyMs.p50).to.be.at.least(5 * 200 - 300);
    expect(result.connections.opened).to.be.at.most(11);
  });

  it('tells two kinds of answers apart: percentiles of a bimodal server', async () => {
    let count = 0;
    const server = await listenHttp((_, response) => {
      count += 1;
      if (count % 5 === 0) setTimeout(() => response.end(), 400);
      else response.end();
    });
    const result = await load(server, { profile: steady(200, 1000), connections: 200 });
    expect(result.latencyMs.p50).to.be.below(200);
    expect(result.latencyMs.p90).to.be.at.least(398);
    expect(result.latencyMs.p99).to.be.at.least(398);
  });

  it('tells of a server that stood still for a second what users who came in it saw', async () => {
    const startMs = performance.now();
    const answerAfter = (atMs: number): number => (atMs >= 800 && atMs < 1800 ? 1800 - atMs : 0);
    const server = await listenHttp((request, response) => {
      setTimeout(() => hello(request, response), answerAfter(performance.now() - startMs));
    });
    const rotation = { type: 'off' } as const;
    const result = await load(server, { profile: steady(200, 2500), connections: 20, rotation });
    expect(result.requests).to.deep.equal({ sent: 500, ok: 500, failed: 0, dropped: 0 });
    // Two in five came in that second, and of those one in ten waited for more than 900 ms. Only a slower machine has more.
    expect(result.latencyMs.p90).to.be.at.least(700);
    expect(result.latencyMs.p99).to.be.at.least(900);
    // Twenty were sent into it.
    expect(result.serviceMs.p50).to.be.below(result.latencyMs.p90!);
  });

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

  it('goes on when the process itself was held up, with the lateness in the latency and in the send lag', async () => {
    const server = await listenHttp(hello);
    let heldUp = false;
    const result = await load(
      server,
      { profile: steady(100, 1000), progressEveryMs: 300 },
      {
        onProgress: () => {
          const end = performance.now() + 200;
          while (!heldUp && performance.now() < end);
          heldUp = true;
        },
      },
    );
    expect(result.requests).to.deep.equal({ sent: 100, ok: 100, failed: 0, dropped: 0 });
    expect(result.sendLagMs.max).to.be.at.least(180);
    expect(result.latencyMs.max).to.be.at.least(180);
  });

  it('counts requests, connections and share for each pod, under the header that it is told', async () => {
    let connections = 0;
    const server = await listenTcp((socket) => {
      const pod = `pod-${connections % 2}`;
      connections += 1;
      socket.on('error', () => socket.destroy());
      socket.on('data', () =>
        socket.write(`HTTP/1.1 200 OK\r\nX-Instance: ${pod}\r\nContent-Length: 0\r\n\r\n`),
      );
    });
    const profile = steady(400, 500);
    const result = await load(server, { profile, connections: 4, podHeader: 'X-Instance' });
    const pods = Object.values(result.perPod);
    expect(Object.keys(result.perPod)).to.have.members(['pod-0', 'pod-1']);
    expect(pods.reduce((sum, pod) => sum + pod.requests, 0)).to.equal(200);
    expect(pods.reduce((sum, pod) => sum + pod.connections, 0)).to.equal(result.connections.opened);
    expect(pods.reduce((sum, pod) => sum + pod.share, 0)).to.be.closeTo(1, 1e-9);
    for (const pod of pods) expect(pod.firstResponseAtMs).to.be.within(0, 30_000);
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
    const result = await load(server, { profile: steady(50, 6000), connections: 5 });
    expect(result.requests.ok).to.equal(300);
    expect(result.connections.opened).to.be.at.least(8);
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

  it('sends the next request when the answer is there, without a rate: a closed loop', async () => {
    let open = 0;
    let most = 0;
    const server = await listenHttp((request, response) => {
      most = Math.max(most, (open += 1));
      response.on('finish', () => (open -= 1));
      hello(request, response);
    });
    const result = await load(server, { durationMs: 500, connections: 5 });
    expect(result.requests.ok).to.be.at.least(20);
    expect(result.requests).to.include({ failed: 0, dropped: 0, sent: result.requests.ok });
    expect(most).to.be.at.most(5);
    expect(result.run).to.include({ mode: 'closed', durationMs: 500 });
    expect(result.rate.offered).to.be.above(0);
    expect(loadExitCode(result)).to.equal(0);
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

  it('gives up a request that is not answered in time, and goes on', async () => {
    let count = 0;
    const server = await listenHttp((request, response) => {
      count += 1;
      if (count > 1) hello(request, response);
    });
    const result = await load(server, { profile: steady(50, 400), timeoutMs: 150 });
    expectAccounted(result, 20);
    expect(result.failures.timeout).to.be.at.least(1);
    expect(result.requests.ok).to.be.at.least(1);
  });

  it('drops arrivals that find all connections busy and the queue full', async () => {
    const server = await listenTcp((socket) => socket.on('error', () => socket.destroy()));
    const told: LoadProgress[] = [];
    const result = await load(
      server,
      { profile: steady(100, 200), connections: 1, maxQueued: 3, timeoutMs: 5000 },
      {
        signal: AbortSignal.timeout(1500),
        onProgress: (progress) => told.push(progress),
      },
    );
    expect(result.requests).to.deep.equal({ sent: 1, ok: 0, failed: 0, dropped: 16 });
    expect(told.at(-1)?.requests, 'the same in progress').to.deep.equal(result.requests);
    expect(loadExitCode(result)).to.equal(130);
  });

  it('drops arrivals that waited longer than the timeout', async () => {
    const server = await listenTcp((socket) => socket.on('error', () => socket.destroy()));
    const result = await load(server, { profile: steady(100, 100), connections: 1, timeoutMs: 300 });
    expectAccounted(result, 10);
    expect(result.failures.timeout).to.be.at.least(1);
    expect(result.requests.dropped).to.be.at.least(1);
    expect(result.requests.ok).to.equal(0);
  });

  it('ends when interrupted, with the result so far', async () => {
    const stop = new AbortController();
    const server = await listenHttp(hello);
    const result = await load(
      server,
      { profile: steady(100, 600_000), progressEveryMs: 100 },
      { signal: stop.signal, onProgress: ({ requests }) => requests.ok >= 20 && stop.abort() },
    );
    expect(result.requests.ok).to.be.at.least(20);
    expect(result.rate.offered).to.be.within(50, 110);
  });

  it('tells how it stands while it goes on', async () => {
    const told: LoadProgress[] = [];
    const server = await listenHttp(hello);
    const onProgress = (progress: LoadProgress): number => told.push(progress);
    const result = await load(server, { profile: steady(200, 1000), progressEveryMs: 200 }, { onProgress });
    expect(told.length).to.be.within(1, 5);
    expect(told.map(({ atMs }) => atMs)).to.deep.equal(
      told.map(({ atMs }) => atMs).toSorted((a, b) => a - b),
    );
    const last = told.at(-1)!;
    expect(last.durationMs).to.equal(1000);
    expect(last.requests.ok).to.be.at.most(result.requests.ok);
    expect(last.perPod['pod-a']?.share).to.equal(1);
  });

  it('follows a profile from idle over a peak to quiet in one run', async () => {
    const server = await listenHttp(hello);
    const segments = [steadily(0, 200), ramp(0, 200, 400), steadily(200, 400), steadily(0, 200)];
    const profile: Profile = { segments, arrivals: 'constant' };
    const result = await load(server, { profile });
    expect(result.requests).to.deep.equal({ sent: 120, ok: 120, failed: 0, dropped: 0 });
    expect(result.perPod['pod-a']?.firstResponseAtMs).to.be.at.least(200);
    expect(result.rate.offered).to.equal(100);
  });

  const impossible: Record<string, [options: Partial<LoadOptions>, message: RegExp]> = {
    'no connection': [{ connections: 0 }, /connections .* not 0/],
    'half a connection': [{ connections: 1.5 }, /connections .* not 1.5/],
    'no time for an answer': [{ timeoutMs: 0 }, /timeout .* not 0s/],
    'no duration': [{ profile: steady(10, 0) }, /duration .* not 0ms/],
    'a run without end': [{ profile: steady(10, Infinity) }, /duration .* not Infinityms/],
    'a negative rate': [{ profile: steady(-5, 100) }, /rate .* not -5/],
    'a remote target': [{ url: new URL('http://192.0.2.1/') }, /--allow-remote/],
  };
  for (const [sentence, [options, message]] of Object.entries(impossible)) {
    it(`refuses ${sentence} before it sends anything`, async () => {
      const server = await listenHttp(hello);
      const failed = load(server, { profile: steady(10, 100), ...options });
      const error: unknown = await failed.then(() => undefined, (reason: unknown) => reason); // prettier-ignore
      expect(error).to.include({ name: 'UserError', exitCode: 2 });
      expect(error).to.have.property('message').that.matches(message);
      expect(server.accepted()).to.equal(0);
    });
  }

  for (const [sentence, options] of Object.entries({
    'an expectation about replicas': { expectations: [parseExpectation('replicas.max<=6')] },
    'rotation when pods are added': { rotation: { type: 'on-scale' } },
  } satisfies Record<string, Partial<LoadOptions>>)) {
    it(`refuses ${sentence} when no cluster is watched`, async () => {
      const server = await listenHttp(hello);
      const failed = load(server, { profile: steady(10, 100), ...options });
      const error: unknown = await failed.then(() => undefined, (reason: unknown) => reason); // prettier-ignore
      expect(error).to.include({ name: 'UserError', exitCode: 2 });
      expect(error)
        .to.have.property('message')
        .that.matches(/this needs to watch the replicas in a cluster/);
    });
  }

  it('refuses to start when nothing listens, with what to do', async () => {
    const url = await closedPortUrl();
    const failed = runLoad({ url, profile: steady(10, 100) }, { signal: never });
    const error: unknown = await failed.then(() => undefined, (reason: unknown) => reason); // prettier-ignore
    expect(error).to.include({ name: 'UserError', exitCode: 2 });
    expect(error)
      .to.have.property('message')
      .that.matches(/connection refused; is the app running/);
  });

  it('counts refused connections when the server goes away during the run', async () => {
    const server = await listenHttp(hello);
    const onProgress = ({ requests }: LoadProgress): void => {
      if (requests.ok > 0) void server.close();
    };
    const profile = steady(100, 600);
    const result = await load(server, { profile, progressEveryMs: 100 }, { onProgress });
    expectAccounted(result, 60);
    expect(result.requests.ok).to.be.at.least(1);
    expect(result.failures.connectionRefused).to.be.at.least(1);
    expect(loadExitCode(result)).to.equal(0);
  });

  const exits: Record<string, [changes: Partial<LoadResult>, exitCode: number]> = {
    'all was met': [{ verdicts: [verdict(true), verdict(true)] }, 0],
    'one was not met': [{ verdicts: [verdict(true), verdict(false)] }, 1],
    'the generator was saturated, and so all is void': [
      { verdicts: [verdict(null)], generator: saturated },
      3,
    ],
    'the generator was saturated, but nothing was expected': [{ generator: saturated }, 0],
    'the expectation was met by failing': [{ verdicts: [verdict(true)], requests: noneOk }, 0],
    'none succeeded, and nothing was expected': [{ requests: noneOk }, 1],
    'it was interrupted, whatever else': [
      { interrupted: true, verdicts: [verdict(false)], generator: saturated },
      130,
    ],
  };
  for (const [sentence, [changes, exitCode]] of Object.entries(exits)) {
    it(`ends with ${exitCode} when ${sentence}`, () => {
      expect(loadExitCode(loadResult(changes))).to.equal(exitCode);
    });
  }
});
