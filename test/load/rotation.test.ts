import { expect } from 'chai';
import fc from 'fast-check';
import { connectionLifetimeMs, requestBudget } from '../../src/load/rotation.ts';

describe('rotation of connections', () => {
  it('replaces a connection after the requests that come by in its lifetime', () => {
    const load = { ratePerSecond: 400, connections: 50 };
    expect(requestBudget(load, () => 0.5)).to.equal((400 / 50) * (connectionLifetimeMs / 1000));
  });

  it('draws from half to one and a half of that, so that connections are not replaced all at once', () => {
    const load = { ratePerSecond: 400, connections: 50 };
    expect(requestBudget(load, () => 0)).to.equal(10);
    expect(requestBudget(load, () => 0.999999)).to.equal(30);
  });

  it('keeps a connection for one request at least', () => {
    expect(requestBudget({ ratePerSecond: 0, connections: 50 }, () => 0.5)).to.equal(1);
  });

  it('stays within 5 requests/s for each connection and second, so that new pods get traffic within 5 s', () => {
    const any = fc.record({
      ratePerSecond: fc.double({ min: 50, max: 1e5, noNaN: true }),
      connections: fc.integer({ min: 1, max: 50 }),
      random: fc.double({ min: 0, max: 0.999999, noNaN: true }),
    });
    fc.assert(
      fc.property(any, ({ random, ...load }) => {
        expect(requestBudget(load, () => random)).to.be.at.most((5 * load.ratePerSecond) / load.connections);
      }),
    );
  });
});
