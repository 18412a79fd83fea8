import { expect } from 'chai';
import { decide } from '../../src/decide/decide.ts';
import type { Decision } from '../../src/decide/decision.ts';
import type { History } from '../../src/decide/history.ts';
import type { MetricSpec } from '../../src/decide/policy.ts';
import type { MetricReading } from '../../src/decide/snapshot.ts';
import * as given from './builders.ts';

const policy = given.policy({ requireFreshSamples: true });
const tick = (reading: MetricReading, acted?: number, replicas = 2): Decision => {
  const history: History = given.history(
    acted === undefined ? {} : { metrics: { 'Resource/cpu': { actedSampleAtMs: acted } } },
  );
  return decide(given.input({ policy, snapshot: given.snapshot(replicas, [reading]), history }));
};
const sampledMs = given.now - 10 * given.seconds;

describe('requireFreshSamples', () => {
  it('remembers the newest sample of a rescale, once it is written', () => {
    const decision = tick(given.usages(1000, 1000));
    expect(decision.rescale).to.equal(true);
    expect(decision.history?.metrics).to.equal(undefined);
    expect(decision.afterRescale?.history.metrics).to.deep.equal({
      'Resource/cpu': { actedSampleAtMs: sampledMs },
    });
  });

  it('stays where the sample has led to a rescale, and says so', () => {
    const decision = tick(given.usages(1000, 1000), sampledMs);
    expect(decision).to.include({ verdict: 'Computed', rescale: false, desiredReplicas: 2 });
    expect(decision.trace.alreadyActedOn).to.deep.equal({ metric: 0, sampleAtMs: sampledMs, from: 4, to: 2 });
  });

  it('acts on a newer one', () => {
    const decision = tick(given.usages(1000, 1000), sampledMs - 1);
    expect(decision.desiredReplicas).to.equal(4);
    expect(decision.trace).not.to.have.property('alreadyActedOn');
  });

  it('says nothing where nothing would change', () => {
    expect(tick(given.usages(500, 500), sampledMs).trace).not.to.have.property('alreadyActedOn');
  });

  it('acts on a sample that bears no time', () => {
    const usage = [given.usage('web-0', 1000, { timestampMs: -62_135_596_800_000 })];
    const reading: MetricReading = { type: 'Resource', usage: { ok: true, value: usage } };
    expect(tick(reading, sampledMs, 1).desiredReplicas).to.equal(2);
  });

  describe('of two metrics', () => {
    const pods = { type: 'Pods', metric: { name: 'hits' } } as const;
    const hits: MetricSpec = { ...pods, target: { type: 'AverageValue', averageMilli: 1000n } };
    const acted = { metrics: { 'Resource/cpu': { actedSampleAtMs: sampledMs } } };
    const both = (hitsMilli: bigint, timestampMs = given.now): Decision => {
      const sample = { milli: hitsMilli, timestampMs, windowMs: 0 };
      const samples = ['web-0', 'web-1'].map((podName) => ({ podName, ...sample }));
      const readings: MetricReading[] = [
        given.usages(1000, 1000),
        { type: 'Pods', samples: { ok: true, value: samples } },
      ];
      const two = given.policy({ requireFreshSamples: true, metrics: [given.cpuAt50Percent, hits] });
      const snapshot = given.snapshot(2, readings);
      return decide(given.input({ policy: two, snapshot, history: given.history(acted) }));
    };

    it('acts on the new sample of one, though the old one of the other asks for more', () => {
      const decision = both(1500n);
      expect(decision).to.include({ rescale: true, desiredReplicas: 3 });
      expect(decision.reason).to.equal('pods metric hits above target');
      expect(decision.trace).to.deep.include({
        winner: 1,
        alreadyActedOn: { metric: 0, sampleAtMs: sampledMs, from: 4, to: 3 },
      });
    });

    it('stays where the new one asks for less', () => {
      const decision = both(500n);
      expect(decision).to.include({ rescale: false, desiredReplicas: 2 });
    });
  });

  it('is not held by a sample from ahead, once a clock was set back', () => {
    expect(tick(given.usages(1000, 1000), given.now + 3_600_000).desiredReplicas).to.equal(4);
  });

  it('does not keep the target outside of its bounds', () => {
    expect(tick(given.usages(1000), sampledMs, 20).desiredReplicas).to.equal(10);
  });

  it('leaves the history of an autoscaler without it as it is', () => {
    const decision = decide(given.input({ snapshot: given.snapshot(2, [given.usages(1000, 1000)]) }));
    expect(decision.afterRescale?.history).not.to.have.property('metrics');
  });
});
