import { expect } from 'chai';
import { decide } from '../../src/decide/decide.ts';
import type { Decision, History } from '../../src/decide/decision.ts';
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

  it('does not keep the target outside of its bounds', () => {
    expect(tick(given.usages(1000), sampledMs, 20).desiredReplicas).to.equal(10);
  });

  it('leaves the history of an autoscaler without it as it is', () => {
    const decision = decide(given.input({ snapshot: given.snapshot(2, [given.usages(1000, 1000)]) }));
    expect(decision.afterRescale?.history).not.to.have.property('metrics');
  });
});
