import { expect } from 'chai';
import { normalizeDefault } from '../../src/decide/normalize-default.ts';
import type { Proposed } from '../../src/decide/normalize.ts';
import { history, minutes, noHistory, now, seconds } from './builders.ts';

const window = 5 * minutes;
const proposed = (changes: Partial<Proposed>): Proposed => ({
  proposedReplicas: 3,
  currentReplicas: 5,
  minReplicas: 1,
  maxReplicas: 100,
  history: noHistory,
  nowMs: now,
  ...changes,
});
const recommended = (ageMs: number, replicas: number) =>
  history({ recommendations: [{ atMs: now - ageMs, replicas }] });

const cases: Record<string, [Partial<Proposed>, desired: number, able: string, limited: string]> = {
  'passes a proposal on when nothing limits it': [{}, 3, 'ReadyForNewScale', 'DesiredWithinRange'],
  'holds the highest recommendation of the window': [
    { history: recommended(minutes, 4) },
    4,
    'ScaleDownStabilized',
    'DesiredWithinRange',
  ],
  'counts a recommendation exactly at the edge of the window': [
    { history: recommended(window, 4) },
    4,
    'ScaleDownStabilized',
    'DesiredWithinRange',
  ],
  'forgets a recommendation just beyond the window': [
    { history: recommended(window + 1, 4) },
    3,
    'ReadyForNewScale',
    'DesiredWithinRange',
  ],
  'does not hold a scale-up back': [
    { proposedReplicas: 9, history: recommended(minutes, 6) },
    9,
    'ReadyForNewScale',
    'DesiredWithinRange',
  ],
  'raises to the minimum': [{ minReplicas: 4 }, 4, 'ReadyForNewScale', 'TooFewReplicas'],
  'cuts at the maximum': [{ proposedReplicas: 9, maxReplicas: 8 }, 8, 'ReadyForNewScale', 'TooManyReplicas'],
  'doubles at most': [{ proposedReplicas: 11 }, 10, 'ReadyForNewScale', 'ScaleUpLimit'],
  'always allows four': [{ proposedReplicas: 9, currentReplicas: 1 }, 4, 'ReadyForNewScale', 'ScaleUpLimit'],
  'says the maximum where it is the same as the fastest step': [
    { proposedReplicas: 11, maxReplicas: 10 },
    10,
    'ReadyForNewScale',
    'TooManyReplicas',
  ],
};

describe('normalising without behavior', () => {
  for (const [sentence, [changes, desired, able, limited]] of Object.entries(cases)) {
    it(sentence, () => {
      const result = normalizeDefault(proposed(changes), window);
      expect(result.desiredReplicas).to.equal(desired);
      expect(result.findings.map(({ reason }) => reason)).to.deep.equal([able, limited]);
    });
  }

  it('leaves a mark for each step', () => {
    const result = normalizeDefault(proposed({ history: recommended(seconds, 20) }), window);
    expect(result.limiters).to.deep.equal([
      {
        limiter: 'stabilization',
        from: 3,
        to: 20,
        reason: 'ScaleDownStabilized',
        by: { atMs: now - seconds, replicas: 20, expiresAtMs: now - seconds + window },
      },
      { limiter: 'rate', from: 20, to: 10, reason: 'ScaleUpLimit', by: { type: 'Doubling' } },
    ]);
  });

  it('records the proposal, in the place of the last expired recommendation', () => {
    const recommendations = [
      { atMs: now - window - 2, replicas: 7 },
      { atMs: now - window - 1, replicas: 8 },
      { atMs: now - window, replicas: 4 },
    ];
    const result = normalizeDefault(proposed({ history: history({ recommendations }) }), window);
    expect(result.history.recommendations).to.deep.equal([
      recommendations[0],
      { atMs: now, replicas: 3 },
      recommendations[2],
    ]);
  });
});
