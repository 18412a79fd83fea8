import { expect } from 'chai';
import { type Profile, rampProfile } from '../../src/lib/load-profile.ts';
import { arrivalTimes } from '../../src/lib/load-profile-curve.ts';
import { seededRandom } from '../../src/lib/random.ts';
import type { LoadOptions } from '../../src/load/load-options.ts';
import type { Percentiles } from '../../src/report/load-result.ts';
import { simulate } from './simulated.ts';

type Answer = (sentAtMs: number) => number;

/** Answers after so long. */
const fixed =
  (ms: number): Answer =>
  (sentAtMs) =>
    sentAtMs + ms;

/** Fast for most, slow in one of forty milliseconds: the schedule alone decides who is slow. */
const bimodal: Answer = (sentAtMs) => sentAtMs + (Math.floor(sentAtMs + 0.25) % 40 === 3 ? 250 : 20);

/** Does nothing from `fromMs` for a second, and then goes on with what came in the meantime. */
const stalling =
  (fromMs: number, answer: Answer): Answer =>
  (sentAtMs) =>
    sentAtMs >= fromMs && sentAtMs < fromMs + 1000 ? answer(fromMs + 1000) : answer(sentAtMs);

/**
 * What users who come by the schedule would see, computed without the generator: each takes the connection that is free
 * first, and waits for it if none is.
 */
function trueLatencies(profile: Profile, seed: number, connections: number, answer: Answer): number[] {
  const freeAt = Array.from({ length: connections }, () => 0);
  return [...arrivalTimes(profile, seededRandom(seed, 'arrivals'))].map((intendedMs) => {
    const first = freeAt.reduce((best, ms, index) => (ms < freeAt[best]! ? index : best), 0);
    const answeredMs = answer(Math.max(intendedMs, freeAt[first]!));
    freeAt[first] = answeredMs;
    return answeredMs - intendedMs;
  });
}

/** By nearest rank. */
function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]!;
}

/** Within 2 % or 0.2 ms, whichever is more. */
function expectClose(reported: Percentiles, truth: readonly number[]): void {
  const sorted = truth.toSorted((a, b) => a - b);
  for (const [name, percent] of Object.entries({ p50: 50, p90: 90, p99: 99, p999: 99.9, max: 100 })) {
    const expected = percentile(sorted, percent);
    const tolerance = Math.max(0.2, expected * 0.02);
    expect(reported[name as keyof Percentiles], `${name} of ${expected}`).to.be.closeTo(expected, tolerance);
  }
}

const steady = (ratePerSecond: number): Profile =>
  rampProfile({ ratePerSecond, durationMs: 10_000, rampMs: 0 });
const poisson = (ratePerSecond: number): Profile => ({ ...steady(ratePerSecond), arrivals: 'poisson' });

describe('latency of a server whose latency is known', () => {
  const cases: Record<string, [profile: Profile, connections: number, answer: Answer]> = {
    'a fixed 2 ms': [steady(500), 50, fixed(2)],
    'a fixed 80 ms, with arrivals by chance': [poisson(500), 200, fixed(80)],
    'two kinds of answers': [steady(500), 300, bimodal],
    'a stall of 1 s': [steady(500), 2000, stalling(4000, fixed(2))],
    'a stall of 1 s met by few connections, on which the others wait': [
      steady(500),
      20,
      stalling(4000, fixed(2)),
    ],
    'a stall among two kinds of answers, with arrivals by chance': [
      poisson(300),
      1000,
      stalling(5000, bimodal),
    ],
    'fewer connections than are needed: a queue that grows': [steady(110), 10, fixed(100)],
  };
  for (const [sentence, [profile, connections, answer]] of Object.entries(cases)) {
    it(`is reported within 2 % or 0.2 ms of the truth for ${sentence}`, async () => {
      const options: Omit<LoadOptions, 'url'> = {
        profile,
        connections,
        rotation: { type: 'off' },
        precise: true,
      };
      const result = await simulate({ answeredAtMs: answer }, options);
      const truth = trueLatencies(profile, 1, connections, answer);
      expect(result.requests).to.deep.equal({ sent: truth.length, ok: truth.length, failed: 0, dropped: 0 });
      expectClose(result.latencyMs, truth);
    });
  }

  it('counts the second in which nothing was answered for those who would have come in it, the service time does not', async () => {
    const options = { profile: steady(500), connections: 20, rotation: { type: 'off' } } as const;
    const { latencyMs, serviceMs } = await simulate({ answeredAtMs: stalling(4000, fixed(2)) }, options);
    // One in ten came in the stall, and of those one in ten waited for more than 900 ms.
    expect(latencyMs.p99).to.be.within(880, 920);
    expect(latencyMs.p90).to.be.above(2);
    expect(serviceMs.p99).to.be.below(3);
  });

  it('is later by the timer, a millisecond at most, without precision; the lag says so', async () => {
    const options = { profile: steady(500), connections: 50, rotation: { type: 'off' } } as const;
    const { latencyMs, serviceMs, sendLagMs } = await simulate({ answeredAtMs: fixed(80) }, options);
    expect(sendLagMs.max).to.be.within(0, 1.001);
    expect(latencyMs.max).to.be.within(80, 81.1);
    expect(serviceMs.p50).to.be.closeTo(80, 0.1);
  });

  it('is not mended by rotation: connections that are replaced lose no request', async () => {
    const options = {
      profile: steady(500),
      connections: 20,
      rotation: { type: 'age', ageMs: 500 },
      precise: true,
    } as const;
    const result = await simulate({ answeredAtMs: stalling(4000, fixed(2)) }, options);
    expect(result.requests).to.deep.equal({ sent: 5000, ok: 5000, failed: 0, dropped: 0 });
    expect(result.connections.opened).to.be.above(200);
    expectClose(result.latencyMs, trueLatencies(steady(500), 1, 20, stalling(4000, fixed(2))));
  });

  it('is caught up with on the same connections when the schedule has ended', async () => {
    const options = { profile: steady(110), connections: 10 } as const;
    const { connections, requests } = await simulate({ answeredAtMs: fixed(100) }, options);
    expect(requests.ok).to.equal(1100);
    // 11 s at 2.5 s each make some 50 of ten connections; there are 100 requests to catch up with at the end.
    expect(connections.opened).to.be.within(30, 80);
  });

  it('is as many requests as connections can carry in a closed loop', async () => {
    const result = await simulate(
      { answeredAtMs: fixed(20) },
      { durationMs: 2000, connections: 5, rotation: { type: 'off' } },
    );
    expect(result.requests).to.deep.equal({ sent: 500, ok: 500, failed: 0, dropped: 0 });
    expect(result.latencyMs.p50).to.be.closeTo(20, 0.1);
    expect(result.sendLagMs.p50).to.equal(null);
    expect(result.run).to.include({ mode: 'closed', profile: null });
    expect(result.connections.opened).to.equal(5);
  });
});
