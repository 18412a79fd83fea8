import { expect } from 'chai';
import { EventLimit } from '../../src/act/event-limit.ts';

const taken = (limit: EventLimit, uid: string, atMs: number, times: number): number =>
  Array.from({ length: times }, () => limit.take(uid, atMs)).filter((ok) => ok).length;

describe('EventLimit', () => {
  it("lets 25 through at once, then one each five minutes, as client-go's does", () => {
    const limit = new EventLimit();
    expect(taken(limit, 'a', 0, 30)).to.equal(25);
    expect(taken(limit, 'a', 299_999, 1)).to.equal(0);
    expect(taken(limit, 'a', 300_000, 2)).to.equal(1);
    expect(taken(limit, 'a', 1_200_000, 5)).to.equal(3);
  });

  it('keeps objects apart', () => {
    const limit = new EventLimit({ burst: 1 });
    expect([limit.take('a', 0), limit.take('a', 0), limit.take('b', 0)]).to.deep.equal([true, false, true]);
  });

  it('never saves up more than the burst', () => {
    const limit = new EventLimit({ burst: 2, refillMs: 1000 });
    limit.take('a', 0);
    expect(taken(limit, 'a', 1_000_000, 5)).to.equal(2);
  });

  it('forgets an object whose bucket is full again', () => {
    const limit = new EventLimit({ burst: 2, refillMs: 1000 });
    for (const uid of ['a', 'b', 'c']) limit.take(uid, 0);
    limit.take('a', 900);
    expect(limit.size).to.equal(3);
    limit.take('d', 1000);
    expect(limit.size).to.equal(2);
  });
});
