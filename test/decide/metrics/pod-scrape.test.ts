import { expect } from 'chai';
import { decide } from '../../../src/decide/decide.ts';
import { explain } from '../../../src/decide/explain.ts';
import { proposePodScrape } from '../../../src/decide/metrics/pod-scrape.ts';
import { proposePods } from '../../../src/decide/metrics/pods.ts';
import type { Tick } from '../../../src/decide/metrics/tick.ts';
import type { MetricSpec } from '../../../src/decide/policy.ts';
import type { MetricReading, NotScraped, PodMetricSample, Reading } from '../../../src/decide/snapshot.ts';
import { now, options, pods, policy, scale, seconds, snapshot } from '../builders.ts';

const metric = { name: 'http_requests_total' };
const target = { type: 'AverageValue', averageMilli: 10_000n };
const tenASecond: Extract<MetricSpec, { type: 'PodScrape' }> = {
  ...{ type: 'PodScrape', port: 'http', path: '/metrics', metric, target },
};

function rates(...perSecond: number[]): readonly PodMetricSample[] {
  return perSecond.map((rate, index) => ({
    ...{ podName: `web-${index}`, timestampMs: now, windowMs: 15 * seconds },
    milli: BigInt(rate * 1000),
  }));
}

const read = (samples: readonly PodMetricSample[], notScraped?: readonly NotScraped[]): MetricReading => ({
  type: 'PodScrape',
  samples: { ok: true, value: samples },
  ...(notScraped && { notScraped }),
});

const tick = (replicas: number): Tick => ({
  ...{ namespace: 'default', scale: scale(replicas), pods: pods(replicas), options, nowMs: now },
  tolerance: { up: 0.1, down: 0.1 },
});

const decideOn = (reading: MetricReading, replicas = 3) =>
  decide({
    policy: policy({ metrics: [tenASecond] }),
    snapshot: snapshot(replicas, [reading]),
    history: undefined,
    options,
    nowMs: now,
  });

const slow: NotScraped = { reason: 'TimedOut', count: 1, names: ['web-2'] };

describe('a metric of type PodScrape', () => {
  it('asks for what a metric of type Pods asks for with the same samples', () => {
    const readings: readonly Reading<readonly PodMetricSample[]>[] = [
      { ok: true, value: rates(20, 20, 20) },
      { ok: true, value: rates(20, 20) },
      { ok: true, value: rates(1, 1) },
      { ok: true, value: rates(0, 0, 0) },
    ];
    for (const samples of readings) {
      const scraped = proposePodScrape(tenASecond, samples, tick(3));
      const pushed = proposePods({ type: 'Pods', metric, target }, samples, tick(3));
      expect(scraped.ok && [scraped.replicas, scraped.inputs]).to.deep.equal(
        pushed.ok && [pushed.replicas, pushed.inputs],
      );
    }
  });

  it('tells which pods were left out and why, in the trace and in words', () => {
    const refused: NotScraped = { reason: 'Refused', count: 1, names: ['web-3'], detail: 'answered 302' };
    const decision = decideOn(read(rates(20, 20), [slow, refused]), 4);
    const [proposal] = decision.trace.proposals;
    expect(proposal?.ok && proposal.inputs.notScraped).to.deep.equal([slow, refused]);
    expect(explain(decision)).to.contain(
      'of the pods asked 1 did not answer in time (web-2), 1 gave no exposition (web-3: answered 302)',
    );
  });

  it('names three pods of a reason in words', () => {
    const many = { reason: 'TimedOut', count: 5, names: ['a', 'b', 'c', 'd', 'e'] } as const;
    expect(explain(decideOn(read(rates(20), [many])))).to.contain('5 did not answer in time (a, b, c...)');
  });

  it('never takes pods away for pods that did not answer: each counts at the target', () => {
    const asked = (reading: MetricReading): unknown =>
      decideOn(reading).trace.proposals.map((proposal) => proposal.ok && proposal.replicas);
    expect(asked(read(rates(1, 1), [slow]))).to.deep.equal([2]);
    expect(asked(read(rates(1, 1, 1)))).to.deep.equal([1]);
    expect(asked(read(rates(9, 9), [slow]))).to.deep.equal([3]);
  });

  it('holds, and never takes it for a zero, where no pod answered', () => {
    const decision = decideOn(read([], [{ ...slow, count: 3 }]));
    expect(decision.verdict).to.equal('MetricsFailed');
    expect(decision.desiredReplicas).to.equal(3);
    expect(decision.conditions.find(({ type }) => type === 'ScalingActive')).to.include({
      status: 'False',
      reason: 'FailedGetPodScrapeMetric',
      message:
        'the HPA was unable to compute the replica count: no pod showed metric http_requests_total: 3 did not answer in time (web-2)',
    });
  });
});
