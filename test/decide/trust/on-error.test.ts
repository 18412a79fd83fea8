import { expect } from 'chai';
import type { FallbackBehavior, MetricSpec, OnError, Policy } from '../../../src/decide/policy.ts';
import { meanwhileOf } from '../../../src/decide/trust/on-error.ts';
import * as given from '../builders.ts';
import { cpuAt, lostCpu, lostQueue, Story } from './story.ts';

const fallback = (changes: Partial<Extract<OnError, { type: 'Fallback' }>> = {}): OnError => ({
  type: 'Fallback',
  afterMs: 180_000,
  replicas: 6,
  behavior: 'Static',
  ...changes,
});
const ignore: OnError = { type: 'Ignore', afterMs: 60_000 };
const onCpu = (onError: OnError, changes: Partial<Policy> = {}): Policy =>
  given.policy({ metrics: [{ ...given.cpuAt50Percent, onError }], ...changes });
const orders: MetricSpec = {
  type: 'External',
  metric: { name: 'orders' },
  target: { type: 'AverageValue', averageMilli: 10_000n },
  onError: ignore,
};
const cpuAndQueue = (onError: OnError, changes: Partial<Policy> = {}): Policy =>
  given.policy({ metrics: [given.cpuAt50Percent, { ...given.queueOf10, onError }], ...changes });

describe('what is done with a metric that fails', () => {
  it('is nothing that the HPA would not do, for as long as it is held', () => {
    const story = new Story(onCpu({ type: 'Hold' }), 4);
    const told = story.ticks(() => [lostCpu], 3600);
    expect(told.replicas).to.equal(4);
    expect(told.decision.verdict).to.equal('MetricsFailed');
    expect(told.words).to.equal('stays at 4: cpu has failed for 59 m 45 s (connection refused)');
  });

  it('is to hold it until a fallback is due, and then to do what that asks for', () => {
    const story = new Story(onCpu(fallback()), 4);
    expect(story.tick([lostCpu]).words).to.equal(
      'stays at 4: cpu fails (connection refused); its fallback asks for 6 in 3 m',
    );
    expect(story.ticks(() => [lostCpu], 165).replicas).to.equal(4);
    const told = story.tick([lostCpu]);
    expect(told.replicas).to.equal(6);
    expect(told.decision.reason).to.equal('Fallback of cpu');
    expect(told.words).to.equal(
      '4 -> 6: cpu has failed for 3 m (connection refused); its fallback asks for 6',
    );
    expect(story.ticks(() => [lostCpu], 75).words).to.equal(
      'stays at 6: cpu has failed for 4 m 15 s (connection refused); its fallback asks for 6',
    );
  });

  it('ends with the first answer: nothing is remembered of the failure then', () => {
    const story = new Story(onCpu(fallback()), 4);
    story.ticks(() => [lostCpu], 300);
    const told = story.tick([cpuAt(500, 6, story.nowMs)]);
    expect(told.replicas).to.equal(6);
    expect(told.status).not.to.have.property('fallback');
    expect(told.decision.history).not.to.have.property('metrics');
    expect(story.tick([lostCpu]).words).to.contain('its fallback asks for 6 in 3 m');
  });

  it('is not to be stabilized, rate limited or bounded less than what metrics ask for', () => {
    const far = onCpu(fallback({ afterMs: 0, replicas: 10 }), { maxReplicas: 9 });
    const story = new Story(far, 2);
    const told = story.tick([lostCpu]);
    expect(told.replicas).to.equal(4);
    expect(told.words).to.contain('scale-up limited to twice the replicas');
    expect(story.ticks(() => [lostCpu], 60).replicas).to.equal(9);
    const near = new Story(onCpu(fallback({ afterMs: 0, replicas: 2 })), 5);
    expect(near.ticks(() => [lostCpu], 315).replicas).to.equal(5);
    expect(near.tick([lostCpu]).replicas).to.equal(2);
  });

  it('is to let the others scale down once it is ignored', () => {
    const story = new Story(cpuAndQueue(ignore), 8);
    const idle = (nowMs: number) => [cpuAt(100, 8, nowMs), lostQueue];
    expect(story.ticks(idle, 60).words).to.equal(
      'stays at 8: cpu at 10 % of request against 50 % asks for 2 (8 pods counted); external queue has failed for 45 s (connection refused); it is ignored in 15 s; no scale-down while a metric has no answer',
    );
    expect(story.ticks(idle, 300).replicas).to.equal(2);
  });

  it('is to hold all the same when nothing is left that is not ignored', () => {
    const story = new Story(onCpu({ type: 'Ignore', afterMs: 0 }), 4);
    const told = story.ticks(() => [lostCpu], 1200);
    expect(told.replicas).to.equal(4);
    expect(told.decision.verdict).to.equal('MetricsFailed');
    expect(told.words).to.equal(
      'stays at 4: cpu has failed for 19 m 45 s (connection refused) and is ignored',
    );
    expect(story.condition('ScalingActive')).to.include({
      status: 'False',
      reason: 'FailedGetResourceMetric',
    });
  });

  it('leaves the last replica while one is ignored, as nothing else might bring it back', () => {
    const zero = given.policy({
      minReplicas: 0,
      metrics: [given.queueOf10, orders],
    });
    const story = new Story(zero, 2, given.scaleToZero);
    const told = story.ticks(() => [given.queue(0), lostQueue], 600);
    expect(told.replicas).to.equal(1);
    expect(told.words).to.contain('1 instead of 0: the last replica stays while a metric is ignored');
    expect(story.ticks(() => [given.queue(0), given.queue(0)], 330).replicas).to.equal(0);
  });

  it('does not hide that another one is held', () => {
    const policy = given.policy({
      metrics: [given.cpuAt50Percent, { ...given.queueOf10, onError: { ...ignore, afterMs: 0 } }],
    });
    const told = new Story(policy, 4).tick([lostCpu, lostQueue]);
    expect(told.decision.verdict).to.equal('MetricsFailed');
    expect(told.events.map(({ reason }) => reason)).to.deep.equal([
      'FailedGetResourceMetric',
      'FailedGetExternalMetric',
      'FailedComputeMetricsReplicas',
    ]);
  });

  it('forbids to scale down to a fallback while another metric is held', () => {
    const story = new Story(cpuAndQueue(fallback({ afterMs: 0, replicas: 2 })), 5);
    expect(story.ticks(() => [lostCpu, lostQueue], 900).replicas).to.equal(5);
    expect(story.ticks((nowMs) => [cpuAt(100, 5, nowMs), lostQueue], 600).replicas).to.equal(2);
  });

  it('is that the larger of a fallback and a metric wins', () => {
    const busy = new Story(cpuAndQueue(fallback({ afterMs: 0, replicas: 3 })), 4);
    const told = busy.tick([cpuAt(1000, 4, busy.nowMs), lostQueue]);
    expect(told.replicas).to.equal(8);
    expect(told.decision.trace.winner).to.equal(0);
    expect(told.status).not.to.have.property('fallback');
    const idle = new Story(cpuAndQueue(fallback({ afterMs: 0, replicas: 6 })), 4);
    expect(idle.tick([cpuAt(500, 4, idle.nowMs), lostQueue]).words).to.equal(
      '4 -> 6: cpu at 50 % of request against 50 % asks for 4 (no change: ratio 1 within 0.9-1.1, 4 pods counted); external queue fails (connection refused); its fallback asks for 6 and wins',
    );
  });

  it('is nothing at zero replicas for a metric of pods, as there are none to be measured', () => {
    const zero = given.policy({
      minReplicas: 0,
      metrics: [{ ...given.cpuAt50Percent, onError: fallback({ afterMs: 0 }) }, given.queueOf10],
    });
    const story = new Story(zero, 1, given.scaleToZero);
    story.ticks((nowMs) => [cpuAt(0, 1, nowMs), given.queue(0)], 330);
    expect(story.replicas).to.equal(0);
    const told = story.ticks(() => [lostCpu, given.queue(0)], 900);
    expect(told.replicas).to.equal(0);
    expect(story.condition('MetricFailing')).to.equal(undefined);
    expect(story.tick([lostCpu, given.queue(25)]).replicas).to.equal(3);
  });

  it('at zero replicas wakes the target by the fallback of a metric from outside', () => {
    const zero = given.policy({
      minReplicas: 0,
      metrics: [{ ...given.queueOf10, onError: fallback({ replicas: 3 }) }],
    });
    const story = new Story(zero, 1, given.scaleToZero);
    story.ticks(() => [given.queue(0)], 330);
    expect(story.ticks(() => [lostQueue], 180).replicas).to.equal(0);
    expect(story.tick([lostQueue]).replicas).to.equal(3);
  });

  it('begins anew after the target was switched off, as nobody looked', () => {
    const story = new Story(onCpu(fallback()), 4);
    story.ticks(() => [lostCpu], 60);
    story.replicas = 0;
    expect(story.ticks(() => [lostCpu], 600).decision.verdict).to.equal('Disabled');
    story.replicas = 4;
    expect(story.tick([lostCpu]).words).to.contain('its fallback asks for 6 in 3 m');
  });

  it('goes by a failure that began in the future of a clock that ran ahead as by one of now', () => {
    const story = new Story(onCpu(fallback()), 4);
    story.tick([lostCpu]);
    expect(story.tick([lostCpu], -60).words).to.contain('in 3 m');
    expect(story.ticks(() => [lostCpu], 180).replicas).to.equal(6);
  });

  it('is counted by metric: two of the same metric have each its own', () => {
    const twice = given.policy({
      metrics: [
        { ...given.queueOf10, onError: fallback({ replicas: 5 }) },
        { ...given.queueOf10, onError: { type: 'Hold' } },
      ],
    });
    const story = new Story(twice, 2);
    story.tick([lostQueue, given.queue(20)]);
    story.tick([lostQueue, lostQueue], 170);
    const told = story.tick([lostQueue, lostQueue], 15);
    expect(told.words).to.contain(
      'external queue has failed for 3 m 5 s (connection refused); its fallback asks for 5',
    );
    expect(told.words).to.contain('external queue has failed for 15 s (connection refused)');
    expect(told.replicas).to.equal(4);
  });
});

describe('a fallback with requireFreshSamples', () => {
  it('goes by no sample, so that an old one does not hold it', () => {
    const onError = fallback({ afterMs: 60_000, replicas: 9 });
    const metrics = [{ ...given.cpuAt50Percent, maxAgeMs: 60_000, onError }];
    const story = new Story(given.policy({ metrics, requireFreshSamples: true }), 4);
    const measuredAtMs = story.nowMs;
    expect(story.tick([cpuAt(800, 4, measuredAtMs)]).replicas).to.equal(7);
    expect(story.ticks(() => [cpuAt(800, 7, measuredAtMs)], 60).replicas).to.equal(7);
    expect(story.ticks(() => [cpuAt(800, 7, measuredAtMs)], 60).replicas).to.equal(9);
  });
});

describe('the four behaviors of a fallback', () => {
  const table: Record<FallbackBehavior, readonly [number, number, number]> = {
    Static: [6, 6, 6],
    CurrentReplicas: [4, 6, 9],
    CurrentReplicasIfHigher: [6, 6, 9],
    CurrentReplicasIfLower: [4, 6, 6],
  };
  for (const [behavior, expected] of Object.entries(table) as [FallbackBehavior, readonly number[]][]) {
    it(`are as KEDA's: ${behavior} of 6 asks for ${expected.join(', ')} where there are 4, 6, 9`, () => {
      const onError = fallback({ afterMs: 0, behavior });
      const asked = [4, 6, 9].map((current) => meanwhileOf(onError, given.now, current, given.now));
      expect(asked).to.deep.equal(expected.map((replicas) => ({ type: 'Fallback', replicas })));
    });
  }

  it('begin to the millisecond', () => {
    const at = (nowMs: number) => meanwhileOf(fallback(), given.now, 4, nowMs).type;
    expect(at(given.now + 179_999)).to.equal('Held');
    expect(at(given.now + 180_000)).to.equal('Fallback');
  });
});
