import { expect } from 'chai';
import { type Profile, steady } from '../../src/lib/load-profile.ts';
import { pauseMs, Schedule } from '../../src/load/schedule.ts';

const tenPerSecond: Profile = { segments: [steady(10, 1000)], arrivals: 'constant' };

describe('schedule', () => {
  it('hands out each start once, when it is due', () => {
    const schedule = new Schedule(tenPerSecond);
    expect([...schedule.takeDue(49)]).to.deep.equal([]);
    expect(schedule.nextMs).to.equal(50);
    expect([...schedule.takeDue(50)]).to.deep.equal([50]);
    expect([...schedule.takeDue(50)]).to.deep.equal([]);
    expect([...schedule.takeDue(160)]).to.deep.equal([150]);
  });

  it('catches up after a stall with all that fell due, each with its own intended time', () => {
    const schedule = new Schedule(tenPerSecond);
    expect([...schedule.takeDue(100)]).to.deep.equal([50]);
    expect([...schedule.takeDue(777)]).to.deep.equal([150, 250, 350, 450, 550, 650, 750]);
  });

  it('hands out one at a time to who asks for one', () => {
    const schedule = new Schedule(tenPerSecond);
    expect([49, 160, 160, 160].map((elapsedMs) => schedule.takeNext(elapsedMs))).to.deep.equal(
      [undefined, 50, 150, undefined], // prettier-ignore
    );
    expect([...schedule.takeDue(260)]).to.deep.equal([250]);
  });

  it('has nothing more to come after the last', () => {
    const schedule = new Schedule(tenPerSecond);
    expect([...schedule.takeDue(5000)]).to.have.length(10);
    expect(schedule.nextMs).to.equal(undefined);
    expect([...schedule.takeDue(9000)]).to.deep.equal([]);
  });

  it('goes on over a stretch without load', () => {
    const schedule = new Schedule({ segments: [steady(0, 1000), steady(1, 1000)], arrivals: 'constant' });
    expect(schedule.nextMs).to.equal(1500);
  });

  const pauses: Record<string, [elapsed: number, next: number | undefined, pause: number]> = {
    'to the millisecond before the next start, as timers fire late': [10, 15.9, 5],
    'at least one millisecond, the finest that a timer has': [10, 10.4, 1],
    'one millisecond when it is late already': [10, 3, 1],
    'no longer than allowed when the next start is far': [10, 900, 20],
    'as long as allowed when there is none': [10, undefined, 20],
  };
  for (const [sentence, [elapsedMs, nextMs, expected]] of Object.entries(pauses)) {
    it(`pauses ${sentence}`, () => expect(pauseMs(elapsedMs, nextMs, { longestMs: 20 })).to.equal(expected));
  }

  it('does not sleep when precision is asked for and the next start is near, and wakes before it when it is not', () => {
    expect(pauseMs(10, 12.4, { longestMs: 20, spinMs: 2.5 })).to.equal(0);
    expect(pauseMs(10, 9, { longestMs: 20, spinMs: 2.5 })).to.equal(0);
    expect(pauseMs(10, 19, { longestMs: 20, spinMs: 2.5 })).to.equal(6);
    expect(pauseMs(10, undefined, { longestMs: 20, spinMs: 2.5 })).to.equal(17);
  });
});
