import { expect } from 'chai';
import fc from 'fast-check';
import { silentLogger } from '../../src/lib/logger.ts';
import { heartbeatSlackMs, nextTickMs, startHeartbeat } from '../../src/operator/wake.ts';
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

describe('startHeartbeat', () => {
  it('beats about once a second until it is stopped', async () => {
    const beats: number[] = [];
    const heartbeat = startHeartbeat(() => beats.push(Date.now()), silentLogger);
    await eventually('two beats', () => beats.length >= 2);
    heartbeat.stop();
    const count = beats.length;
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(beats).to.have.length(count);
  });
});
