import { expect } from 'chai';
import { decide } from '../../src/decide/decide.ts';
import { plan, withoutWrite } from '../../src/decide/plan.ts';
import type { Snapshot } from '../../src/decide/snapshot.ts';
import * as given from './builders.ts';

const decideOn = (snapshot: Snapshot) => decide(given.input({ snapshot }));

describe('the plan', () => {
  const target = { ok: true, value: given.scale(1, { resourceVersion: '42' }) } as const;
  const busy = given.snapshot(1, [given.usages(1500)], { target });

  it('writes the scale with the version that it was read at', () => {
    expect(plan(decideOn(busy), busy)).to.deep.equal([{ type: 'Scale', replicas: 3, resourceVersion: '42' }]);
  });

  it('has no lock where the recording has no version', () => {
    const recorded = given.snapshot(1, [given.usages(1500)]);
    expect(plan(decideOn(recorded), recorded)).to.deep.equal([{ type: 'Scale', replicas: 3 }]);
  });

  it('is empty when the decision holds', () => {
    const calm = given.snapshot(1, [given.usages(500)]);
    expect(plan(decideOn(calm), calm)).to.deep.equal([]);
  });

  it('is empty when the target is there already', () => {
    expect(plan(decideOn(busy), given.snapshot(3, []))).to.deep.equal([]);
  });

  it('is empty in a dry run, and says so only where there was something to write', () => {
    const dryRun = (snapshot: Snapshot) =>
      decide(given.input({ policy: given.policy({ mode: 'DryRun' }), snapshot }));
    expect(plan(dryRun(busy), busy)).to.deep.equal([]);
    expect(withoutWrite(dryRun(busy))).to.deep.equal({ type: 'DryRun' });
    const calm = given.snapshot(1, [given.usages(500)]);
    expect(withoutWrite(dryRun(calm))).to.deep.equal({ type: 'NotNeeded' });
    expect(withoutWrite(decideOn(calm))).to.deep.equal({ type: 'NotNeeded' });
  });

  it('is empty when the target cannot be read', () => {
    const lost = given.snapshot(1, [], { target: { ok: false, message: 'gone' } });
    expect(plan(decideOn(lost), lost)).to.deep.equal([]);
  });
});
