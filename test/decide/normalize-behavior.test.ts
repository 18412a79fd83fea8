import { expect } from 'chai';
import { normalizeBehavior } from '../../src/decide/normalize-behavior.ts';
import type { Proposed } from '../../src/decide/normalize.ts';
import type { Behavior } from '../../src/decide/policy.ts';
import { behavior, history, minutes, noHistory, now, seconds } from './builders.ts';

const flag = 5 * minutes;
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
const windowed = behavior({ stabilizationWindowSeconds: 60 }, { stabilizationWindowSeconds: 60 });
const onePod = { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] } as const;

interface Case {
  proposed: Partial<Proposed>;
  behavior?: Behavior;
  desired: number;
  able: string;
  limited: string;
}

const cases: Record<string, Case> = {
  'passes a proposal on when nothing limits it': {
    proposed: {},
    desired: 3,
    able: 'ReadyForNewScale',
    limited: 'DesiredWithinRange',
  },
  'holds the highest recommendation of the scale-down window': {
    proposed: { history: recommended(59 * seconds, 4) },
    behavior: windowed,
    desired: 4,
    able: 'ScaleDownStabilized',
    limited: 'DesiredWithinRange',
  },
  'leaves out a recommendation exactly at the edge, unlike the path without behavior': {
    proposed: { history: recommended(minutes, 4) },
    behavior: windowed,
    desired: 3,
    able: 'ReadyForNewScale',
    limited: 'DesiredWithinRange',
  },
  'takes the downscale flag where the behavior gives no window': {
    proposed: { history: recommended(flag - 1, 4) },
    desired: 4,
    able: 'ScaleDownStabilized',
    limited: 'DesiredWithinRange',
  },
  'holds the lowest recommendation of the scale-up window': {
    proposed: { proposedReplicas: 9, history: recommended(59 * seconds, 7) },
    behavior: windowed,
    desired: 7,
    able: 'ScaleUpStabilized',
    limited: 'DesiredWithinRange',
  },
  'stays where it is when recommendations lie on both sides': {
    proposed: { proposedReplicas: 9, history: recommended(59 * seconds, 2) },
    behavior: windowed,
    desired: 5,
    able: 'ScaleUpStabilized',
    limited: 'DesiredWithinRange',
  },
  'limits the way up by its rate': {
    proposed: { proposedReplicas: 50 },
    desired: 10,
    able: 'ReadyForNewScale',
    limited: 'ScaleUpLimit',
  },
  'limits the way up by the maximum when that is nearer': {
    proposed: { proposedReplicas: 50, maxReplicas: 8 },
    desired: 8,
    able: 'ReadyForNewScale',
    limited: 'TooManyReplicas',
  },
  'limits the way down by its rate': {
    proposed: {},
    behavior: behavior({}, onePod),
    desired: 4,
    able: 'ReadyForNewScale',
    limited: 'ScaleDownLimit',
  },
  'limits the way down by the minimum when that is nearer': {
    proposed: { minReplicas: 4 },
    desired: 4,
    able: 'ReadyForNewScale',
    limited: 'TooFewReplicas',
  },
  'does not shrink on the way up when recent scale-ups used up the rate': {
    proposed: {
      proposedReplicas: 9,
      history: history({ scaleUps: [{ atMs: now - seconds, change: 3, outdated: false }] }),
    },
    behavior: behavior(onePod),
    desired: 5,
    able: 'ReadyForNewScale',
    limited: 'ScaleUpLimit',
  },
  'does not grow on the way down when recent scale-downs used up the rate': {
    proposed: { history: history({ scaleDowns: [{ atMs: now - seconds, change: 3, outdated: false }] }) },
    behavior: behavior({}, onePod),
    desired: 5,
    able: 'ReadyForNewScale',
    limited: 'ScaleDownLimit',
  },
  'does not let a recommendation exactly at the edge hold the way up': {
    proposed: { proposedReplicas: 9, history: recommended(minutes, 7) },
    behavior: windowed,
    desired: 9,
    able: 'ReadyForNewScale',
    limited: 'DesiredWithinRange',
  },
  'does not call a count limited that is exactly the fastest on the way up': {
    proposed: { proposedReplicas: 10 },
    desired: 10,
    able: 'ReadyForNewScale',
    limited: 'DesiredWithinRange',
  },
  'says the maximum where it is the same as the fastest way up': {
    proposed: { proposedReplicas: 50, maxReplicas: 10 },
    desired: 10,
    able: 'ReadyForNewScale',
    limited: 'TooManyReplicas',
  },
  'does not call a count limited that is exactly the fastest on the way down': {
    proposed: { proposedReplicas: 4 },
    behavior: behavior({}, onePod),
    desired: 4,
    able: 'ReadyForNewScale',
    limited: 'DesiredWithinRange',
  },
  'says the minimum where it is the same as the fastest way down': {
    proposed: { proposedReplicas: 2, minReplicas: 4 },
    behavior: behavior({}, onePod),
    desired: 4,
    able: 'ReadyForNewScale',
    limited: 'TooFewReplicas',
  },
  'stays where the proposal is the current count, though the rate is used up': {
    proposed: {
      proposedReplicas: 5,
      history: history({ scaleUps: [{ atMs: now - seconds, change: 3, outdated: false }] }),
    },
    behavior: behavior({ selectPolicy: 'Disabled' }, { selectPolicy: 'Disabled' }),
    desired: 5,
    able: 'ReadyForNewScale',
    limited: 'DesiredWithinRange',
  },
};

describe('normalising with behavior', () => {
  for (const [sentence, { proposed: changes, behavior: rules = behavior(), ...expected }] of Object.entries(
    cases,
  )) {
    it(sentence, () => {
      const result = normalizeBehavior(proposed(changes), rules, flag);
      expect(result.desiredReplicas).to.equal(expected.desired);
      expect(result.findings.map(({ reason }) => reason)).to.deep.equal([expected.able, expected.limited]);
    });
  }

  it('reuses the place of a recommendation only once both windows are past it', () => {
    const rules = behavior({ stabilizationWindowSeconds: 60 }, { stabilizationWindowSeconds: 30 });
    const kept = normalizeBehavior(proposed({ history: recommended(45 * seconds, 4) }), rules, flag);
    expect(kept.history.recommendations).to.have.length(2);
    const reused = normalizeBehavior(proposed({ history: recommended(61 * seconds, 4) }), rules, flag);
    expect(reused.history.recommendations).to.deep.equal([{ atMs: now, replicas: 3 }]);
    const atEdge = normalizeBehavior(proposed({ history: recommended(60 * seconds, 4) }), rules, flag);
    expect(atEdge.history.recommendations).to.have.length(2);
  });
});
