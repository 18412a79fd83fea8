import { expect } from 'chai';
import fc from 'fast-check';
import { compactHistory, historyToKeep, historyWindows } from '../../src/decide/compact-history.ts';
import type { HistoryWindows } from '../../src/decide/compact-history.ts';
import type { Decision } from '../../src/decide/decision.ts';
import type { History } from '../../src/decide/history.ts';
import * as given from './builders.ts';
import { behavior, decideAt, history, later, policy, proposals, run } from './histories.ts';

const { now, seconds, minutes } = given;

const windows: HistoryWindows = {
  scaleUpMs: 5 * minutes,
  scaleDownMs: 5 * minutes,
  scaleUpPeriodMs: 60 * seconds,
  scaleDownPeriodMs: 60 * seconds,
};
const downOnly = { ...windows, scaleUpMs: 0 };
const upOnly = { ...windows, scaleDownMs: 0 };

type Entry = readonly [secondsAgo: number, figure: number];

const recommended = (...entries: readonly Entry[]): History =>
  given.history({
    recommendations: entries.map(([ago, replicas]) => ({ atMs: now - ago * seconds, replicas })),
  });

/** What each limiter did; which of several equal recommendations it names is of no matter. */
const steps = ({ trace }: Decision) =>
  trace.limiters.map(({ limiter, from, to, reason }) => ({ limiter, from, to, reason }));

const left = (from: History, by: HistoryWindows, bound?: number): Entry[] =>
  compactHistory(from, by, now, bound).recommendations.map(({ atMs, replicas }) => [
    (now - atMs) / seconds,
    replicas,
  ]);

describe('compactHistory', () => {
  const rows: Record<string, { of: Entry[]; by: HistoryWindows; left: Entry[] }> = {
    'a count that a later one reaches cannot hold back a scale-down': {
      of: [[60, 5], [45, 9], [30, 9], [15, 7], [0, 3]], // prettier-ignore
      by: downOnly,
      left: [[30, 9], [15, 7], [0, 3]], // prettier-ignore
    },
    'a count that a later one falls to cannot hold back a scale-up': {
      of: [[60, 5], [45, 2], [30, 2], [15, 4], [0, 9]], // prettier-ignore
      by: upOnly,
      left: [[30, 2], [15, 4], [0, 9]], // prettier-ignore
    },
    'both chains are kept where both directions are stabilized': {
      of: [[60, 5], [45, 9], [30, 2], [15, 6], [0, 5]], // prettier-ignore
      by: windows,
      left: [[45, 9], [30, 2], [15, 6], [0, 5]], // prettier-ignore
    },
    'what is older than the window is left out, its edge is in': {
      of: [[301, 9], [300, 8], [0, 3]], // prettier-ignore
      by: downOnly,
      left: [[300, 8], [0, 3]], // prettier-ignore
    },
    'the order of the list does not matter': {
      of: [[15, 7], [0, 3], [45, 9]], // prettier-ignore
      by: downOnly,
      left: [[45, 9], [15, 7], [0, 3]], // prettier-ignore
    },
    'of several at the same time the extremes are kept': {
      of: [[0, 3], [0, 5], [0, 4]], // prettier-ignore
      by: windows,
      left: [[0, 5], [0, 3]], // prettier-ignore
    },
    'of several at the same time the extremes are kept, whichever came first': {
      of: [[0, 4], [0, 3], [0, 5]], // prettier-ignore
      by: windows,
      left: [[0, 5], [0, 3]], // prettier-ignore
    },
    'nothing is left of nothing': { of: [], by: windows, left: [] },
  };
  for (const [title, row] of Object.entries(rows)) {
    it(title, () => {
      expect(left(recommended(...row.of), row.by)).to.deep.equal(row.left);
    });
  }

  it('draws a long chain together so that a scale-down comes later, never earlier', () => {
    const falling = recommended(
      ...Array.from({ length: 8 }, (_, index): Entry => [70 - 10 * index, 80 - 10 * index]),
    );
    expect(left(falling, downOnly, 2)).to.deep.equal([
      [40, 80],
      [0, 40],
    ]);
  });

  it('draws a long chain together so that a scale-up comes later', () => {
    const rising = recommended(
      ...Array.from({ length: 8 }, (_, index): Entry => [70 - 10 * index, 10 + 10 * index]),
    );
    expect(left(rising, upOnly, 2)).to.deep.equal([
      [40, 10],
      [0, 80],
      [0, 50],
    ]);
  });

  it('leaves a chain that is just short enough as it is, however uneven in time', () => {
    const entries: Entry[] = [[60, 9], [1, 5], [0, 3]]; // prettier-ignore
    expect(left(recommended(...entries), downOnly, 3)).to.deep.equal(entries);
  });

  const events = (...entries: readonly Entry[]) =>
    entries.map(([ago, change]) => ({ atMs: now - ago * seconds, change, outdated: false }));

  it('keeps the scale events that a policy still counts', () => {
    const scaled = given.history({
      scaleUps: events([61, 1], [60, 2], [59, 3]),
      scaleDowns: events([90, 4], [10, 5]),
    });
    const compact = compactHistory(scaled, windows, now);
    expect(compact.scaleUps).to.deep.equal(events([59, 3]));
    expect(compact.scaleDowns).to.deep.equal(events([10, 5]));
  });

  it('leaves every event in its place where the other direction looks back further', () => {
    const scaleUps = events([45, 1], [300, 2], [30, 3]);
    const compact = compactHistory(
      given.history({ scaleUps }),
      { ...windows, scaleUpPeriodMs: 40 * seconds },
      now,
    );
    expect(compact.scaleUps).to.deep.equal(scaleUps);
  });

  it('does so up to the bound; of more, only those that count are left, drawn together', () => {
    const by = { ...windows, scaleUpPeriodMs: 40 * seconds };
    const compact = (scaleUps: ReturnType<typeof events>) =>
      compactHistory(given.history({ scaleUps }), by, now, 3).scaleUps;
    const three = events([45, 1], [300, 2], [30, 3]);
    expect(compact(three)).to.deep.equal(three);
    expect(compact([...three, ...events([15, 4])])).to.deep.equal(events([45, 1], [30, 3], [15, 4]));
    expect(compact(events([40, 1], [30, 2], [20, 3], [10, 4]))).to.have.length(3);
  });

  it('leaves events that count in their order, up to the bound', () => {
    const scaleUps = events([10, 1], [30, 2]);
    const { scaleUps: kept } = compactHistory(
      given.history({ scaleUps: [...scaleUps, ...events([61, 3])] }),
      windows,
      now,
      2,
    );
    expect(kept).to.deep.equal(scaleUps);
  });

  it('draws events together by their times, not by their places', () => {
    const mixed = events([10, 4], [40, 1], [20, 3], [30, 2]);
    const compact = compactHistory(given.history({ scaleUps: mixed, scaleDowns: mixed }), windows, now, 2);
    expect(compact.scaleUps).to.deep.equal(events([40, 3], [20, 7]));
    expect(compact.scaleDowns).to.deep.equal(events([30, 3], [10, 7]));
  });

  it('draws events together so that less may be removed, never more', () => {
    const four = events([40, 1], [30, 2], [20, 3], [10, 4]);
    const compact = compactHistory(given.history({ scaleUps: four, scaleDowns: four }), windows, now, 2);
    expect(compact.scaleUps).to.deep.equal(events([40, 3], [20, 7]));
    expect(compact.scaleDowns).to.deep.equal(events([30, 3], [10, 7]));
  });

  it('decides at any later time as the whole history does', () => {
    fc.assert(
      fc.property(policy, history, proposals, later, (on, past, [proposal], afterMs) => {
        const compact = compactHistory(past, historyWindows(on, given.options), now, Infinity);
        const at = { nowMs: now + afterMs, replicas: 10, proposal };
        const whole = decideAt(on, past, at);
        const decision = decideAt(on, compact, at);
        expect(decision.desiredReplicas).to.equal(whole.desiredReplicas);
        expect(decision.conditions).to.deep.equal(whole.conditions);
        expect(steps(decision)).to.deep.equal(steps(whole));
      }),
      { numRuns: 1000 },
    );
  });

  it('is as good as the whole history for all that follows, however often it is made compact', () => {
    fc.assert(
      fc.property(policy, proposals, proposals, (on, before, after) => {
        const at = run(on, { nowMs: now, replicas: 5, history: undefined }, before);
        const compacting = (past: History, nowMs: number): History =>
          compactHistory(past, historyWindows(on, given.options), nowMs, Infinity);
        const whole = run(on, at, after);
        expect(run(on, at, after, compacting).replicas).to.equal(whole.replicas);
        expect(run(on, at, after, compacting).counts).to.deep.equal(whole.counts);
      }),
      { numRuns: 300 },
    );
  });

  it('never scales down earlier, nor further, for being bounded', () => {
    const bound = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(policy, history, proposals, later, bound, (on, past, [proposal], afterMs, most) => {
        const compact = compactHistory(past, historyWindows(on, given.options), now, most);
        const at = { nowMs: now + afterMs, replicas: 10, proposal };
        const { desiredReplicas } = decideAt(on, compact, at);
        expect(desiredReplicas).to.be.at.least(Math.min(10, decideAt(on, past, at).desiredReplicas));
        expect(compact.recommendations).to.have.length.at.most(2 * most);
      }),
      { numRuns: 1000 },
    );
  });

  it('fits the bounds of the schema, however long and varied the windows', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3600), fc.nat(1000)), { maxLength: 400 }), (entries) => {
        const long = given.behavior(
          { stabilizationWindowSeconds: 3600, policies: [{ type: 'Pods', value: 1, periodSeconds: 1800 }] },
          { stabilizationWindowSeconds: 3600, policies: [{ type: 'Pods', value: 1, periodSeconds: 1800 }] },
        );
        const past = {
          ...recommended(...entries),
          scaleUps: events(...entries),
          scaleDowns: events(...entries),
        };
        const compact = compactHistory(past, historyWindows({ behavior: long }, given.options), now);
        expect(compact.recommendations).to.have.length.at.most(60);
        expect(compact.scaleUps).to.have.length.at.most(30);
        expect(compact.scaleDowns).to.have.length.at.most(30);
      }),
    );
  });
});

describe('historyWindows', () => {
  it('has only the window of the flag without a behavior', () => {
    expect(historyWindows({}, given.options)).to.deep.equal({
      scaleUpMs: 0,
      scaleDownMs: 5 * minutes,
      scaleUpPeriodMs: 0,
      scaleDownPeriodMs: 0,
    });
  });

  it('takes windows and longest periods from the behavior, and the flag where it gives no window', () => {
    const { scaleUp } = given.behavior({
      stabilizationWindowSeconds: 30,
      policies: [
        { type: 'Pods', value: 1, periodSeconds: 90 },
        { type: 'Pods', value: 1, periodSeconds: 15 },
      ],
    });
    const { scaleDown } = given.behavior();
    expect(historyWindows({ behavior: { scaleUp, scaleDown } }, given.options)).to.deep.equal({
      scaleUpMs: 30 * seconds,
      scaleDownMs: 5 * minutes,
      scaleUpPeriodMs: 90 * seconds,
      scaleDownPeriodMs: 15 * seconds,
    });
  });

  it('is never longer than the longest that the API allows', () => {
    fc.assert(
      fc.property(behavior, (one) => {
        for (const ms of Object.values(historyWindows({ behavior: one }, given.options)))
          expect(ms).to.be.within(0, 3600 * seconds);
      }),
    );
  });
});

describe('historyToKeep', () => {
  const keep = (from: History | undefined, replicas: number) =>
    historyToKeep(from, windows, { replicas, nowMs: now });

  it('keeps nothing that an operator without a memory would assume, too', () => {
    expect(keep(undefined, 5)).to.equal(undefined);
    expect(keep(recommended([15, 5], [0, 5]), 5)).to.equal(undefined);
    expect(keep(recommended([400, 9], [0, 5]), 5)).to.equal(undefined);
    expect(keep(given.noHistory, 5)).to.equal(undefined);
  });

  it('keeps a recommendation that holds the present count up', () => {
    expect(keep(recommended([15, 9], [0, 5]), 9)?.recommendations).to.have.length(2);
    expect(keep(recommended([0, 5]), 9)?.recommendations).to.have.length(1);
  });

  it('keeps a scale event as long as a policy counts it', () => {
    const scaled = (ago: number): History => ({
      ...recommended([0, 5]),
      scaleDowns: [{ atMs: now - ago * seconds, change: 1, outdated: false }],
    });
    expect(keep(scaled(59), 5)?.scaleDowns).to.have.length(1);
    expect(keep(scaled(61), 5)).to.equal(undefined);
  });

  it('keeps a scale event as long as a policy of the other direction counts it, and not at the edge', () => {
    const further = { ...windows, scaleDownPeriodMs: 120 * seconds };
    const scaled = (ago: number): History => ({
      ...recommended([0, 5]),
      scaleUps: [{ atMs: now - ago * seconds, change: 1, outdated: true }],
    });
    const kept = (ago: number) => historyToKeep(scaled(ago), further, { replicas: 5, nowMs: now });
    expect(kept(119)).to.deep.equal(scaled(119));
    expect(kept(120)).to.equal(undefined);
    expect(kept(121)).to.equal(undefined);
  });
});
