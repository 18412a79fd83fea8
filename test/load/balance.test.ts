import { expect } from 'chai';
import fc from 'fast-check';
import { balanceOf, jainIndex, maxOverMean } from '../../src/load/balance.ts';

/** A pod that answered so many requests in each second from the first to the last. */
const pod = (first: number, last: number, perSecond: number): Map<number, number> =>
  new Map(Array.from({ length: last - first + 1 }, (_, index) => [first + index, perSecond]));

describe('balance', () => {
  const cases: Record<string, [counts: number[], ratio: number | null, jain: number | null]> = {
    'is even for equal parts': [[10, 10, 10, 10], 1, 1],
    'is worst with all on one of four': [[40, 0, 0, 0], 4, 0.25],
    'is half with two of four idle': [[20, 20, 0, 0], 2, 0.5],
    'is unknown without requests': [[0, 0], null, null],
    'is unknown without pods': [[], null, null],
  };
  for (const [sentence, [counts, ratio, jain]] of Object.entries(cases)) {
    it(sentence, () => {
      expect(maxOverMean(counts)).to.equal(ratio);
      expect(jainIndex(counts)).to.equal(jain);
    });
  }

  it('has an index from 1/n to 1, whatever the counts', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 20 }), (counts) => {
        fc.pre(counts.some((count) => count > 0));
        expect(jainIndex(counts)).to.be.within(1 / counts.length - 1e-9, 1 + 1e-9);
        expect(maxOverMean(counts)).to.be.within(1 - 1e-9, counts.length + 1e-9);
      }),
    );
  });

  it('looks at the whole run when the same pods answered throughout', () => {
    const balance = balanceOf({ a: pod(0, 9, 6), b: pod(0, 9, 2) }, 10_000);
    expect(balance).to.deep.equal({ pods: 2, maxOverMean: 1.5, jainIndex: 0.8, fromMs: 0, toMs: 10_000 });
  });

  it('looks at the time in which the most pods answered, so that late pods are not called neglected', () => {
    const pods = { first: pod(0, 29, 9), second: pod(10, 29, 3), third: pod(12, 19, 3) };
    const balance = balanceOf(pods, 30_000);
    expect(balance).to.include({ pods: 3, fromMs: 12_000, toMs: 20_000 });
    expect(balance.maxOverMean).to.be.closeTo(9 / 5, 1e-9);
  });

  it('takes the longest of several such times', () => {
    const pods = { a: pod(0, 29, 1), b: pod(2, 4, 1), c: pod(10, 20, 1), d: pod(25, 29, 1) };
    expect(balanceOf(pods, 30_000)).to.include({ pods: 2, fromMs: 10_000, toMs: 21_000 });
  });

  it('passes over a moment in which a pod and its successor both answered', () => {
    const pods = { a: pod(0, 59, 6), b: pod(10, 41, 6), successor: pod(40, 59, 2) };
    expect(balanceOf(pods, 60_000)).to.include({ pods: 2, fromMs: 10_000, toMs: 40_000 });
  });

  it('takes such a moment where nothing longer is to be had', () => {
    const pods = { a: pod(0, 2, 6), b: pod(1, 2, 6) };
    expect(balanceOf(pods, 3000)).to.include({ pods: 2, fromMs: 1000, toMs: 3000 });
  });

  it('counts a second without an answer between two with one', () => {
    const pods = { a: pod(0, 9, 1), b: new Map([[0, 4], [9, 6]]) }; // prettier-ignore
    expect(balanceOf(pods, 10_000)).to.include({ pods: 2, maxOverMean: 1, fromMs: 0, toMs: 10_000 });
  });

  it('takes a run of more than two days', () => {
    const pods = { a: pod(0, 199_999, 3), b: pod(1, 199_999, 1) };
    expect(balanceOf(pods, 200_000_000)).to.include({ pods: 2, fromMs: 1000, toMs: 200_000_000 });
    expect(maxOverMean(Array.from({ length: 200_000 }, () => 7))).to.equal(1);
  });

  it('is unknown when no answer named a pod', () => {
    expect(balanceOf({}, 1500)).to.deep.equal({
      pods: 0,
      maxOverMean: null,
      jainIndex: null,
      fromMs: 0,
      toMs: 1500,
    });
  });
});
