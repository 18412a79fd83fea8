import { expect } from 'chai';
import { outcomeOf } from '../../src/api/decision-status.ts';
import type { WireDecision } from '../../src/api/decision-status.ts';
import type { DecideInput } from '../../src/decide/decide-input.ts';
import { decide } from '../../src/decide/decide.ts';
import { tellDecision } from '../../src/operator/tell-decision.ts';
import * as given from '../decide/builders.ts';
import { TestCluster } from '../support/cluster.ts';

function told(changes: Partial<DecideInput>): WireDecision {
  const input = given.input(changes);
  return tellDecision(decide(input), input.policy);
}

const busy = given.snapshot(5, [given.usages(950, 950, 950, 950)], {
  pods: [...given.pods(4), given.pod('web-4', { phase: 'Pending' })],
});

describe('a decision in the status', () => {
  it('has what each metric showed and asked for, and its pods', () => {
    expect(told({ snapshot: busy })).to.deep.equal({
      time: '2000-01-01T12:00:00Z',
      from: 5,
      to: 8,
      reason:
        '5 -> 8: cpu at 95 % of request against 50 % asks for 8 (4 pods counted, 1 not ready counted as 0)',
      metrics: [
        {
          metric: 'Resource/cpu',
          current: '95%',
          target: '50%',
          proposedReplicas: 8,
          wins: true,
          pods: { counted: 4, assumed: 1, leftOut: 0 },
        },
      ],
    });
  });

  it('has what was asked for in place of the metrics, with its reason and words', () => {
    const sampledMs = given.now - 10 * given.seconds;
    const acted = { metrics: { 'Resource/cpu': { actedSampleAtMs: sampledMs } } };
    const fresh = told({
      policy: given.policy({ requireFreshSamples: true }),
      snapshot: given.snapshot(2, [given.usages(1000, 1000)]),
      history: given.history(acted),
    });
    expect(fresh.limits).to.deep.equal([
      {
        ...{ limiter: 'alreadyActedOn', reason: 'SampleActedOn', from: 4, to: 2 },
        message: 'the newest sample, 10 s old, has led to a rescale already',
      },
    ]);
    const overloaded = { atMs: given.now - given.seconds, replicas: 4, aboveTarget: true, nonZero: true };
    const step = told({
      policy: given.policy({ onAllPodsUnready: 'StepUp' }),
      snapshot: given.snapshot(4, [{ type: 'Resource', usage: { ok: false, message: 'no metrics' } }], {
        pods: given.pods(4, { ready: { status: 'False', sinceMs: given.now - given.minutes } }),
      }),
      history: given.history({ metrics: { 'Resource/cpu': { lastGood: overloaded } } }),
    });
    expect(step.limits).to.deep.equal([
      {
        ...{ limiter: 'stepUp', reason: 'NoPodReady', from: 4, to: 6 },
        message: 'no pod is ready and a metric was above its target, so one step up until a pod is',
      },
    ]);
  });

  it('has each limit that changed the count, with its end', () => {
    const history = given.history({ recommendations: [{ atMs: given.now - given.minutes, replicas: 9 }] });
    expect(told({ snapshot: given.snapshot(1, [given.usages(100)]), history }).limits).to.deep.equal([
      {
        limiter: 'stabilization',
        reason: 'ScaleDownStabilized',
        from: 1,
        to: 9,
        until: '2000-01-01T12:04:00Z',
        message: 'scale-down held for 4 m more by the recommendation of 9 from 1 m ago',
      },
      {
        limiter: 'rate',
        reason: 'ScaleUpLimit',
        from: 9,
        to: 4,
        message: 'scale-up limited to twice the replicas, or 4, in one step',
      },
    ]);
  });

  it('says why a metric could not be read, and shows nothing that was not looked at', () => {
    const reading = { type: 'Resource', usage: { ok: false, message: 'connection refused' } } as const;
    const { metrics, from, to } = told({ snapshot: given.snapshot(2, [reading]) });
    expect(metrics).to.have.length(1);
    expect(metrics?.[0]).to.have.all.keys('metric', 'message');
    expect(metrics?.[0]?.message).to.contain('connection refused');
    expect([from, to]).to.deep.equal([2, 2]);
    expect(told({ snapshot: given.snapshot(0, []) })).to.not.have.any.keys('metrics', 'limits');
  });

  it('is of a bounded size, whatever servers answer, and taken by the cluster', async () => {
    const message = `${'x'.repeat(510)}\u{1f525}${'y'.repeat(5000)}`;
    const metrics = Array.from({ length: 40 }, (_, index) => ({
      ...given.queueOf10,
      metric: { name: `queue-${index}-${'z'.repeat(400)}` },
    }));
    const reading = { type: 'External', milli: { ok: false, message } } as const;
    const decision = told({
      policy: given.policy({ metrics }),
      snapshot: given.snapshot(
        2,
        metrics.map(() => reading),
      ),
    });
    expect(JSON.stringify(decision).length).to.be.lessThan(28_000);
    expect(JSON.stringify(decision)).to.not.match(/\\ud[89ab]/);
    const cluster = await TestCluster.start();
    cluster.autoscale('web');
    const status = { desiredReplicas: 2, conditions: [], currentMetrics: null, decision };
    cluster.api.patch('customautoscalers.plimsoll.dev', 'default', 'web', 'merge', { status }, 'status');
    expect(cluster.status('web')?.decision).to.deep.equal(decision);
    await cluster.close();
  });
});

describe('outcomeOf', () => {
  const calm = (cpu: number) => told({ snapshot: given.snapshot(2, [given.usages(cpu, cpu)]) });
  const same: Record<string, [WireDecision, WireDecision, boolean]> = {
    'is the same while only values differ': [calm(500), calm(510), true],
    'is another with another count': [calm(500), calm(900), false],
    'is another when a metric ceases to answer': [
      calm(500),
      told({
        snapshot: given.snapshot(2, [{ type: 'Resource', usage: { ok: false, message: 'no' } }]),
      }),
      false,
    ],
    'is another with another limit': [
      told({
        policy: given.policy({ maxReplicas: 4 }),
        snapshot: given.snapshot(2, [given.usages(1000, 1000)]),
      }),
      told({
        policy: given.policy({ maxReplicas: 4 }),
        snapshot: given.snapshot(2, [given.usages(1400, 1400)]),
      }),
      false,
    ],
  };
  for (const [title, [a, b, isSame]] of Object.entries(same)) {
    it(title, () => expect(outcomeOf(a) === outcomeOf(b)).to.equal(isSame));
  }
});
