import { expect } from 'chai';
import { decide } from '../../src/decide/decide.ts';
import { explain } from '../../src/decide/explain.ts';
import { settle } from '../../src/decide/settle.ts';
import type { Mode } from '../../src/decide/policy.ts';
import type { Snapshot } from '../../src/decide/snapshot.ts';
import type { AutoscalerStatus } from '../../src/decide/status.ts';
import * as given from './builders.ts';

const decideOn = (snapshot: Snapshot, mode: Mode = 'DryRun') =>
  decide(given.input({ policy: given.policy({ behavior: given.behavior(), mode }), snapshot }));

const before: AutoscalerStatus = { ...given.noStatus, desiredReplicas: 1, lastScaleAtMs: 5 };
const busy = given.snapshot(1, [given.usages(1500)], { status: before });

describe('a dry run', () => {
  it('decides as in earnest', () => {
    const { dryRun, ...decision } = decideOn(busy);
    expect(dryRun).to.equal(true);
    expect(decision).to.deep.equal(decideOn(busy, 'Active'));
  });

  it('shows the wish in status, and changes neither the time of the last scale nor the scale events', () => {
    const { status, history } = settle(decideOn(busy), busy, { type: 'DryRun' });
    expect(status).to.include({ currentReplicas: 1, desiredReplicas: 3, lastScaleAtMs: 5 });
    expect(status.conditions[0]).to.deep.equal({
      type: 'AbleToScale',
      status: 'True',
      reason: 'DryRun',
      message: 'the target would be scaled from 1 to 3, but the mode is DryRun',
      lastTransitionAtMs: given.now,
    });
    expect(history?.scaleUps).to.deep.equal([]);
    expect(history?.recommendations).to.have.length(1);
  });

  it('has one event for a wish, not one a tick', () => {
    const { status, events } = settle(decideOn(busy), busy, { type: 'DryRun' });
    expect(events).to.deep.equal([
      {
        type: 'Normal',
        reason: 'DryRun',
        message:
          'Would scale from 1 to 3; reason: cpu resource utilization (percentage of request) above target',
      },
    ]);
    const again = { ...busy, status };
    const second = settle(decideOn(again), again, { type: 'DryRun' });
    expect(second).to.deep.include({ events: [], statusChanged: false });
  });

  const failed = decideOn(given.snapshot(1, [{ type: 'Resource', usage: { ok: false, message: 'gone' } }]));
  const neverTold: Readonly<Record<string, AutoscalerStatus>> = {
    'at its first tick': given.noStatus,
    'after metrics that never answered': { ...given.noStatus, conditions: failed.conditions },
  };
  for (const [when, status] of Object.entries(neverTold))
    it(`has one event for a wish of none, also ${when}`, () => {
      const mode = 'DryRun';
      const policy = given.policy({
        ...{ minReplicas: 0, metrics: [given.queueOf10], mode },
        behavior: given.behavior({}, { stabilizationWindowSeconds: 0 }),
      });
      const settled = (snapshot: Snapshot) => {
        const decision = decide(given.input({ policy, options: given.scaleToZero, snapshot }));
        return settle(decision, snapshot, { type: 'DryRun' });
      };
      const empty = given.snapshot(1, [given.queue(0)], { status });
      const first = settled(empty);
      expect(first.events.map(({ reason, message }) => `${reason}: ${message}`)).to.deep.equal([
        'DryRun: Would scale from 1 to 0; reason: All metrics below target',
      ]);
      expect(settled({ ...empty, status: first.status }).events).to.deep.equal([]);
    });

  it('says in words that it was one', () => {
    expect(explain(decideOn(busy))).to.match(/^1 -> 3 \(dry run\): /);
    const calm = given.snapshot(1, [given.usages(500)]);
    expect(explain(decideOn(calm))).to.match(/^stays at 1: /);
  });
});
