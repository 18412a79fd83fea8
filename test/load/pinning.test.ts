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
  rotation: { type: 'requests', requests: 100_000 },
  podHeader: 'X-Pod-Name',
};

/** Thirty seconds, in each of which the pods answered so often. */
function answers(ofPods: Record<string, number>): LoadSample[] {
  return pinned.timeline.map((second) => ({ ...second, pods: ofPods }));
}

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
    'a pod has a small part, but not a tenth of its even share': {
      answering: new Set(['a', 'b', 'c']),
      timeline: answers({ a: 90, b: 10, c: 10 }),
    },
    'a pod has nothing of so few answers that this is chance': {
      answering: new Set(['a', 'b', 'c']),
      timeline: answers({ a: 1, b: 1, c: 0 }),
    },
  };
  for (const [sentence, changes] of Object.entries(silent)) {
    it(`is not given when ${sentence}`, () => {
      expect(pinningWarning({ ...pinned, ...changes })).to.deep.equal([]);
    });
  }

  it('is given for new pods with hardly any traffic, too', () => {
    const timeline = answers({ a: 98, b: 1, c: 1 });
    const [warning] = pinningWarning({ ...pinned, answering: new Set(['a', 'b', 'c']), timeline });
    expect(warning).to.match(
      /^3 pods ready, 2 of them with hardly any traffic: 8 of 16 connections were opened/,
    );
  });

  const quick = { type: 'age', ageMs: 2500 } as const;

  it('advises more connections where they are replaced quickly, and are few', () => {
    const [warning] = pinningWarning({ ...pinned, rotation: quick });
    expect(warning).to.match(
      /8 connections opened since the last scale-up.*age=2\.5s already: use more --connections$/,
    );
    const [always] = pinningWarning({ ...pinned, rotation: quick, readyAtMs: () => 0, moreAtMs: undefined, timeline: [sample(29_000, 8)] }); // prettier-ignore
    expect(always).to.match(/8 connections opened since/);
  });

  it('looks for another reason where many connections were opened, and none led to the new pods', () => {
    const timeline = pinned.timeline.map((second) => ({ ...second, opened: 10 }));
    const [warning] = pinningWarning({ ...pinned, rotation: quick, timeline });
    expect(warning).to.match(
      /^3 pods ready, 1 answering: 200 connections were opened since.*does a proxy before the pods/,
    );
    expect(warning).not.to.contain('--rotate');
  });

  it('says instead that no answer named a pod of the cluster, whatever is balanced', () => {
    for (const unit of ['connections', 'requests'] as const) {
      expect(pinningWarning({ ...pinned, unit, answering: new Set() })).to.deep.equal([
        'no answer has the header X-Pod-Name, so that it is not known which pods answer: ' +
          'let the app send the name of its pod, and say with --pod-header in which header',
      ]);
      expect(pinningWarning({ ...pinned, unit, answering: new Set(['node-7']) })[0]).to.match(
        /^X-Pod-Name names node-7, which is no pod of the cluster, so that/,
      );
    }
  });

  it('says nothing of that while the pods are new', () => {
    expect(pinningWarning({ ...pinned, answering: new Set(), elapsedMs: 14_000, readyAtMs: () => 10_000 })).to.deep.equal([]); // prettier-ignore
  });

  it('tells of pods that were there from the start and get nothing, too', () => {
    expect(pinningWarning({ ...pinned, readyAtMs: () => 0, moreAtMs: undefined })).to.have.length(1);
  });
});
