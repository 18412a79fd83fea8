import { expect } from 'chai';
import { humanDuration, since } from '../../../src/devcluster/apiserver/tables/age.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

describe('ages are printed as kubectl prints them', () => {
  const cases: Record<string, number> = {
    '<invalid>': -2 * second,
    '0s': -1.5 * second,
    '1s': 1.999 * second,
    '45s': 45 * second,
    '119s': 119.9 * second,
    '2m': 2 * minute,
    '3m20s': 3 * minute + 20 * second,
    '9m59s': 10 * minute - 1,
    '10m': 10 * minute + 59 * second,
    '179m': 3 * hour - 1,
    '3h': 3 * hour + 59 * second,
    '5h2m': 5 * hour + 2 * minute,
    '8h': 8 * hour + 59 * minute,
    '47h': 2 * day - 1,
    '2d': 2 * day + 59 * minute,
    '7d23h': 8 * day - 1,
    '8d': 8 * day + 23 * hour,
    '729d': 730 * day - 1,
    '2y': 730 * day,
    '3y4d': (3 * 365 + 4) * day,
    '8y': 8 * 365 * day + 40 * day,
  };
  for (const [text, ms] of Object.entries(cases)) {
    it(`${ms} ms is ${text}`, () => expect(humanDuration(ms)).to.equal(text));
  }

  it('an absent time is unknown', () => {
    expect(since(undefined, 0)).to.equal('<unknown>');
    expect(since('yesterday', 0)).to.equal('<unknown>');
  });
});
