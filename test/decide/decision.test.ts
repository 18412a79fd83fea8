import { expect } from 'chai';
import { decide } from '../../src/decide/decide.ts';
import type { DecideInput } from '../../src/decide/decide-input.ts';
import type { Decision } from '../../src/decide/decision.ts';
import { markScaledToZero } from '../../src/decide/scale-to-zero.ts';
import * as given from './builders.ts';

const tick = (changes: Partial<DecideInput>): Decision => decide(given.input(changes));
const nothing = { proposals: [], limiters: [] };

describe('the reason of a decision', () => {
  it('is the winning metric on the way up', () => {
    expect(tick({ snapshot: given.snapshot(1, [given.usages(1500)]) }).reason).to.equal(
      'cpu resource utilization (percentage of request) above target',
    );
  });

  it('is that all metrics are below target on the way down', () => {
    const decision = tick({ snapshot: given.snapshot(4, [given.usages(100, 100, 100, 100)]) });
    expect(decision).to.include({ desiredReplicas: 1, reason: 'All metrics below target' });
  });

  it('is empty where a past recommendation scales and the metrics ask for no change', () => {
    const history = given.history({ recommendations: [{ atMs: given.now - given.minutes, replicas: 3 }] });
    const decision = tick({ history });
    expect(decision).to.include({ desiredReplicas: 3, rescale: true, reason: '' });
  });

  it('is the bound that the current count lies outside of', () => {
    const above = tick({ snapshot: given.snapshot(12, [given.usages()]) });
    expect(above).to.include({
      verdict: 'OutOfRange',
      reason: 'Current number of replicas above Spec.MaxReplicas',
    });
    expect(above.trace.limiters[0]).to.include({
      limiter: 'range',
      from: 12,
      to: 10,
      reason: 'TooManyReplicas',
    });
    const below = tick({ policy: given.policy({ minReplicas: 3 }) });
    expect(below).to.include({ reason: 'Current number of replicas below Spec.MinReplicas' });
    expect(below.trace.limiters[0]).to.include({
      limiter: 'range',
      from: 1,
      to: 3,
      reason: 'TooFewReplicas',
    });
  });
});

describe('a decision that was not computed', () => {
  it('says nothing but that the target could not be read', () => {
    const status = { ...given.noStatus, desiredReplicas: 7 };
    const target = { ok: false, message: 'gone' } as const;
    const decision = tick({ snapshot: given.snapshot(1, [], { target, status }), history: undefined });
    expect({ ...decision, conditions: [] }).to.deep.equal({
      atMs: given.now,
      verdict: 'TargetUnreadable',
      currentReplicas: 0,
      desiredReplicas: 7,
      rescale: false,
      reason: '',
      conditions: [],
      currentMetrics: null,
      events: [{ type: 'Warning', reason: 'FailedGetScale', message: 'gone' }],
      history: undefined,
      trace: nothing,
    });
  });

  it('says nothing but that the target is switched off', () => {
    const decision = tick({ snapshot: given.snapshot(0, [given.usages()]) });
    expect({ ...decision, conditions: [] }).to.deep.equal({
      atMs: given.now,
      verdict: 'Disabled',
      currentReplicas: 0,
      desiredReplicas: 0,
      rescale: false,
      reason: '',
      conditions: [],
      currentMetrics: null,
      events: [],
      history: given.noHistory,
      trace: nothing,
    });
  });

  it('has no limiter where metrics failed', () => {
    const decision = tick({ snapshot: given.snapshot(3, [given.usages()]) });
    expect(decision).to.include({ verdict: 'MetricsFailed', rescale: false, reason: '' });
    expect(decision.trace.limiters).to.deep.equal([]);
    expect(decision.trace.proposals).to.have.length(1);
  });

  it('remembers the current count and nothing else when nothing was remembered', () => {
    expect(
      tick({ snapshot: given.snapshot(12, [given.usages()]), history: undefined }).history,
    ).to.deep.equal({
      recommendations: [{ atMs: given.now, replicas: 12 }],
      scaleUps: [],
      scaleDowns: [],
    });
  });
});

describe('a decision that scales', () => {
  it('remembers its recommendation after the write as well as before', () => {
    const decision = tick({ snapshot: given.snapshot(1, [given.usages(1500)]) });
    const recommendations = [{ atMs: given.now, replicas: 3 }];
    expect(decision.history?.recommendations).to.deep.equal(recommendations);
    expect(decision.afterRescale?.history.recommendations).to.deep.equal(recommendations);
  });

  it('tells of the write in the condition that stands after it alone', () => {
    const decision = tick({ snapshot: given.snapshot(1, [given.usages(1500)]) });
    const able = (conditions: Decision['conditions'] = []) =>
      conditions.find(({ type }) => type === 'AbleToScale')?.message;
    expect(able(decision.conditions)).to.equal('recommended size matches current size');
    expect(able(decision.afterRescale?.conditions)).to.equal(
      'the HPA controller was able to update the target scale to 3',
    );
  });
});

describe('a target that the autoscaler scaled to zero', () => {
  const policy = given.policy({ minReplicas: 2, metrics: [given.queueOf10] });
  const conditions = () =>
    markScaledToZero({ ...policy, minReplicas: 0 }, [], { from: 1, to: 0 }, given.scaleToZero, given.now);
  const fromZero = (queued: number) =>
    tick({
      policy: { ...policy, behavior: given.behavior() },
      snapshot: given.snapshot(0, [given.queue(queued)], {
        status: { ...given.noStatus, conditions: conditions() },
      }),
      options: given.scaleToZero,
    });

  it('is lifted by its metrics, not by the minimum', () => {
    const decision = fromZero(35);
    expect(decision).to.include({ verdict: 'Computed', desiredReplicas: 4 });
    expect(decision.trace.limiters.map(({ limiter }) => limiter)).not.to.include('range');
  });

  it('is lifted to a minimum that was raised meanwhile, and the trace says so', () => {
    const decision = fromZero(0);
    expect(decision).to.include({ verdict: 'Computed', desiredReplicas: 2 });
    expect(decision.trace.limiters.at(-1)).to.include({
      limiter: 'range',
      from: 0,
      to: 2,
      reason: 'TooFewReplicas',
    });
  });

  it('needs no lift where the metrics ask for exactly the minimum', () => {
    const decision = fromZero(20);
    expect(decision.desiredReplicas).to.equal(2);
    expect(decision.trace.limiters.map(({ limiter }) => limiter)).not.to.include('range');
  });
});
