import { expect } from 'chai';
import { chiSquareOf, chiSquareTail, shareInterval } from '../../src/load/chi-square.ts';

describe('chi-square', () => {
  // The critical values that every table of the distribution has.
  const table: [degrees: number, x: number, tail: number][] = [
    [1, 3.841_459, 0.05],
    [1, 6.634_897, 0.01],
    [2, 5.991_465, 0.05],
    [3, 7.814_728, 0.05],
    [3, 0.351_846, 0.95],
    [9, 16.918_978, 0.05],
    [9, 27.877_165, 0.001],
    [30, 43.772_972, 0.05],
    [99, 123.225_221, 0.05],
    [99, 77.046_332, 0.95],
  ];
  for (const [degrees, x, tail] of table) {
    it(`is exceeded at ${x} with ${degrees} degrees of freedom in ${tail * 100} % of cases`, () => {
      expect(chiSquareTail(x, degrees)).to.be.closeTo(tail, 1e-6);
    });
  }

  it('agrees with the closed form that two degrees have, far into the tail', () => {
    for (const x of [0.001, 0.5, 2, 4, 10, 60, 500])
      expect(chiSquareTail(x, 2) / Math.exp(-x / 2)).to.be.closeTo(1, 1e-9);
  });

  it('is certain at nothing, and falls as the statistic grows', () => {
    expect(chiSquareTail(0, 3)).to.equal(1);
    const tails = Array.from({ length: 200 }, (_, index) => chiSquareTail(index / 4, 7));
    tails.slice(1).forEach((tail, index) => expect(tail).to.be.below(tails[index]! + 1e-15));
  });

  it("is Pearson's sum over equal expectations", () => {
    expect(chiSquareOf([10, 10, 10])).to.equal(0);
    expect(chiSquareOf([12, 8])).to.be.closeTo(0.8, 1e-12);
  });

  it('leaves room above a share of nothing and below a share of all', () => {
    expect(shareInterval(0, 20)).to.deep.include({ low: 0 });
    expect(shareInterval(0, 20).high).to.be.closeTo(0.161, 0.001);
    expect(shareInterval(20, 20).low).to.be.closeTo(0.839, 0.001);
    expect(shareInterval(20, 20).high).to.be.closeTo(1, 1e-12);
  });
});
