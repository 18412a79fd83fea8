import { expect } from 'chai';
import { type Profile, ramp, rampProfile, steady as steadily } from '../../src/lib/load-profile.ts';
import { parseExpectation } from '../../src/load/expectations.ts';
import type { LoadOptions } from '../../src/load/load-options.ts';
import { loadExitCode, runLoad } from '../../src/load/run-load.ts';
import type { LoadProgress, LoadResult } from '../../src/report/load-result.ts';
import { loadResult } from '../report/samples.ts';
import { expectAccounted, hello, load, steady } from './running.ts';
import { closedPortUrl, listenHttp, listenTcp } from './servers.ts';

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

  it('finds no p99 met where every second request is never answered', async () => {
    let count = 0;
    const server = await listenHttp((_, response) => {
      count += 1;
      if (count % 2 === 0) response.end();
    });
    const expectations = ['p99<10m', 'service.p99<10m', 'errors<60%'].map(parseExpectation);
    const options = { profile: steady(40, 500), timeoutMs: 400, maxLagMs: 3_600_000, expectations };
    const result = await load(server, options);
    expect(result.verdicts.map(({ met }) => met)).to.deep.equal([false, false, true]);
    expect(result.verdicts[0]?.words).to.match(
      /^\d+ requests had no answer, so that it was longer than any time$/,
    );
    expect(loadExitCode(result)).to.equal(1);
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
    const failed = runLoad({ url, profile: steady(10, 100) }, { signal: new AbortController().signal });
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
    'it was late all the time, and so one is void': [{ verdicts: [verdict(true), verdict(null)] }, 3],
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
