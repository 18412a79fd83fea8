import { expect } from 'chai';
import { decide } from '../../src/decide/decide.ts';
import { agreementRatio, hasAgreed, shadowAfter } from '../../src/decide/shadow.ts';
import type { Shadow } from '../../src/decide/shadow.ts';
import type { Rival, Snapshot, WantedScale } from '../../src/decide/snapshot.ts';
import * as given from './builders.ts';

const { now } = given;
const hpa = (wanted: Partial<WantedScale>, name = 'web'): Rival => ({
  ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name },
  wanted: { reason: 'ValidMetricFound: by cpu', spec: 'a1', ...wanted },
});
const another: Rival = { apiVersion: 'plimsoll.dev/v1', kind: 'CustomAutoscaler', name: 'other' };

/** A dry run that wants so many. */
function wants(replicas: number, generation = 1) {
  const snapshot: Snapshot = given.snapshot(replicas, [given.usages(...Array<number>(replicas).fill(500))]);
  const decision = decide(given.input({ snapshot, policy: given.policy({ mode: 'DryRun' }) }));
  expect(decision.desiredReplicas).to.equal(replicas);
  return { decision, generation };
}

const tick = (before: Shadow | undefined, ours: number, theirs: Rival[], generation = 1) =>
  shadowAfter(before, { ...wants(ours, generation), rivals: theirs });

/** Ticks of ours and theirs, one after the other. */
const after = (...counts: (readonly [number, number])[]): Shadow | undefined =>
  counts.reduce<Shadow | undefined>(
    (shadow, [ours, theirs]) => tick(shadow, ours, [hpa({ replicas: theirs })])?.shadow,
    undefined,
  );

describe('a shadow', () => {
  it('counts the ticks in which both want the same, and keeps the first difference', () => {
    expect(after([2, 2], [3, 3])).to.deep.equal({
      hpa: 'web',
      specs: '1-a1',
      sinceMs: now,
      ticks: 2,
      agreed: 2,
    });
    const shadow = after([2, 2], [3, 4], [3, 5], [4, 4]);
    expect(shadow).to.include({ ticks: 4, agreed: 2 });
    expect(shadow?.firstDifference).to.include({ atMs: now, ours: 3, theirs: 4 });
    expect(shadow?.firstDifference?.reason).to.match(
      /^ours: stays at 3: cpu at 50 % .*; the HorizontalPodAutoscaler's: ValidMetricFound: by cpu$/,
    );
  });

  it('tells of each tick whether both agree', () => {
    expect(tick(undefined, 2, [hpa({ replicas: 2 })])?.agrees).to.equal(true);
    expect(tick(undefined, 2, [hpa({ replicas: 3 })])?.agrees).to.equal(false);
  });

  it('compares nothing before the HPA has evaluated its metrics', () => {
    const first = tick(undefined, 2, [hpa({})]);
    expect(first).not.to.have.property('agrees');
    expect(first?.shadow).to.include({ ticks: 0, agreed: 0 });
  });

  it('compares nothing where no count was computed', () => {
    const snapshot = given.snapshot(2, [{ type: 'Resource', usage: { ok: false, message: 'away' } }]);
    const decision = decide(given.input({ snapshot, policy: given.policy({ mode: 'DryRun' }) }));
    expect(decision.verdict).to.equal('MetricsFailed');
    const next = shadowAfter(after([2, 2]), { decision, generation: 1, rivals: [hpa({ replicas: 9 })] });
    expect(next).to.deep.equal({ shadow: after([2, 2]) });
  });

  it('is none without a HorizontalPodAutoscaler', () => {
    expect(tick(after([2, 2]), 2, [])).to.equal(undefined);
    expect(tick(after([2, 2]), 2, [another])).to.equal(undefined);
  });

  it('is of the first of several by name, in whatever order they are read', () => {
    const both = [hpa({ replicas: 9 }, 'b'), another, hpa({ replicas: 2 }, 'a')];
    for (const rivals of [both, both.toReversed()])
      expect(tick(undefined, 2, rivals)?.shadow).to.include({ hpa: 'a', agreed: 1 });
  });

  const changes: Readonly<Record<string, readonly [Rival, number]>> = {
    'the spec of the HPA changes': [hpa({ replicas: 2, spec: 'b2' }), 1],
    'the own spec changes': [hpa({ replicas: 2 }), 2],
    'it is another HPA': [hpa({ replicas: 2 }, 'web-2'), 1],
  };
  for (const [sentence, [theirs, generation]] of Object.entries(changes))
    it(`begins anew when ${sentence}`, () => {
      const shadow = tick(after([2, 2], [2, 3]), 2, [theirs], generation)?.shadow;
      expect(shadow).to.include({ ticks: 1, agreed: 1 });
      expect(shadow).not.to.have.property('firstDifference');
    });

  it('has a share that is whole before anything was compared', () => {
    expect(agreementRatio({ ticks: 0, agreed: 0 })).to.equal(1);
    expect(agreementRatio({ ticks: 4, agreed: 3 })).to.equal(0.75);
  });

  const believed: Readonly<Record<string, readonly [Pick<Shadow, 'ticks' | 'agreed'> | undefined, boolean]>> =
    {
      'there is none': [undefined, false],
      'nothing was compared': [{ ticks: 0, agreed: 0 }, false],
      'too few ticks were compared': [{ ticks: 19, agreed: 19 }, false],
      'enough ticks agree': [{ ticks: 20, agreed: 19 }, true],
      'too few of them agree': [{ ticks: 20, agreed: 18 }, false],
    };
  for (const [sentence, [shadow, expected]] of Object.entries(believed))
    it(`is ${expected ? '' : 'not '}believed when ${sentence}`, () => {
      expect(hasAgreed(shadow)).to.equal(expected);
    });

  it('is believed by what one asks for', () => {
    expect(hasAgreed({ ticks: 2, agreed: 1 }, { ticks: 2, ratio: 0.5 })).to.equal(true);
    expect(hasAgreed({ ticks: 1, agreed: 1 }, { ticks: 2, ratio: 0.5 })).to.equal(false);
  });
});
