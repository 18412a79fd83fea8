import { expect } from 'chai';
import { advise } from '../../src/decide/advice.ts';
import { decide } from '../../src/decide/decide.ts';
import { explain } from '../../src/decide/explain.ts';
import { withoutWrite } from '../../src/decide/plan.ts';
import type { Suspension } from '../../src/decide/policy.ts';
import { settle } from '../../src/decide/settle.ts';
import type { Snapshot } from '../../src/decide/snapshot.ts';
import type { AutoscalerStatus } from '../../src/decide/status.ts';
import { suspendedMark } from '../../src/decide/suspend.ts';
import * as given from './builders.ts';

const { now } = given;
const both: Suspension = { scaleUp: true, scaleDown: true };
const before: AutoscalerStatus = { ...given.noStatus, desiredReplicas: 1, lastScaleAtMs: 5 };
const busy = given.snapshot(1, [given.usages(1500)], { status: before });
const calm = given.snapshot(1, [given.usages(500)], { status: before });

function tick(snapshot: Snapshot, suspend: Suspension = both) {
  const policy = given.policy({ behavior: given.behavior(), mode: 'Paused', suspend });
  const input = given.input({ policy, snapshot });
  const decision = decide(input);
  const settled = settle(decision, snapshot, withoutWrite(decision));
  return { decision, settled, status: advise(settled.status, { ...input, decision }) };
}

describe('a pause', () => {
  it('decides as in earnest, and marks what it holds back as the last step', () => {
    const earnest = decide(
      given.input({ snapshot: busy, policy: given.policy({ behavior: given.behavior() }) }),
    );
    const { suspended, trace, ...decision } = tick(busy, {
      ...both,
      untilMs: now + 1000,
      reason: 'the sale',
    }).decision;
    expect(suspended).to.equal(true);
    expect({ ...decision, trace: earnest.trace }).to.deep.equal(earnest);
    expect(trace.limiters).to.deep.equal([
      ...earnest.trace.limiters,
      {
        limiter: 'suspended',
        from: 3,
        to: 1,
        reason: 'ScaleUpSuspended',
        untilMs: now + 1000,
        why: 'the sale',
      },
    ]);
  });

  it('holds back the way into the bounds, too', () => {
    const outside = given.snapshot(40, [], { status: before });
    const { decision } = tick(outside);
    expect(decision).to.include({ verdict: 'OutOfRange', desiredReplicas: 10, suspended: true });
    expect(suspendedMark(decision)).to.include({ from: 10, to: 40, reason: 'ScaleDownSuspended' });
  });

  it('leaves no mark where there is nothing to hold back', () => {
    expect(tick(calm).decision).not.to.have.property('suspended');
    expect(tick(busy, { scaleUp: false, scaleDown: true }).decision).not.to.have.property('suspended');
    expect(tick(busy, { ...both, untilMs: now }).decision).not.to.have.property('suspended');
  });

  it('shows the wish in status, and remembers nothing that was not done', () => {
    const { status, settled } = tick(busy);
    expect(status).to.include({ currentReplicas: 1, desiredReplicas: 3, lastScaleAtMs: 5 });
    expect(status.conditions[0]).to.deep.equal({
      type: 'AbleToScale',
      status: 'True',
      reason: 'ScaleUpSuspended',
      message: 'the target would be scaled from 1 to 3, but scaling up is suspended',
      lastTransitionAtMs: now,
    });
    expect(settled.history?.scaleUps).to.deep.equal([]);
    expect(settled.history?.recommendations).to.have.length(1);
  });

  it('has one event as it begins to hold a direction back, however the wish goes on', () => {
    const first = tick(busy);
    expect(first.settled.events).to.deep.equal([
      {
        type: 'Normal',
        reason: 'ScaleUpSuspended',
        message:
          'Would scale from 1 to 3, but scaling up is suspended; reason: cpu resource utilization (percentage of request) above target',
      },
    ]);
    const busier = given.snapshot(1, [given.usages(2500)], { status: first.status });
    expect(tick(busier).settled.events).to.deep.equal([]);
    const idle = given.snapshot(40, [], { status: first.status });
    expect(tick(idle).settled.events.map(({ reason }) => reason)).to.deep.equal(['ScaleDownSuspended']);
  });

  it('is told in words', () => {
    const { decision } = tick(busy, { ...both, untilMs: now, reason: 'the sale' });
    expect(explain(decision)).to.match(/^1 -> 3: /);
    const held = tick(busy, { scaleUp: true, scaleDown: false, untilMs: now + 60_000, reason: 'the sale' });
    expect(explain(held.decision)).to.match(
      /^stays at 1: cpu at .*; 1 instead of 3: scaling up is suspended until 2000-01-01T12:01:00Z: the sale$/,
    );
  });

  const words: Readonly<Record<string, readonly [Suspension, string]>> = {
    'both directions': [both, 'True Paused: scaling up and down is suspended'],
    'one direction': [{ ...both, scaleDown: false }, 'True Paused: scaling up is suspended'],
    'the other direction, with a reason': [
      { scaleUp: false, scaleDown: true, reason: 'the sale' },
      'True Paused: scaling down is suspended: the sale',
    ],
    'an end to come': [
      { ...both, untilMs: now + 1000 },
      'True Paused: scaling up and down is suspended until 2000-01-01T12:00:01Z',
    ],
    'an end that has come': [
      { ...both, untilMs: now },
      'False PauseEnded: the pause ended at 2000-01-01T12:00:00Z',
    ],
  };
  for (const [sentence, [suspend, expected]] of Object.entries(words))
    it(`has a condition that names ${sentence}`, () => {
      const known = { ...calm, status: tick(calm).status };
      const condition = tick(known, suspend).status.conditions.find(({ type }) => type === 'Suspended');
      expect(`${condition?.status} ${condition?.reason}: ${condition?.message}`).to.equal(expected);
    });

  it('has no condition before the first one', () => {
    expect(tick(calm, { ...both, untilMs: now }).status.conditions.map(({ type }) => type)).not.to.include(
      'Suspended',
    );
  });
});
