import { expect } from 'chai';
import { type CostInput, loadCost } from '../../src/report/load-cost.ts';
import type { ReplicaSample } from '../../src/report/load-cluster.ts';
import { loadSamples } from './html/samples.ts';

const replicas = (
  ...samples: [atMs: number, desired: number, ready: number, usage?: number][]
): ReplicaSample[] =>
  samples.map(([atMs, desiredReplicas, readyReplicas, usageRatio]) => ({
    ...{ atMs, desiredReplicas, readyReplicas },
    ...(usageRatio === undefined ? {} : { usageRatio }),
  }));

/** Twenty seconds, of which the last ten have 40 requests per second instead of 10. */
const timeline = loadSamples(20, []).map((sample, second) => {
  const perSecond = second < 10 ? 10 : 40;
  return { ...sample, offeredPerSecond: perSecond, donePerSecond: perSecond };
});
const input = (changes: Partial<CostInput> = {}): CostInput => ({
  ...{ timeline, mode: 'open', expects: [] },
  replicas: replicas([0, 1, 1, 0.8], [12_000, 4, 1, 3.2], [14_000, 4, 4, 0.8], [19_000, 2, 4, 0.8]),
  ...changes,
});

describe('cost of a load run', () => {
  it('is what was asked for or still ready, times how long', () => {
    expect(loadCost(input()).podSeconds).to.equal(1 * 12 + 4 * 8);
  });

  it('stands beside the least with which the metric were at its target: one pod for 12.5 requests per second', () => {
    // 40/s want 3.2 pods: four, as three would be more than the tolerance of 10 % above the target.
    expect(loadCost(input()).neededPodSeconds).to.equal(1 * 10 + 3 * 0 + 4 * 0 + Math.ceil(3.2 / 1.1) * 10);
  });

  it('counts how often the way of the replicas turned', () => {
    expect(loadCost(input()).flaps).to.equal(1);
  });

  const untold: Record<string, [changes: Partial<CostInput>, expected: object]> = {
    'no pods when no cluster was watched': [
      { replicas: [] },
      { podSeconds: null, neededPodSeconds: null, flaps: null },
    ],
    'no least in a closed loop': [{ mode: 'closed' }, { neededPodSeconds: null, podSeconds: 44 }],
    'no least without a metric': [
      { replicas: replicas([0, 2, 2]) },
      { neededPodSeconds: null, podSeconds: 40 },
    ],
  };
  for (const [sentence, [changes, expected]] of Object.entries(untold)) {
    it(`tells ${sentence}`, () => expect(loadCost(input(changes))).to.include(expected));
  }

  it('calls seconds bad in which requests were lost, or a latency was over what was expected of it', () => {
    const samples = timeline.map((sample, second) => ({
      ...sample,
      failed: second === 3 ? 1 : 0,
      dropped: second === 4 ? 1 : 0,
      latencyMs: { ...sample.latencyMs, p99: second >= 15 ? 250 : 20, max: 300 },
    }));
    const badMs = (...expects: string[]): number => loadCost(input({ timeline: samples, expects })).badMs;
    expect(badMs()).to.equal(2000);
    expect(badMs('p99<200ms', 'errors=0', 'service.p99<1ms', 'p50>1h')).to.equal(7000);
    expect(badMs('max<=200ms')).to.equal(20_000);
  });
});
