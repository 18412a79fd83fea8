import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { rampProfile } from '../../src/lib/load-profile.ts';
import { arrivalTimes } from '../../src/lib/load-profile-curve.ts';
import { startEventLoopMeter } from '../../src/load/event-loop-meter.ts';
import { toSettings } from '../../src/load/load-options.ts';
import { LoadRun } from '../../src/load/load-run.ts';
import { parseTarget } from '../../src/load/target.ts';
import { openSocket } from '../../src/load/wire.ts';
import type { LoadResult } from '../../src/report/load-result.ts';
import { listenTcp } from './servers.ts';

const answer = 'HTTP/1.1 200 OK\r\nX-Pod-Name: a\r\nContent-Length: 0\r\n\r\n';
const profile = rampProfile({ ratePerSecond: 100, durationMs: 3000, rampMs: 0 });

/**
 * A whole run over real sockets against a server that notes when it writes each answer, on the clock of the run: what users would
 * have seen is known then, however slow the machine is. The nth answer is taken for the one to the nth request: among
 * requests that are under way together it does not matter which is which.
 */
async function measured(
  delayMs: (elapsedMs: number) => number,
  precise: boolean,
): Promise<{ result: LoadResult; truth: readonly number[] }> {
  const writtenAtMs: number[] = [];
  let [startMs, nowMs] = [0, 0];
  const server = await listenTcp((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', () => {
      setTimeout(
        () => {
          writtenAtMs.push(performance.now());
          socket.write(answer);
        },
        delayMs(performance.now() - startMs),
      );
    });
  });
  const now = (): number => (nowMs = performance.now());
  // The time that a run asks for just before it watches the event loop is its start.
  const watchEventLoop = (): ReturnType<typeof startEventLoopMeter> => {
    startMs = nowMs;
    return startEventLoopMeter();
  };
  const options = { url: server.url, profile, precise, connections: 200, rotation: { type: 'off' } } as const;
  const run = new LoadRun(toSettings(options), parseTarget(server.url), {
    signal: new AbortController().signal,
    now,
    sleep: async (ms) => (ms === 0 ? new Promise((resolve) => setImmediate(resolve)) : sleep(ms)),
    openWire: openSocket,
    watchEventLoop,
  });
  const result = await run.run();
  await server.close();
  const intended = [...arrivalTimes(profile)];
  return { result, truth: writtenAtMs.map((atMs, index) => atMs - startMs - intended[index]!) };
}

/** By nearest rank. */
function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]!;
}

const percents = { p50: 50, p90: 90, p99: 99 };

/**
 * Never less than the truth, as no answer is read before it is written; and no more than 2 % or 0.2 ms above it. Others on the machine
 * may keep this thread from reading what it has written: beyond the median, so much is allowed for as it was kept at most.
 */
function expectTrue(
  { latencyMs: reported, generator }: LoadResult,
  truth: readonly number[],
  names: (keyof typeof percents)[],
): void {
  for (const name of names) {
    const expected = percentile(truth, percents[name]);
    const keptMs = name === 'p50' ? 0 : (generator.eventLoopDelayMs?.max ?? 0);
    const tolerance = Math.max(0.2, expected * 0.02) + keptMs;
    expect(reported[name], `${name} of ${expected}`).to.be.within(
      expected * 0.998 - 0.2,
      expected + tolerance,
    );
  }
}

describe('latency over real sockets, beside what the server itself wrote down', () => {
  for (const precise of [true, false]) {
    const how = precise ? 'with' : 'without';

    it(`is the truth for a fixed 50 ms, ${how} precision`, async () => {
      const { result, truth } = await measured(() => 50, precise);
      expect(result.requests).to.deep.equal({ sent: 300, ok: 300, failed: 0, dropped: 0 });
      expect(truth).to.have.length(300);
      expectTrue(result, truth, ['p50', 'p90']);
    });

    it(`is the truth for a stall of 1 s, with all who came meanwhile, ${how} precision`, async () => {
      const stall = (elapsedMs: number): number =>
        elapsedMs >= 1000 && elapsedMs < 2000 ? 2000 - elapsedMs : 5;
      const { result, truth } = await measured(stall, precise);
      expect(result.requests.ok).to.equal(300);
      expect(percentile(truth, 90)).to.be.above(600);
      expectTrue(result, truth, ['p90', 'p99']);
    });
  }
});
