import { expect } from 'chai';
import { modeAt, pauseEndMs, suspensionAt } from '../../src/decide/mode.ts';
import type { Mode, Policy } from '../../src/decide/policy.ts';
import { now } from './builders.ts';

const both = { scaleUp: true, scaleDown: true };

describe('the mode that counts', () => {
  const cases: Readonly<Record<string, readonly [Pick<Policy, 'mode' | 'suspend'>, Mode, number?]>> = {
    'is Active where none is named': [{}, 'Active'],
    'is the one that is named': [{ mode: 'DryRun' }, 'DryRun'],
    'is a pause without an end': [{ mode: 'Paused', suspend: both }, 'Paused'],
    'is a pause until its end': [
      { mode: 'Paused', suspend: { ...both, untilMs: now + 1 } },
      'Paused',
      now + 1,
    ],
    'is Active from the end of a pause on': [
      { mode: 'Paused', suspend: { ...both, untilMs: now } },
      'Active',
    ],
  };
  for (const [sentence, [policy, mode, endMs]] of Object.entries(cases))
    it(sentence, () => {
      expect(modeAt(policy, now)).to.equal(mode);
      expect(suspensionAt(policy, now)).to.equal(mode === 'Paused' ? policy.suspend : undefined);
      expect(pauseEndMs(policy, now)).to.equal(endMs);
    });
});
