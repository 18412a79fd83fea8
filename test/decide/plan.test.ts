import { expect } from 'chai';
import { decide } from '../../src/decide/decide.ts';
import { plan, withoutWrite } from '../../src/decide/plan.ts';
import type { Suspension } from '../../src/decide/policy.ts';
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

  const pauses: Readonly<Record<string, readonly [Suspension, written: boolean]>> = {
    'is empty while a pause holds back both directions': [{ scaleUp: true, scaleDown: true }, false],
    'is empty while a pause holds back this direction': [{ scaleUp: true, scaleDown: false }, false],
    'is as ever while a pause holds back the other one': [{ scaleUp: false, scaleDown: true }, true],
    'is empty until the last moment of a pause': [
      { scaleUp: true, scaleDown: true, untilMs: given.now + 1 },
      false,
    ],
    'is as ever once a pause is over': [{ scaleUp: true, scaleDown: true, untilMs: given.now }, true],
  };
  for (const [name, [suspend, written]] of Object.entries(pauses))
    it(name, () => {
      const policy = given.policy({ mode: 'Paused', suspend });
      const decision = decide(given.input({ snapshot: busy, policy }));
      expect(plan(decision, busy)).to.have.length(written ? 1 : 0);
      if (!written) expect(withoutWrite(decision)).to.deep.equal({ type: 'Suspended' });
    });

  it('is empty when the target cannot be read', () => {
    const lost = given.snapshot(1, [], { target: { ok: false, message: 'gone' } });
    expect(plan(decideOn(lost), lost)).to.deep.equal([]);
  });
});
