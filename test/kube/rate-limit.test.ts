import { expect } from 'chai';
import { RateLimiter } from '../../src/kube/rate-limit.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { eventually } from '../support/wait.ts';

describe('RateLimiter', () => {
  let clock: FakeClock;
  beforeEach(() => (clock = new FakeClock()));

  /** Takes `count` tokens at once; who was admitted is in the list, in order. */
  function takeMany(limiter: RateLimiter, count: number): number[] {
    const admitted: number[] = [];
    for (let number = 0; number < count; number += 1) void limiter.take().then(() => admitted.push(number));
    return admitted;
  }

  async function settled(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  it('admits the burst at once, then so many a second, in the order in which they came', async () => {
    const admitted = takeMany(new RateLimiter({ qps: 10, burst: 3, clock }), 6);
    await settled();
    expect(admitted).to.deep.equal([0, 1, 2]);
    clock.advance(100);
    await settled();
    expect(admitted).to.deep.equal([0, 1, 2, 3]);
    clock.advance(50);
    await settled();
    expect(admitted).to.have.length(4);
    clock.advance(50);
    await settled();
    clock.advance(100);
    await eventually('all are admitted', () => admitted.length === 6);
    expect(admitted).to.deep.equal([0, 1, 2, 3, 4, 5]);
  });

  it('lets nobody overtake those who wait, also when a token has come in', async () => {
    const limiter = new RateLimiter({ qps: 1, burst: 1, clock });
    const order: string[] = [];
    await limiter.take();
    const first = limiter.take().then(() => order.push('first'));
    clock.advance(1000);
    const second = limiter.take().then(() => order.push('second'));
    await first;
    clock.advance(1000);
    await second;
    expect(order).to.deep.equal(['first', 'second']);
  });

  it('says how long one waited', async () => {
    const limiter = new RateLimiter({ qps: 2, burst: 1, clock });
    expect(await limiter.take()).to.equal(0);
    const waited = limiter.take();
    clock.advance(500);
    expect(await waited).to.equal(500);
  });

  it('saves up no more than the burst', async () => {
    const limiter = new RateLimiter({ qps: 100, burst: 2, clock });
    clock.advance(3_600_000);
    const admitted = takeMany(limiter, 5);
    await settled();
    expect(admitted).to.deep.equal([0, 1]);
  });

  it('gives the turn of one who gave up to the next, and takes no token for it', async () => {
    const limiter = new RateLimiter({ qps: 1, burst: 1, clock });
    await limiter.take();
    const controller = new AbortController();
    const impatient = limiter.take(controller.signal);
    const patient = limiter.take();
    controller.abort();
    await impatient;
    expect(limiter.waiting).to.equal(1);
    clock.advance(1000);
    expect(await patient).to.equal(1000);
    expect(await limiter.take(controller.signal)).to.equal(0);
  });

  it('limits nothing at 0 a second', async () => {
    const admitted = takeMany(new RateLimiter({ qps: 0, burst: 1, clock }), 1000);
    await settled();
    expect(admitted).to.have.length(1000);
  });
});
