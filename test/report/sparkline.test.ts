import { expect } from 'chai';
import fc from 'fast-check';
import { bar, sparkline, thin } from '../../src/report/sparkline.ts';

describe('sparkline', () => {
  const cases: Record<string, [shown: string, expected: string]> = {
    'goes from zero to the largest value': [sparkline([0, 1, 2, 3, 4, 5, 6, 7]), '▁▂▃▄▅▆▇█'],
    'is flat at the bottom for zeros': [sparkline([0, 0]), '▁▁'],
    'is empty for nothing': [sparkline([]), ''],
    'has a gap where a value is not known': [sparkline([7, null, 7]), '█ █'],
    'keeps the newest when there is no room for all': [sparkline([7, 0, 0, 7], { width: 2 }), '▁█'],
    'shows nothing in no width': [sparkline([1, 2], { width: 0 }), ''],
    'measures against a given maximum': [sparkline([3.5], { max: 7 }), '▅'],
    'does not go beyond a full bar': [sparkline([9, -1], { max: 7 }), '█▁'],
    'thins the whole to fit without losing a peak': [
      sparkline([0, 7, 0, 0], { width: 2, whole: true }),
      '█▁',
    ],
  };
  for (const [sentence, [shown, expected]] of Object.entries(cases)) {
    it(sentence, () => expect(shown).to.equal(expected));
  }

  it('thins to the width, and keeps the largest value', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1 }), fc.integer({ min: 1, max: 40 }), (values, width) => {
        const thinned = thin(values, width);
        expect(thinned).to.have.length(Math.min(values.length, width));
        expect(Math.max(...thinned.map(Number))).to.equal(Math.max(...values));
      }),
    );
  });

  const bars: Record<string, [shown: string, expected: string]> = {
    'is filled in proportion': [bar(4, 6, 6), '████░░'],
    'is empty at zero': [bar(0, 6, 3), '░░░'],
    'is full at most': [bar(9, 6, 3), '███'],
    'is empty when there is no scale': [bar(1, 0, 3), '░░░'],
  };
  for (const [sentence, [shown, expected]] of Object.entries(bars)) {
    it(`a bar ${sentence}`, () => expect(shown).to.equal(expected));
  }
});
