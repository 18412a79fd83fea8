import { expect } from 'chai';
import fc from 'fast-check';
import { type Random, seededRandom } from '../../src/lib/random.ts';
import { jainIndex, maxOverMean, testBalance } from '../../src/load/balance-test.ts';

const named = (counts: readonly number[]): Record<string, number> =>
  Object.fromEntries(counts.map((count, index) => [`pod-${index}`, count]));

/** How a balancer that chooses at random, with these chances, spreads so many. */
function spread(count: number, chances: readonly number[], random: Random): number[] {
  const counts = chances.map(() => 0);
  for (let index = 0; index < count; index += 1) {
    let left = random();
    const chosen = chances.findIndex((chance) => (left -= chance) < 0);
    counts[chosen === -1 ? chances.length - 1 : chosen]! += 1;
  }
  return counts;
}

/** The part of so many runs that is called uneven. */
function unevenRatio(runs: number, seed: string, draw: (random: Random) => number[]): number {
  const random = seededRandom(20_301, seed);
  let uneven = 0;
  for (let run = 0; run < runs; run += 1)
    if (testBalance('connections', named(draw(random))).verdict === 'uneven') uneven += 1;
  return uneven / runs;
}

const quarter = [0.25, 0.25, 0.25, 0.25];

describe('test of balance', () => {
  for (const [connections, chances] of [
    [50, quarter],
    [500, quarter],
    [60, Array.from({ length: 10 }, () => 0.1)],
  ] as const) {
    // prettier-ignore
    it(`raises a false alarm in about 5 % of 4,000 fair runs of ${connections} connections on ${chances.length} pods`, () => {
      expect(unevenRatio(4000, 'fair', (random) => spread(connections, chances, random))).to.be.within(0.03, 0.07);
    });
  }

  it('finds a balancer that gives one of four pods half its share, in 90 % of runs with 400 connections', () => {
    const chances = [0.125, 0.875 / 3, 0.875 / 3, 0.875 / 3];
    expect(unevenRatio(1000, 'half', (random) => spread(400, chances, random))).to.be.at.least(0.9);
  });

  it('would call a fair balancer unfair if it looked at the requests of kept connections, which is why it does not', () => {
    const tenEach = (random: Random): number[] => spread(50, quarter, random).map((count) => count * 10);
    expect(unevenRatio(500, 'requests', tenEach)).to.be.above(0.7);
  });

  const verdicts: Record<string, [counts: number[], verdict: string, words: RegExp]> = {
    'nothing when no answer named a pod': [[], 'unknown', /no answer named its pod/],
    'nothing when there is one pod': [[500], 'onePod', /only one pod answered/],
    'nothing of too few': [
      [5, 5, 5, 4],
      'tooFew',
      /^too few connections to tell: 19 opened in this time, 20 needed for 4 pods$/,
    ],
    'of just enough': [[5, 5, 5, 5], 'fair', /taking turns/],
    'that turns were taken': [[100, 100, 101, 100], 'fair', /more evenly than by chance.*p 1\.000/],
    'that chance explains it': [[48, 55, 42, 55], 'fair', /^fair: chance explains.*p 0\.\d{3}/],
    'that chance hardly explains it': [[100, 0, 0, 0], 'uneven', /^uneven: .*p < 0\.001/],
  };
  for (const [sentence, [counts, verdict, words]] of Object.entries(verdicts)) {
    it(`tells ${sentence}`, () => {
      const told = testBalance('connections', named(counts));
      expect(told.verdict).to.equal(verdict);
      expect(told.words).to.match(words);
    });
  }

  it('speaks of requests where those were tested', () => {
    expect(testBalance('requests', named([1, 2])).words).to.match(/^too few requests to tell: 3 answered/);
  });

  it('shows the size of the effect beside: shares with their intervals, max over mean, Jain index', () => {
    const { test } = testBalance('connections', named([60, 20, 20]));
    expect(test).to.deep.include({ unit: 'connections', maxOverMean: 1.8 });
    expect(test?.jainIndex).to.be.closeTo(10_000 / (3 * 4400), 1e-12);
    expect(test?.chiSquare).to.be.closeTo(32, 1e-9);
    expect(test?.pValue).to.be.closeTo(Math.exp(-16), 1e-12);
    const { share, low, high } = test!.shares['pod-0']!;
    expect(share).to.equal(0.6);
    // Wilson's interval for 60 of 100, from tables.
    expect(low).to.be.closeTo(0.502, 0.001);
    expect(high).to.be.closeTo(0.6906, 0.001);
  });
});

describe('size of an imbalance', () => {
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

  it('takes more values than a call can have arguments', () => {
    expect(maxOverMean(Array.from({ length: 200_000 }, () => 7))).to.equal(1);
  });
});
