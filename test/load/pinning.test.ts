import { expect } from 'chai';
import { pinningWarning, type PinningInput } from '../../src/load/pinning.ts';
import type { LoadSample } from '../../src/report/load-result.ts';

const none = { p50: null, p90: null, p99: null, p999: null, max: null };
const sample = (fromMs: number, opened: number, donePerSecond = 10): LoadSample => ({
  ...{ fromMs, toMs: fromMs + 1000, offeredPerSecond: 10, donePerSecond, failed: 0, dropped: 0, opened },
  ...{ latencyMs: none, sendLagMs: none, lagging: false, pods: {} },
});
const ready: Record<string, number> = { a: 0, b: 10_000, c: 10_000 };
const pinned: PinningInput = {
  readyPods: ['a', 'b', 'c'],
  readyAtMs: (pod) => ready[pod],
  answering: new Set(['a']),
  moreAtMs: 10_000,
  elapsedMs: 30_000,
  timeline: Array.from({ length: 30 }, (_, second) =>
    sample(second * 1000, second === 0 || second === 20 ? 8 : 0),
  ),
  unit: 'connections',
  rotate: 'requests=100000',
};

describe('warning of pinned connections', () => {
  it('counts pods and connections, and names the way out', () => {
    const [warning] = pinningWarning(pinned);
    expect(warning).to.match(
      /^3 pods ready, 1 answering: 8 of 16 connections were opened before the last scale-up/,
    );
    expect(warning).to.match(/Rotation is requests=100000: use --rotate age=5s or less$/);
  });

  const silent: Record<string, Partial<PinningInput>> = {
    'all ready pods answer': { answering: new Set(['a', 'b', 'c', 'gone']) },
    'the target spreads requests': { unit: 'requests' },
    'the new pods were ready only now': { elapsedMs: 14_900 },
    'nothing is answered any more': { timeline: [sample(0, 8), sample(29_000, 0, 0)] },
    'no cluster told of pods': { readyPods: [] },
  };
  for (const [sentence, changes] of Object.entries(silent)) {
    it(`is not given when ${sentence}`, () => {
      expect(pinningWarning({ ...pinned, ...changes })).to.deep.equal([]);
    });
  }

  it('tells of pods that were there from the start and get nothing, too', () => {
    expect(pinningWarning({ ...pinned, readyAtMs: () => 0, moreAtMs: undefined })).to.have.length(1);
  });
});
