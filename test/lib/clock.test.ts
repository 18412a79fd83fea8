import { expect } from 'chai';
import { aborted, systemClock } from '../../src/lib/clock.ts';
import { FakeClock } from '../support/fake-clock.ts';

describe('systemClock', () => {
  it('sleeps at least as long as asked', async () => {
    const before = performance.now();
    await systemClock.sleep(20);
    expect(performance.now() - before).to.be.at.least(18);
  });

  it('has a monotonic time that does not follow the wall clock', () => {
    const { now } = Date;
    const before = systemClock.monotonicMs();
    Date.now = () => 0;
    try {
      expect(systemClock.now()).to.equal(0);
      expect(systemClock.monotonicMs()).to.be.at.least(before);
    } finally {
      Date.now = now;
    }
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

describe('aborted', () => {
  it('resolves when the signal aborts', async () => {
    const controller = new AbortController();
    let over = false;
    const waiting = aborted(controller.signal).then(() => (over = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(over).to.equal(false);
    controller.abort();
    await waiting;
  });

  it('resolves at once when the signal has aborted before', () => aborted(AbortSignal.abort()));
});

describe('FakeClock', () => {
  it('goes on in monotonic time while the time of day is set back', () => {
    const clock = new FakeClock(5_000_000);
    const before = clock.monotonicMs();
    clock.set(1_000_000);
    clock.advance(10);
    expect(clock.now()).to.equal(1_000_010);
    expect(clock.monotonicMs()).to.equal(before + 10);
  });

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
