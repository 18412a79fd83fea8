import { expect } from 'chai';
import { Backoff } from '../../src/lib/backoff.ts';

const full = { firstMs: 100, capMs: 1000, random: () => 1 };

describe('Backoff', () => {
  it('doubles the bound with each failure up to the cap', () => {
    const backoff = new Backoff(full);
    expect([1, 2, 3, 4, 5, 6].map(() => backoff.nextMs())).to.deep.equal([100, 200, 400, 800, 1000, 1000]);
  });

  it('spreads a delay over the whole of its bound, so that clients do not return together', () => {
    const draws = [0, 0.25, 0.5];
    const backoff = new Backoff({ firstMs: 1000, capMs: 1000, random: () => draws.shift()! });
    expect([1, 2, 3].map(() => backoff.nextMs())).to.deep.equal([0, 250, 500]);
  });

  it('starts again after a reset', () => {
    const backoff = new Backoff(full);
    backoff.nextMs();
    backoff.nextMs();
    expect(backoff.failures).to.equal(2);
    backoff.reset();
    expect(backoff.nextMs()).to.equal(100);
  });

  it('stays at the cap however often it fails', () => {
    const backoff = new Backoff(full);
    for (let failure = 0; failure < 5000; failure++) backoff.nextMs();
    expect(backoff.nextMs()).to.equal(1000);
  });
});
