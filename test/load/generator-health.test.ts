import { expect } from 'chai';
import type { EventLoopReading } from '../../src/load/event-loop-meter.ts';
import { startEventLoopMeter } from '../../src/load/event-loop-meter.ts';
import { closedLoopWarning, generatorHealth } from '../../src/load/generator-health.ts';
import type { Measured } from '../../src/load/recorder.ts';
import { loadResult } from '../report/samples.ts';

const calm: EventLoopReading = { eventLoopDelayMs: null, eventLoopUtilization: 0.3 };
const busy: EventLoopReading = { eventLoopDelayMs: null, eventLoopUtilization: 0.99 };
const lag = (p99: number | null) => ({ p50: 0, p90: 0, p99, p999: p99, max: p99 });
const measured = (changes: Partial<Measured> = {}): Measured => ({
  ...loadResult({ sendLagMs: lag(2) }),
  elapsedMs: 1000,
  ...changes,
});

describe('health of the generator', () => {
  const dropped = { sent: 900, ok: 900, failed: 0, dropped: 100 };
  const cases: Record<
    string,
    [changes: Partial<Measured>, loop: EventLoopReading, mode: 'open' | 'closed', reason?: RegExp]
  > = {
    'keeps up when little is late': [{}, busy, 'open'],
    'keeps up with the allowed lag': [{ sendLagMs: lag(10) }, calm, 'open'],
    'does not keep up when 1 % of the requests are later': [
      { sendLagMs: lag(10.1) },
      calm,
      'open',
      /^1 % of the requests were taken up 10\.1 ms late or more; up to 10\.0 ms is allowed \(--max-lag\)$/,
    ],
    'is not to blame for drops while it was waiting: the target is': [{ requests: dropped }, calm, 'open'],
    'is to blame for drops while it was busy all the time': [
      { requests: dropped },
      busy,
      'open',
      /^100 requests dropped while the generator was busy all the time/,
    ],
    'is to blame when this machine has no free port left': [
      { failures: { noFreePort: 3 } },
      calm,
      'open',
      /^3 requests failed here: .*no free port/,
    ],
    'is to blame when this process has too many open files': [
      { failures: { tooManyOpenFiles: 1 } },
      calm,
      'open',
      /^1 request failed here: .*ulimit/,
    ],
    'has no lag in a closed loop': [{ sendLagMs: lag(null) }, busy, 'closed'],
  };
  for (const [sentence, [changes, loop, mode, reason]] of Object.entries(cases)) {
    it(sentence, () => {
      const health = generatorHealth(measured(changes), loop, { mode, maxLagMs: 10 });
      expect(health.saturated).to.equal(reason !== undefined);
      expect(health.reasons).to.have.length(reason === undefined ? 0 : 1);
      if (reason !== undefined) expect(health.reasons[0]).to.match(reason);
      expect(health.eventLoopUtilization).to.equal(loop.eventLoopUtilization);
    });
  }

  it('warns of a closed loop that the generator itself may have held back', () => {
    expect(closedLoopWarning('closed', busy)).to.have.length(1);
    expect(closedLoopWarning('closed', calm)).to.deep.equal([]);
    expect(closedLoopWarning('open', busy)).to.deep.equal([]);
  });

  it('measures how late the event loop is, and how busy', async () => {
    const read = startEventLoopMeter();
    await new Promise((done) => setTimeout(done, 30));
    const end = performance.now() + 120;
    while (performance.now() < end);
    await new Promise((done) => setTimeout(done, 30));
    const { eventLoopDelayMs, eventLoopUtilization } = read();
    expect(eventLoopDelayMs?.max).to.be.at.least(80);
    expect(eventLoopUtilization).to.be.within(0.1, 1);
  });
});
