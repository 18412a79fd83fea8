import { expect } from 'chai';
import { systemClock } from '../../src/lib/clock.ts';
import { FakeClock } from '../support/fake-clock.ts';

describe('systemClock', () => {
  it('sleeps at least as long as asked', async () => {
    const before = performance.now();
    await systemClock.sleep(20);
    expect(performance.now() - before).to.be.at.least(18);
  });

  it('wakes at once when the signal aborts', async () => {
    const controller = new AbortController();
    const slept = systemClock.sleep(3_600_000, controller.signal);
    controller.abort();
    await slept;
  });

  it('does not sleep when the signal has aborted before', async () => {
    await systemClock.sleep(3_600_000, AbortSignal.abort());
  });
});

describe('FakeClock', () => {
  it('wakes sleepers only when their time has come', async () => {
    const clock = new FakeClock();
    const woken: string[] = [];
    const late = clock.sleep(200).then(() => woken.push('late'));
    const early = clock.sleep(100).then(() => woken.push('early'));
    clock.advance(100);
    await early;
    expect(woken).to.deep.equal(['early']);
    clock.advance(100);
    await late;
    expect(woken).to.deep.equal(['early', 'late']);
    expect(clock.sleeping).to.equal(0);
  });
});
