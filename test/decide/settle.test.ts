import { expect } from 'chai';
import { decide } from '../../src/decide/decide.ts';
import { settle } from '../../src/decide/settle.ts';
import type { Snapshot } from '../../src/decide/snapshot.ts';
import * as given from './builders.ts';

const decideOn = (snapshot: Snapshot, nowMs = given.now) =>
  decide(given.input({ policy: given.policy({ behavior: given.behavior() }), snapshot, nowMs }));

const busy = given.snapshot(1, [given.usages(1500)]);
const calm = given.snapshot(1, [given.usages(500)]);

describe('settling a decision', () => {
  it('after a write tells of the new size and when it was', () => {
    const { status, events, history, statusChanged } = settle(decideOn(busy, given.now + 250), busy, {
      type: 'Scaled',
    });
    expect(status).to.include({ currentReplicas: 1, desiredReplicas: 3, lastScaleAtMs: given.now });
    expect(status.conditions[0]).to.include({ status: 'True', reason: 'SucceededRescale' });
    expect(events).to.deep.equal([
      {
        type: 'Normal',
        reason: 'SuccessfulRescale',
        message: 'New size: 3; reason: cpu resource utilization (percentage of request) above target',
      },
    ]);
    expect(history?.scaleUps).to.have.length(1);
    expect(statusChanged).to.equal(true);
  });

  it('after a refused write keeps the old size, and the recommendation but no scale event', () => {
    const outcome = { type: 'Refused', message: 'forbidden' } as const;
    const { status, events, history } = settle(decideOn(busy), busy, outcome);
    expect(status).to.include({ currentReplicas: 1, desiredReplicas: 0 });
    expect(status).not.to.have.property('lastScaleAtMs');
    expect(status.conditions[0]).to.include({
      status: 'False',
      reason: 'FailedUpdateScale',
      message: 'the HPA controller was unable to update the target scale: forbidden',
    });
    expect(events[0]).to.include({ type: 'Warning', reason: 'FailedRescale' });
    expect(events[0]?.message).to.match(/^New size: 3; reason: .* above target; error: forbidden$/);
    expect(history?.scaleUps).to.deep.equal([]);
    expect(history?.recommendations).to.have.length(1);
  });

  it('moves the transition time of a write that is refused again and again', () => {
    const outcome = { type: 'Refused', message: 'forbidden' } as const;
    const first = settle(decideOn(busy), busy, outcome).status;
    const again = { ...busy, status: first };
    const later = given.now + 15 * given.seconds;
    const second = settle(decideOn(again, later), again, outcome);
    expect(second.status.conditions[0]?.lastTransitionAtMs).to.equal(later);
    expect(second.statusChanged).to.equal(true);
  });

  it('has nothing to write when the same tick comes again', () => {
    const { status } = settle(decideOn(calm), calm, { type: 'NotNeeded' });
    const again = { ...calm, status };
    const later = decideOn(again, given.now + 15 * given.seconds);
    expect(settle(later, again, { type: 'NotNeeded' })).to.include({ statusChanged: false });
  });

  it('keeps the old desired count while metrics fail', () => {
    const blind = given.snapshot(3, [given.usages()], { status: { ...given.noStatus, desiredReplicas: 7 } });
    const { status } = settle(decideOn(blind), blind, { type: 'NotNeeded' });
    expect(status).to.include({ currentReplicas: 3, desiredReplicas: 7 });
    expect(status.currentMetrics).to.deep.equal([{ type: 'Empty' }]);
  });

  it('touches nothing but a condition while the target cannot be read', () => {
    const before = { ...given.noStatus, currentReplicas: 2, desiredReplicas: 7, lastScaleAtMs: 5 };
    const lost = given.snapshot(3, [], { target: { ok: false, message: 'gone' }, status: before });
    const { status } = settle(decideOn(lost), lost, { type: 'NotNeeded' });
    expect({ ...status, conditions: [] }).to.deep.equal(before);
  });

  it('shows the bound as desired where the write into range was not needed any more', () => {
    const above = given.snapshot(12, [given.usages()]);
    const { status, events } = settle(decideOn(above), above, { type: 'NotNeeded' });
    expect(status).to.include({ currentReplicas: 12, desiredReplicas: 10 });
    expect(events).to.deep.equal([]);
  });

  it('refuses an outcome of a write that was not asked for', () => {
    expect(() => settle(decideOn(calm), calm, { type: 'Scaled' })).to.throw('Cannot settle a rescale');
  });
});
