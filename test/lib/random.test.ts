import { expect } from 'chai';
import { seededRandom } from '../../src/lib/random.ts';

const draw = (count: number, seed: number, stream?: string): number[] => {
  const random = seededRandom(seed, stream);
  return Array.from({ length: count }, () => random());
};

describe('seeded random numbers', () => {
  it('are the same for the same seed and stream, on any machine', () => {
    expect(draw(20, 42, 'arrivals')).to.deep.equal(draw(20, 42, 'arrivals'));
    expect(draw(2, 1).map((value) => value.toFixed(6))).to.deep.equal(['0.568606', '0.753929']);
  });

  it('differ for another seed and for another stream', () => {
    const lists = [draw(5, 1), draw(5, 2), draw(5, 1, 'a'), draw(5, 1, 'b'), draw(5, 2 ** 32 - 1)];
    expect(new Set(lists.map(String)).size).to.equal(5);
  });

  it('fill the range from 0 to 1 evenly, whatever the seed', () => {
    for (const seed of [0, 1, 2, 3, 12_345, 2 ** 32 - 1]) {
      const cells = Array.from({ length: 10 }, () => 0);
      for (const value of draw(10_000, seed)) {
        expect(value).to.be.within(0, 1 - 2 ** -32);
        cells[Math.floor(value * 10)]! += 1;
      }
      // Ten cells of 1000: four standard deviations are 120.
      for (const count of cells) expect(count).to.be.within(880, 1120);
    }
  });

  it('do not follow each other: neighbours are not correlated', () => {
    const values = draw(20_000, 9);
    const products = values.slice(1).map((value, index) => (value - 0.5) * (values[index]! - 0.5));
    const correlation = products.reduce((sum, value) => sum + value, 0) / products.length / (1 / 12);
    expect(Math.abs(correlation)).to.be.below(0.03);
  });
});
