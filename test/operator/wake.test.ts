import { expect } from 'chai';
import fc from 'fast-check';
import { silentLogger } from '../../src/lib/logger.ts';
import { heartbeatSlackMs, nextTickMs, startHeartbeat, transitionDueMs } from '../../src/operator/wake.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { eventually } from '../support/wait.ts';

const anyMoment = fc.integer({ min: 1_700_000_000_000, max: 2_000_000_000_000 });
const anyPeriod = fc.integer({ min: 1, max: 600 }).map((seconds) => seconds * 1000);

describe('nextTickMs', () => {
  it('is later than now, by one period at most', () => {
    fc.assert(
      fc.property(fc.string(), anyMoment, anyPeriod, (namespace, nowMs, periodMs) => {
        const waitMs = nextTickMs(namespace, nowMs, periodMs) - nowMs;
        return waitMs > heartbeatSlackMs && waitMs <= periodMs + heartbeatSlackMs;
      }),
    );
  });

  it('comes exactly one period after the tick before', () => {
    fc.assert(
      fc.property(fc.string(), anyMoment, anyPeriod, (namespace, nowMs, periodMs) => {
        const tick = nextTickMs(namespace, nowMs, periodMs);
        return nextTickMs(namespace, tick, periodMs) === tick + periodMs;
      }),
    );
  });

  it('is at a full second, when the heartbeat comes', () => {
    fc.assert(
      fc.property(
        fc.string(),
        anyMoment,
        anyPeriod,
        (namespace, nowMs, periodMs) => nextTickMs(namespace, nowMs, periodMs) % 1000 === 0,
      ),
    );
  });

  it('is not the same for all namespaces', () => {
    const ticks = Array.from({ length: 100 }, (_, index) =>
      nextTickMs(`team-${index}`, 1_700_000_000_000, 15_000),
    );
    expect(new Set(ticks).size).to.be.above(10);
  });
});

describe('transitionDueMs', () => {
  it('is as far from now as the transition is, by the clock that is never set back', () => {
    const clock = new FakeClock();
    clock.advance(5000);
    const transitionAtMs = clock.now() + 60_000;
    expect(transitionDueMs(transitionAtMs, clock)).to.equal(65_000);
    clock.advance(90_000);
    expect(transitionDueMs(transitionAtMs, clock)).to.be.below(clock.monotonicMs());
  });

  it('is never without one', () => {
    expect(transitionDueMs(undefined, new FakeClock())).to.equal(Infinity);
  });
});

describe('startHeartbeat', () => {
  const RealDate = Date;
  afterEach(() => (globalThis.Date = RealDate));

  /** Sets the time of day of the whole process, as an administrator does the machine's. */
  function setClock(byMs: number): void {
    globalThis.Date = new Proxy(RealDate, {
      construct: (target, args: unknown[]) =>
        Reflect.construct(target, args.length === 0 ? [target.now() + byMs] : args) as Date,
      get: (target, name) =>
        name === 'now' ? () => target.now() + byMs : (Reflect.get(target, name) as unknown),
    });
  }

  it('beats about once a second until it is stopped', async () => {
    const beats: string[] = [];
    const heartbeat = startHeartbeat(() => beats.push('stopped'), silentLogger);
    const witness = startHeartbeat(() => beats.push('witness'), silentLogger);
    await eventually('two beats', () => beats.filter((who) => who === 'stopped').length >= 2);
    heartbeat.stop();
    beats.length = 0;
    await eventually('two beats of another', () => beats.length >= 2);
    witness.stop();
    expect(beats).not.to.include('stopped');
  });

  for (const [title, byMs] of Object.entries({ back: -3_600_000, forward: 3_600_000 })) {
    it(`beats on when the clock is set ${title} by an hour`, async () => {
      let beats = 0;
      const heartbeat = startHeartbeat(() => (beats += 1), silentLogger);
      await eventually('a beat', () => beats >= 1);
      setClock(byMs);
      const before = beats;
      await eventually('two more beats', () => beats >= before + 2).finally(() => heartbeat.stop());
    });
  }
});
