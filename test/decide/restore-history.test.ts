import { expect } from 'chai';
import type { History } from '../../src/decide/history.ts';
import { restoreHistory } from '../../src/decide/restore-history.ts';
import type { Restoration, StoredHistory } from '../../src/decide/restore-history.ts';
import * as given from './builders.ts';

const { now, seconds, minutes } = given;

const known: Restoration = {
  windows: {
    scaleUpMs: 0,
    scaleDownMs: 5 * minutes,
    scaleUpPeriodMs: 60 * seconds,
    scaleDownPeriodMs: 60 * seconds,
  },
  currentReplicas: 5,
  nowMs: now,
  lagMs: 75 * seconds,
};

const at = (secondsAgo: number, replicas: number) => ({ atMs: now - secondsAgo * seconds, replicas });
const stored = (secondsAgo: number, changes: Partial<History> = {}): StoredHistory => ({
  asOfMs: now - secondsAgo * seconds,
  history: given.history(changes),
});

describe('restoreHistory', () => {
  it('takes the last recommendation to have held until the last operator must have stopped', () => {
    const recommendations = [at(140, 9), at(100, 3)];
    const restored = restoreHistory(stored(100, { recommendations }), known);
    expect(restored.recommendations).to.deep.equal([...recommendations, at(25, 3)]);
  });

  it('finds the last recommendation by its time, not by its place', () => {
    const recommendations = [at(100, 3), at(140, 9), at(120, 6)];
    const restored = restoreHistory(stored(100, { recommendations }), known);
    expect(restored.recommendations.at(-1)).to.deep.equal(at(25, 3));
  });

  it('takes the highest of several last recommendations, as that is the one that holds a scale-down', () => {
    const recommendations = [at(100, 9), at(100, 3)];
    const restored = restoreHistory(stored(100, { recommendations }), known);
    expect(restored.recommendations.at(-1)).to.deep.equal(at(25, 9));
  });

  it('goes no further than now', () => {
    const recommendations = [at(140, 9), at(20, 3)];
    const restored = restoreHistory(stored(20, { recommendations }), known);
    expect(restored.recommendations).to.deep.equal([...recommendations, at(0, 3)]);
  });

  it('adds none where there was none', () => {
    expect(restoreHistory(stored(20), known).recommendations).to.deep.equal([]);
  });

  const latestOf = (secondsAgo: number, changes: Partial<Restoration> = {}) =>
    restoreHistory(stored(secondsAgo, { recommendations: [at(secondsAgo, 3)] }), {
      ...known,
      ...changes,
    }).recommendations.at(-1);

  it('counts the present count as recommended now where nobody looked for too long', () => {
    expect(latestOf(75 + 119)).to.deep.equal(at(119, 3));
    expect(latestOf(75 + 120)).to.deep.equal(at(0, 5));
  });

  it('does so sooner where the window is shorter than that', () => {
    const windows = { ...known.windows, scaleDownMs: 30 * seconds };
    expect(latestOf(75 + 29, { windows })).to.deep.equal(at(29, 3));
    expect(latestOf(75 + 30, { windows })).to.deep.equal(at(0, 5));
  });

  it('counts the last recommendation instead where that was higher, so that a scale-up is not held back', () => {
    expect(latestOf(75 + 120, { currentReplicas: 2 })).to.deep.equal(at(0, 3));
    expect(latestOf(300, { currentReplicas: 2 })).to.deep.equal(at(0, 3));
    expect(latestOf(301, { currentReplicas: 2 })).to.deep.equal(at(0, 2));
    expect(latestOf(400, { currentReplicas: 2 })).to.deep.equal(at(0, 2));
  });

  it('relies on the present count where a part was damaged', () => {
    const damaged = { ...stored(20, { recommendations: [at(20, 3)] }), damaged: true } as const;
    expect(restoreHistory(damaged, known).recommendations).to.deep.equal([at(20, 3), at(0, 5)]);
  });

  it('takes times ahead of its own clock as now', () => {
    const ahead = { atMs: now + 60 * minutes, change: 2, outdated: false };
    const restored = restoreHistory(
      stored(-3600, { recommendations: [at(-3600, 9)], scaleUps: [ahead], scaleDowns: [ahead] }),
      known,
    );
    expect(restored).to.deep.equal({
      recommendations: [at(0, 9)],
      scaleUps: [{ ...ahead, atMs: now }],
      scaleDowns: [{ ...ahead, atMs: now }],
    });
  });

  it('counts a scale-down that was not recorded any more', () => {
    const { scaleDowns } = restoreHistory(stored(100), { ...known, expectedReplicas: 8 });
    expect(scaleDowns).to.deep.equal([{ atMs: now - 25 * seconds, change: 3, outdated: false }]);
    expect(restoreHistory(stored(100), { ...known, expectedReplicas: 4 }).scaleDowns).to.deep.equal([]);
  });

  it('counts it where the policies of only one direction look back', () => {
    for (const periods of [{ scaleUpPeriodMs: 0 }, { scaleDownPeriodMs: 0 }]) {
      const windows = { ...known.windows, ...periods };
      const { scaleDowns } = restoreHistory(stored(100), { ...known, windows, expectedReplicas: 8 });
      expect(scaleDowns, JSON.stringify(periods)).to.have.length(1);
    }
  });

  it('counts none where no policy does', () => {
    const windows = { ...known.windows, scaleUpPeriodMs: 0, scaleDownPeriodMs: 0 };
    const { scaleDowns } = restoreHistory(stored(100), { ...known, windows, expectedReplicas: 8 });
    expect(scaleDowns).to.deep.equal([]);
  });
});
