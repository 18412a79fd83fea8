import { expect } from 'chai';
import { seededRandom } from '../../../src/lib/random.ts';
import { poisson } from '../../../src/replay/simulation/poisson.ts';

describe('poisson', () => {
  const draws = 20_000;

  for (const mean of [0.2, 3, 49, 51, 400]) {
    it(`has mean and variance ${mean}, in whole numbers that are never negative`, () => {
      const random = seededRandom(1, String(mean));
      const values = Array.from({ length: draws }, () => poisson(mean, random));
      expect(values.every((value) => Number.isInteger(value) && value >= 0)).to.equal(true);
      const average = values.reduce((sum, value) => sum + value, 0) / draws;
      const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / draws;
      expect(average).to.be.closeTo(mean, 5 * Math.sqrt(mean / draws));
      expect(variance).to.be.closeTo(mean, 0.06 * mean + 0.1);
    });
  }

  it('is none where none come', () => {
    expect(poisson(0, seededRandom(1))).to.equal(0);
  });
});
