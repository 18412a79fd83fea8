import { expect } from 'chai';
import { decide } from '../../src/decide/decide.ts';
import type { DecideInput } from '../../src/decide/decide-input.ts';
import type { Decision } from '../../src/decide/decision.ts';
import type { Condition } from '../../src/decide/status.ts';
import * as given from './builders.ts';

const tick = (changes: Partial<DecideInput>): Decision => decide(given.input(changes));

const reasons = (conditions: readonly Condition[]) =>
  Object.fromEntries(conditions.map(({ type, reason }) => [type, reason]));

interface Case {
  input: Partial<DecideInput>;
  desired: number;
  reasons: Record<string, string>;
}

const cases: Record<string, Case> = {
  'holds when usage meets the target': {
    input: {},
    desired: 1,
    reasons: {
      AbleToScale: 'ReadyForNewScale',
      ScalingActive: 'ValidMetricFound',
      ScalingLimited: 'DesiredWithinRange',
    },
  },
  'scales up in proportion to the utilization': {
    input: { snapshot: given.snapshot(2, [given.usages(900, 1000)]) },
    desired: 4,
    reasons: {
      AbleToScale: 'ReadyForNewScale',
      ScalingActive: 'ValidMetricFound',
      ScalingLimited: 'DesiredWithinRange',
    },
  },
  'scales down when nothing was recommended before': {
    input: { snapshot: given.snapshot(4, [given.usages(100, 100, 100, 100)]) },
    desired: 1,
    reasons: {
      AbleToScale: 'ReadyForNewScale',
      ScalingActive: 'ValidMetricFound',
      ScalingLimited: 'DesiredWithinRange',
    },
  },
  'does not scale down on the first tick of a process': {
    input: { snapshot: given.snapshot(4, [given.usages(100, 100, 100, 100)]), history: undefined },
    desired: 4,
    reasons: {
      AbleToScale: 'ScaleDownStabilized',
      ScalingActive: 'ValidMetricFound',
      ScalingLimited: 'DesiredWithinRange',
    },
  },
  'grows by no more than double, or to four': {
    input: { snapshot: given.snapshot(1, [given.usages(5000)]) },
    desired: 4,
    reasons: {
      AbleToScale: 'ReadyForNewScale',
      ScalingActive: 'ValidMetricFound',
      ScalingLimited: 'ScaleUpLimit',
    },
  },
  'comes straight down to the maximum, whatever the metrics say': {
    input: { snapshot: given.snapshot(12, [given.usages()]) },
    desired: 10,
    reasons: { AbleToScale: 'SucceededGetScale' },
  },
  'comes straight up to the minimum': {
    input: { policy: given.policy({ minReplicas: 3 }) },
    desired: 3,
    reasons: { AbleToScale: 'SucceededGetScale' },
  },
  'leaves a target at zero alone': {
    input: { snapshot: given.snapshot(0, [given.usages()]) },
    desired: 0,
    reasons: { AbleToScale: 'SucceededGetScale', ScalingActive: 'ScalingDisabled' },
  },
  'holds when there are no metrics': {
    input: { snapshot: given.snapshot(3, [given.usages()]) },
    desired: 3,
    reasons: { AbleToScale: 'SucceededGetScale', ScalingActive: 'FailedGetResourceMetric' },
  },
  'holds when the target has no selector': {
    input: {
      snapshot: given.snapshot(3, [given.usages(900)], {
        target: { ok: true, value: given.scale(3, { selector: '' }) },
      }),
    },
    desired: 3,
    reasons: { AbleToScale: 'SucceededGetScale', ScalingActive: 'InvalidSelector' },
  },
  'holds when the selector cannot be read': {
    input: {
      snapshot: given.snapshot(3, [given.usages(900)], {
        target: { ok: true, value: given.scale(3, { selector: 'app in' }) },
      }),
    },
    desired: 3,
    reasons: { AbleToScale: 'SucceededGetScale', ScalingActive: 'InvalidSelector' },
  },
  'holds when another autoscaler has the same pods': {
    input: {
      snapshot: given.snapshot(3, [given.usages(900)], {
        otherAutoscalers: [{ namespace: 'default', name: 'rival', selector: 'app' }],
      }),
    },
    desired: 3,
    reasons: { AbleToScale: 'SucceededGetScale', ScalingActive: 'AmbiguousSelector' },
  },
};

describe('a decision', () => {
  for (const [sentence, { input, desired, reasons: expected }] of Object.entries(cases)) {
    it(sentence, () => {
      const decision = tick(input);
      expect(decision.desiredReplicas).to.equal(desired);
      expect(decision.rescale).to.equal(desired !== decision.currentReplicas);
      expect(reasons(decision.conditions)).to.deep.equal(expected);
    });
  }

  it('does not mind autoscalers of other namespaces, other pods, or without a readable selector', () => {
    const otherAutoscalers = [
      { namespace: 'elsewhere', name: 'a', selector: 'app' },
      { namespace: 'default', name: 'b', selector: 'app=api' },
      { namespace: 'default', name: 'c', selector: '((' },
    ];
    const decision = tick({ snapshot: given.snapshot(1, [given.usages(2000)], { otherAutoscalers }) });
    expect(decision.desiredReplicas).to.equal(4);
  });

  it('changes nothing but a condition while the target cannot be read, and remembers nothing', () => {
    const target = { ok: false, message: 'not found' } as const;
    const decision = tick({ snapshot: given.snapshot(1, [], { target }), history: undefined });
    expect(decision.verdict).to.equal('TargetUnreadable');
    expect(decision.rescale).to.equal(false);
    expect(decision.history).to.equal(undefined);
    expect(decision.events).to.deep.equal([
      { type: 'Warning', reason: 'FailedGetScale', message: 'not found' },
    ]);
    expect(decision.conditions.map(({ message }) => message)).to.deep.equal([
      "the HPA controller was unable to get the target's current scale: not found",
    ]);
  });

  it('records the current count as first recommendation, even out of range', () => {
    const decision = tick({ snapshot: given.snapshot(12, [given.usages()]), history: undefined });
    expect(decision.history?.recommendations).to.deep.equal([{ atMs: given.now, replicas: 12 }]);
  });

  it('records the proposal before any limit', () => {
    const decision = tick({ snapshot: given.snapshot(1, [given.usages(5000)]) });
    expect(decision.history?.recommendations).to.deep.equal([{ atMs: given.now, replicas: 10 }]);
  });

  it('stores the change once the scale is written, and only with behavior', () => {
    const up = given.snapshot(1, [given.usages(1500)]);
    const withBehavior = tick({ policy: given.policy({ behavior: given.behavior() }), snapshot: up });
    expect(withBehavior.history?.scaleUps).to.deep.equal([]);
    expect(withBehavior.afterRescale?.history.scaleUps).to.deep.equal([
      { atMs: given.now, change: 2, outdated: false },
    ]);
    expect(tick({ snapshot: up }).afterRescale?.history.scaleUps).to.deep.equal([]);
  });

  it('refuses readings that were taken for other metrics', () => {
    expect(() => tick({ snapshot: given.snapshot(1, [given.queue(1)]) })).to.throw(
      'Cannot evaluate a Resource metric as its reading is of type External',
    );
    expect(() => tick({ snapshot: given.snapshot(1, []) })).to.throw('is of type none');
  });
});

describe('a decision by several metrics', () => {
  const policy = given.policy({ metrics: [given.cpuAt50Percent, given.queueOf10] });
  const failing = { type: 'External', milli: { ok: false, message: 'gone' } } as const;

  it('follows the largest proposal', () => {
    const decision = tick({ policy, snapshot: given.snapshot(2, [given.usages(500, 500), given.queue(35)]) });
    expect(decision.desiredReplicas).to.equal(4);
    expect(decision.trace.winner).to.equal(1);
    expect(decision.reason).to.equal('external metric queue(nil) above target');
  });

  it('scales up though one metric failed, and warns of it', () => {
    const decision = tick({ policy, snapshot: given.snapshot(2, [given.usages(900, 900), failing]) });
    expect(decision.desiredReplicas).to.equal(4);
    expect(decision.events.map(({ reason }) => reason)).to.deep.equal(['FailedGetExternalMetric']);
    expect(decision.currentMetrics?.map(({ type }) => type)).to.deep.equal(['Resource', 'Empty']);
  });

  it('does not scale down when one metric failed', () => {
    const decision = tick({ policy, snapshot: given.snapshot(2, [given.usages(10, 10), failing]) });
    expect(decision.verdict).to.equal('MetricsFailed');
    expect(decision.events.map(({ reason }) => reason)).to.deep.equal([
      'FailedGetExternalMetric',
      'FailedComputeMetricsReplicas',
    ]);
    expect(decision.events[1]?.message).to.equal(
      'invalid metrics (1 invalid out of 2), first error is: failed to get queue external metric value: failed to get queue external metric: unable to get external metric default/queue/nil: unable to fetch metrics from external metrics API: gone',
    );
  });

  it('names the first failed metric in the condition when all failed', () => {
    const decision = tick({ policy, snapshot: given.snapshot(2, [given.usages(), failing]) });
    const active = decision.conditions.find(({ type }) => type === 'ScalingActive');
    expect(active?.reason).to.equal('FailedGetResourceMetric');
    expect(active?.message).to.equal(
      'the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API',
    );
  });

  it('takes a metric of a type that nobody knows for a failed one', () => {
    const unknown = given.policy({ metrics: [{ type: 'Unknown', given: 'CheddarCheese' }] });
    const decision = tick({ policy: unknown, snapshot: given.snapshot(2, [{ type: 'Unknown' }]) });
    expect(decision.events[0]).to.deep.equal({
      type: 'Warning',
      reason: 'InvalidMetricSourceType',
      message: 'unknown metric source type "CheddarCheese"',
    });
  });
});

describe('scaling from and to zero', () => {
  const zeroPolicy = given.policy({ minReplicas: 0, metrics: [given.queueOf10] });
  const marked: Condition = {
    type: 'ScaledToZero',
    status: 'True',
    reason: 'ScaledToZero',
    message: '',
    lastTransitionAtMs: given.now,
  };
  const status = { ...given.noStatus, conditions: [marked] };
  const mark = (decision: Decision) =>
    decision.afterRescale?.conditions.find(({ type }) => type === 'ScaledToZero')?.status;

  it('reaches zero when nothing is queued, and marks who did it', () => {
    const decision = tick({
      policy: zeroPolicy,
      snapshot: given.snapshot(2, [given.queue(0)]),
      options: given.scaleToZero,
    });
    expect(decision.desiredReplicas).to.equal(0);
    expect(mark(decision)).to.equal('True');
  });

  it('comes back when it was the autoscaler that scaled to zero', () => {
    const decision = tick({
      policy: zeroPolicy,
      snapshot: given.snapshot(0, [given.queue(25)], { status }),
      options: given.scaleToZero,
    });
    expect(decision.desiredReplicas).to.equal(3);
    expect(mark(decision)).to.equal('False');
  });

  it('starts at a minimum that was raised meanwhile', () => {
    const decision = tick({
      policy: { ...zeroPolicy, minReplicas: 2, behavior: given.behavior() },
      snapshot: given.snapshot(0, [given.queue(0)], { status }),
      options: given.scaleToZero,
    });
    expect(decision.desiredReplicas).to.equal(2);
    expect(decision.trace.limiters.at(-1)).to.include({ limiter: 'range', from: 0, to: 2 });
  });

  it('stays at zero when a person scaled it there', () => {
    const decision = tick({
      policy: zeroPolicy,
      snapshot: given.snapshot(0, [given.queue(25)]),
      options: given.scaleToZero,
    });
    expect(decision.verdict).to.equal('Disabled');
  });

  it('stays at zero when no metric could ask for the first pod', () => {
    const decision = tick({
      policy: given.policy({ minReplicas: 0 }),
      snapshot: given.snapshot(0, [given.usages()], { status }),
      options: given.scaleToZero,
    });
    expect(decision.verdict).to.equal('Disabled');
  });

  it('forgets the mark where the feature is off', () => {
    const paused = tick({ policy: zeroPolicy, snapshot: given.snapshot(0, [given.queue(25)], { status }) });
    expect(reasons(paused.conditions)).not.to.have.property('ScaledToZero');
    const rescaled = tick({ snapshot: given.snapshot(1, [given.usages(2000)], { status }) });
    expect(rescaled.rescale).to.equal(true);
    expect(mark(rescaled)).to.equal(undefined);
  });
});
