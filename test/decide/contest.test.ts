import { expect } from 'chai';
import { withoutContest } from '../../src/decide/contest.ts';
import { decide } from '../../src/decide/decide.ts';
import type { DecideInput } from '../../src/decide/decide-input.ts';
import { explain } from '../../src/decide/explain.ts';
import { plan, withoutWrite } from '../../src/decide/plan.ts';
import { settle } from '../../src/decide/settle.ts';
import type { Rival, Snapshot } from '../../src/decide/snapshot.ts';
import * as given from './builders.ts';

const hpa: Rival = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'web' };
const keda: Rival = { ...hpa, name: 'keda-hpa-orders', owner: 'ScaledObject orders' };
const message =
  'Deployment web is also scaled by HorizontalPodAutoscaler keda-hpa-orders (of ScaledObject orders), HorizontalPodAutoscaler web; nothing is scaled until only one is left';

const busy = (changes: Partial<Snapshot> = {}) =>
  given.snapshot(2, [given.usages(1500, 1500)], { rivals: [hpa, keda], ...changes });

const decideOn = (snapshot: Snapshot, changes: Partial<DecideInput> = {}) =>
  decide(given.input({ snapshot, ...changes }));

describe('a target with another autoscaler', () => {
  it('is left alone, whatever its metrics say', () => {
    const snapshot = busy();
    const decision = decideOn(snapshot);
    expect(decision).to.include({ verdict: 'Contested', rescale: false, currentMetrics: null });
    expect(decision.trace).to.deep.equal({ proposals: [], limiters: [], rivals: [hpa, keda] });
    expect(plan(decision, snapshot)).to.deep.equal([]);
    expect(withoutWrite(decision)).to.deep.equal({ type: 'NotNeeded' });
  });

  it('does not look contested any more once it is brought back into its bounds', () => {
    const snapshot = busy({ target: { ok: true, value: given.scale(99) } });
    const { status } = settle(decideOn(snapshot), snapshot, { type: 'NotNeeded' });
    expect(status.conditions.map(({ reason }) => reason)).to.include('AmbiguousTarget');
    const alone = decideOn({ ...snapshot, rivals: [], status });
    expect(alone.verdict).to.equal('OutOfRange');
    expect(alone.conditions.map(({ reason }) => reason)).to.deep.equal(['SucceededGetScale']);
  });

  it('is left alone outside of its bounds and at zero, too', () => {
    expect(decideOn(busy({ target: { ok: true, value: given.scale(99) } })).verdict).to.equal('Contested');
    expect(decideOn(busy({ target: { ok: true, value: given.scale(0) } })).verdict).to.equal('Contested');
  });

  it('has a condition and an event that name each rival and whose it is', () => {
    const { conditions, events } = decideOn(busy());
    expect(conditions[1]).to.include({ type: 'ScalingActive', status: 'False', reason: 'AmbiguousTarget' });
    expect(conditions[1]?.message).to.equal(message);
    expect(events).to.deep.equal([{ type: 'Warning', reason: 'AmbiguousTarget', message }]);
  });

  it('has no second event while the rivals stay, in whatever order they were read, and one when they change', () => {
    const first = busy();
    const { status } = settle(decideOn(first), first, { type: 'NotNeeded' });
    expect(decideOn(busy({ status, rivals: [keda, hpa] })).events).to.deep.equal([]);
    expect(decideOn(busy({ status, rivals: [keda] })).events).to.have.length(1);
  });

  it('keeps the desired count of its status, and writes nothing when all is as before', () => {
    const first = busy({ status: { ...given.noStatus, desiredReplicas: 7 } });
    const { status } = settle(decideOn(first), first, { type: 'NotNeeded' });
    expect(status).to.include({ currentReplicas: 2, desiredReplicas: 7 });
    const again = busy({ status });
    expect(settle(decideOn(again), again, { type: 'NotNeeded' }).statusChanged).to.equal(false);
  });

  it('leaves history as it was, so that the first own decision starts from the count that it finds', () => {
    expect(decideOn(busy(), { history: undefined }).history).to.equal(undefined);
    expect(decideOn(busy()).history).to.equal(given.noHistory);
  });

  it('is decided on in a dry run', () => {
    const decision = decideOn(busy(), { policy: given.policy({ mode: 'DryRun' }) });
    expect(decision).to.include({ verdict: 'Computed', desiredReplicas: 4 });
  });

  it('is decided on as ever once the rivals are gone', () => {
    expect(decideOn(busy({ rivals: [] }))).to.deep.equal(
      decideOn(given.snapshot(2, [given.usages(1500, 1500)])),
    );
  });

  it('has ten rivals in its trace, and all of them in its condition', () => {
    const rivals = Array.from({ length: 12 }, (_, index): Rival => ({ ...hpa, name: `web-${index}` }));
    const { trace, conditions } = decideOn(busy({ rivals }));
    expect(trace.rivals).to.deep.equal(rivals.slice(0, 10));
    for (const { name } of rivals)
      expect(conditions[1]?.message).to.include(`HorizontalPodAutoscaler ${name}`);
  });

  it('is told of in words', () => {
    expect(explain(decideOn(busy()))).to.equal(`stays at 2: ${message}`);
  });
});

describe('conditions without a contest', () => {
  const contested = decideOn(busy()).conditions;

  it('have all the others', () => {
    expect(withoutContest(contested).map(({ type }) => type)).to.deep.equal(['AbleToScale']);
  });

  it('are none when there was no other', () => {
    expect(withoutContest(contested.slice(1))).to.deep.equal([]);
  });

  it('are the very list when none was contested, as in nearly every tick', () => {
    const others = contested.slice(0, 1);
    expect(withoutContest(others)).to.equal(others);
  });
});
