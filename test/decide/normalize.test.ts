import { expect } from 'chai';
import { ableToScale } from '../../src/decide/conditions.ts';
import { holder, report } from '../../src/decide/normalize.ts';
import type { Limited, Normalized, Proposed } from '../../src/decide/normalize.ts';
import { history, noHistory, now } from './builders.ts';

const proposed: Proposed = {
  proposedReplicas: 9,
  currentReplicas: 5,
  minReplicas: 2,
  maxReplicas: 20,
  history: history({ scaleUps: [{ atMs: now, change: 1, outdated: false }] }),
  nowMs: now,
};
const stabilized = { replicas: 7, finding: ableToScale.scaleUpStabilized };
const recommendations = [{ atMs: now, replicas: 9 }];
const reported = (limited: Limited): Normalized => report(proposed, stabilized, limited, recommendations);
const limitedCondition = ({ findings }: Normalized) => findings[1]?.status;

describe('what both ways of normalising report', () => {
  it('is limited only where the last step changed the count', () => {
    expect(limitedCondition(reported({ replicas: 7, reason: 'DesiredWithinRange' }))).to.equal('False');
    expect(limitedCondition(reported({ replicas: 6, reason: 'TooManyReplicas' }))).to.equal('True');
  });

  it('is one finding and one mark for each step', () => {
    const { findings, limiters, desiredReplicas } = reported({ replicas: 6, reason: 'TooManyReplicas' });
    expect(desiredReplicas).to.equal(6);
    expect(findings[0]).to.equal(ableToScale.scaleUpStabilized);
    expect(limiters).to.deep.equal([
      { limiter: 'stabilization', from: 9, to: 7, reason: 'ScaleUpStabilized' },
      { limiter: 'bounds', from: 7, to: 6, reason: 'TooManyReplicas', minReplicas: 2, maxReplicas: 20 },
    ]);
  });

  it('tells a rate from a bound', () => {
    const by = { type: 'Disabled' } as const;
    expect(reported({ replicas: 5, reason: 'ScaleDownLimit', by }).limiters[1]).to.deep.equal({
      limiter: 'rate',
      from: 7,
      to: 5,
      reason: 'ScaleDownLimit',
      by,
    });
  });

  it('keeps the scale events, and takes the new recommendations', () => {
    const { history: next } = reported({ replicas: 7, reason: 'DesiredWithinRange' });
    expect(next).to.deep.equal({ ...proposed.history, recommendations });
    expect(next.scaleUps).not.to.deep.equal(noHistory.scaleUps);
  });
});

describe('the recommendation that holds a count', () => {
  const held = (...recommendations: (readonly [ageMs: number, replicas: number])[]) => {
    const past = history({
      recommendations: recommendations.map(([ageMs, replicas]) => ({ atMs: now - ageMs, replicas })),
    });
    return holder({ ...proposed, history: past }, 1000, ({ replicas }) => replicas < 9);
  };
  const by = (ageMs: number, replicas: number) => ({
    atMs: now - ageMs,
    replicas,
    expiresAtMs: now - ageMs + 1000,
  });

  it('is none where none is enough', () => {
    expect(held([10, 9], [20, 12])).to.equal(undefined);
  });

  it('is the newest that is enough, wherever it stands in the list', () => {
    expect(held([30, 2], [10, 7], [5, 12], [20, 3])).to.deep.equal(by(10, 7));
    expect(held([10, 7], [20, 3], [30, 2])).to.deep.equal(by(10, 7));
  });

  it('is the one furthest from the proposal among equally new ones', () => {
    expect(held([10, 7], [10, 3], [10, 5])).to.deep.equal(by(10, 3));
    expect(held([10, 3], [10, 7])).to.deep.equal(by(10, 3));
  });
});
