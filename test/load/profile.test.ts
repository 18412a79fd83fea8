import { expect } from 'chai';
import fc from 'fast-check';
import {
  arrivalsBy,
  arrivalTimes,
  profileDurationMs,
  rampProfile,
  rateAt,
  totalArrivals,
  type Profile,
} from '../../src/load/profile.ts';

const steady: Profile = { segments: [{ durationMs: 1000, fromPerSecond: 10, toPerSecond: 10 }] };
const idleRampPeakQuiet: Profile = {
  segments: [
    { durationMs: 10_000, fromPerSecond: 2, toPerSecond: 2 },
    { durationMs: 20_000, fromPerSecond: 2, toPerSecond: 45 },
    { durationMs: 30_000, fromPerSecond: 45, toPerSecond: 45 },
    { durationMs: 0, fromPerSecond: 45, toPerSecond: 2 },
    { durationMs: 15_000, fromPerSecond: 2, toPerSecond: 2 },
  ],
};

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
    expect(none.segments).to.deep.equal([{ durationMs: 1000, fromPerSecond: 100, toPerSecond: 100 }]);
    const cut = rampProfile({ ratePerSecond: 100, durationMs: 1000, rampMs: 4000 });
    expect(cut.segments).to.deep.equal([{ durationMs: 1000, fromPerSecond: 0, toPerSecond: 25 }]);
  });

  const segment = fc.record({
    durationMs: fc.integer({ min: 0, max: 1000 }),
    fromPerSecond: fc.integer({ min: 0, max: 500 }),
    toPerSecond: fc.integer({ min: 0, max: 500 }),
  });
  const anyProfile = fc.array(segment, { minLength: 1, maxLength: 5 }).map((segments) => ({ segments }));

  it('starts request k where the area under the rate is k + 1/2, in order and inside the profile', () => {
    fc.assert(
      fc.property(anyProfile, (profile) => {
        const times = [...arrivalTimes(profile)];
        expect(times).to.have.length(totalArrivals(profile));
        times.forEach((time, index) => {
          expect(time).to.be.within(times[index - 1] ?? 0, profileDurationMs(profile));
          expect(arrivalsBy(profile, time)).to.be.closeTo(index + 0.5, 1e-6);
        });
      }),
    );
  });
});
