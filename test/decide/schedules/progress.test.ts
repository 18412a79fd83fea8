import { expect } from 'chai';
import fc from 'fast-check';
import { progressAt } from '../../../src/decide/schedules/progress.ts';
import { anySchedule, minutesToCheck } from './arbitrary.ts';
import { msOf, progressOf } from './reference.ts';

describe('how far a schedule is', () => {
  it('is what minute by minute through two years gives, in every zone', () => {
    fc.assert(
      fc.property(anySchedule, (given) => {
        const expected = progressOf(given.spec, given.days);
        for (const index of minutesToCheck(given, expected)) {
          const { partMs, wholeMs } = progressAt(given.spec, msOf(index)) ?? { partMs: -1, wholeMs: 1 };
          if (Math.abs(partMs / wholeMs - expected[index]!) < 1e-9) continue;
          expect.fail(`${new Date(msOf(index)).toISOString()}: ${partMs / wholeMs}, not ${expected[index]}`);
        }
      }),
      { numRuns: 25 },
    );
  }).timeout(60_000);
});
