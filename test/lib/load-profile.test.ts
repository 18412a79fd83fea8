import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Profile,
  profileDurationMs,
  ramp,
  rampProfile,
  type Segment,
  segmentPeak,
  segmentRate,
  steady as steadily,
} from '../../src/lib/load-profile.ts';
import { arrivalTimes, RateCurve, totalArrivals } from '../../src/lib/load-profile-curve.ts';
import { seededRandom } from '../../src/lib/random.ts';

const profileOf = (...segments: Segment[]): Profile => ({ segments, arrivals: 'constant' });
const steady = profileOf(steadily(10, 1000));
const idleRampPeakQuiet = profileOf(
  steadily(2, 10_000),
  ramp(2, 45, 20_000),
  steadily(45, 30_000),
  ramp(45, 2, 0),
  steadily(2, 15_000),
);
const rateAt = (profile: Profile, atMs: number): number => new RateCurve(profile).rateAt(atMs);
const arrivalsBy = (profile: Profile, atMs: number): number => new RateCurve(profile).arrivalsBy(atMs);

describe('load profile', () => {
  it('spaces the requests of a steady rate evenly, none at the very edges', () => {
    expect([...arrivalTimes(steady)]).to.deep.equal([50, 150, 250, 350, 450, 550, 650, 750, 850, 950]);
  });

  it('has the area under the rate as its number of requests', () => {
    const area = 2 * 10 + ((2 + 45) / 2) * 20 + 45 * 30 + 2 * 15;
    expect(totalArrivals(idleRampPeakQuiet)).to.equal(area);
    expect([...arrivalTimes(idleRampPeakQuiet)]).to.have.length(area);
    expect(profileDurationMs(idleRampPeakQuiet)).to.equal(75_000);
  });

  it('puts as many requests into each stretch as its rate asks for', () => {
    const times = [...arrivalTimes(idleRampPeakQuiet)];
    const between = (fromMs: number, toMs: number): number =>
      times.filter((time) => time >= fromMs && time < toMs).length;
    expect(between(0, 10_000)).to.equal(20);
    expect(between(10_000, 20_000)).to.be.within(127, 128);
    expect(between(20_000, 30_000)).to.be.within(342, 343);
    expect(between(30_000, 60_000)).to.equal(1350);
    expect(between(60_000, 75_000)).to.equal(30);
  });

  const rates: Record<string, [atMs: number, perSecond: number]> = {
    'before the start is 0': [-1, 0],
    'at the start is that of the first segment': [0, 2],
    'half way up a ramp is half way between its ends': [20_000, 23.5],
    'at a step is the rate after it': [60_000, 2],
    'at the end is 0': [75_000, 0],
  };
  for (const [sentence, [atMs, perSecond]] of Object.entries(rates)) {
    it(`has a rate that ${sentence}`, () => expect(rateAt(idleRampPeakQuiet, atMs)).to.equal(perSecond));
  }

  it('counts what was asked for so far in closed form', () => {
    expect(arrivalsBy(idleRampPeakQuiet, 5000)).to.equal(10);
    expect(arrivalsBy(idleRampPeakQuiet, 20_000)).to.be.closeTo(20 + ((2 + 23.5) / 2) * 10, 1e-9);
    expect(arrivalsBy(idleRampPeakQuiet, 1e9)).to.equal(totalArrivals(idleRampPeakQuiet));
  });

  it('ramps from 0 within the duration', () => {
    const profile = rampProfile({ ratePerSecond: 100, durationMs: 30_000, rampMs: 10_000 });
    expect(profileDurationMs(profile)).to.equal(30_000);
    expect(totalArrivals(profile)).to.equal(500 + 2000);
    expect(rateAt(profile, 5000)).to.equal(50);
    expect(rateAt(profile, 10_000)).to.equal(100);
  });

  it('has no ramp when none was asked for, and an unfinished one when it is longer than the run', () => {
    const none = rampProfile({ ratePerSecond: 100, durationMs: 1000, rampMs: 0 });
    expect(none.segments).to.deep.equal([steadily(100, 1000)]);
    const cut = rampProfile({ ratePerSecond: 100, durationMs: 1000, rampMs: 4000 });
    expect(cut.segments).to.deep.equal([ramp(0, 25, 1000)]);
  });

  const rate = fc.integer({ min: 0, max: 500 });
  const durationMs = fc.integer({ min: 0, max: 1000 });
  const linear = fc.record({
    type: fc.constant('linear' as const),
    durationMs,
    fromPerSecond: rate,
    toPerSecond: rate,
  });
  const sine = fc.record({
    type: fc.constant('sine' as const),
    durationMs,
    lowPerSecond: rate,
    highPerSecond: rate,
    periodMs: fc.integer({ min: 10, max: 2000 }),
  });
  const anyProfile = fc
    .array(fc.oneof(linear, sine), { minLength: 1, maxLength: 5 })
    .map((segments) => profileOf(...segments));

  it('starts request k where the area under the rate is k + 1/2, in order and inside the profile', () => {
    fc.assert(
      fc.property(anyProfile, (profile) => {
        const curve = new RateCurve(profile);
        const times = [...arrivalTimes(profile)];
        expect(times).to.have.length(totalArrivals(profile));
        times.forEach((time, index) => {
          expect(time).to.be.within(times[index - 1] ?? 0, profileDurationMs(profile));
          expect(curve.arrivalsBy(time)).to.be.closeTo(index + 0.5, 1e-6);
        });
      }),
    );
  });

  it('has the same area as adding up the rate in small steps, also of a sine', () => {
    fc.assert(
      fc.property(anyProfile, (profile) => {
        const curve = new RateCurve(profile);
        let area = 0;
        for (const segment of profile.segments) {
          const stepMs = segment.durationMs / 1000;
          for (let step = 0; step < 1000; step += 1)
            area += (segmentRate(segment, (step + 0.5) * stepMs) * stepMs) / 1000;
        }
        expect(curve.area).to.be.closeTo(area, 0.01 + area * 0.001);
      }),
      { numRuns: 30 },
    );
  });

  it('swings from the low rate to the high one and back in each period', () => {
    const profile = profileOf({
      type: 'sine',
      durationMs: 4000,
      lowPerSecond: 10,
      highPerSecond: 30,
      periodMs: 2000,
    });
    const at = [0, 500, 1000, 1500, 2000, 3000].map((ms) => Math.round(rateAt(profile, ms) * 1e6) / 1e6);
    expect(at).to.deep.equal([10, 20, 30, 20, 10, 30]);
    expect(new RateCurve(profile).area).to.be.closeTo(80, 1e-9);
    expect(new RateCurve(profile).peakPerSecond).to.equal(30);
    expect(
      segmentPeak({ type: 'sine', durationMs: 500, lowPerSecond: 10, highPerSecond: 30, periodMs: 2000 }),
    ).to.equal(20);
  });

  it('has the peak at the start where a wave begins at its higher rate', () => {
    const falling = { type: 'sine', lowPerSecond: 400, highPerSecond: 50, periodMs: 2000 } as const;
    for (const durationMs of [300, 1000, 4000]) expect(segmentPeak({ ...falling, durationMs })).to.equal(400);
  });

  describe('with Poisson arrivals', () => {
    const poisson: Profile = {
      segments: [steadily(100, 50_000), ramp(100, 500, 50_000)],
      arrivals: 'poisson',
    };
    const times = [...arrivalTimes(poisson, seededRandom(7))];

    it('has the rate that it asks for, within what chance allows', () => {
      const expected = new RateCurve(poisson).area;
      expect(times.length).to.be.within(
        expected - 4 * Math.sqrt(expected),
        expected + 4 * Math.sqrt(expected),
      );
      const early = times.filter((time) => time < 50_000).length;
      expect(early).to.be.within(5000 - 4 * Math.sqrt(5000), 5000 + 4 * Math.sqrt(5000));
    });

    it('has as much variance as mean, which even arrivals have not', () => {
      const dispersion = (all: readonly number[]): number => {
        const slots = Array.from({ length: 500 }, () => 0);
        for (const time of all.filter((one) => one < 50_000)) slots[Math.floor(time / 100)]! += 1;
        const mean = slots.reduce((sum, count) => sum + count, 0) / slots.length;
        return slots.reduce((sum, count) => sum + (count - mean) ** 2, 0) / slots.length / mean;
      };
      expect(dispersion(times)).to.be.within(0.75, 1.3);
      expect(dispersion([...arrivalTimes({ ...poisson, arrivals: 'constant' })])).to.be.below(0.05);
    });

    it('is the same for the same seed, and another for another', () => {
      expect([...arrivalTimes(poisson, seededRandom(7))]).to.deep.equal(times);
      expect([...arrivalTimes(poisson, seededRandom(8))].slice(0, 10)).not.to.deep.equal(times.slice(0, 10));
    });

    it('comes in order and inside the profile', () => {
      times.forEach((time, index) => expect(time).to.be.within(times[index - 1] ?? 0, 100_000));
    });
  });
});
