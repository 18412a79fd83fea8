import { expect } from 'chai';
import type { ScheduleSpec } from '../../src/decide/policy.ts';
import * as given from '../decide/builders.ts';
import { at, hour, minute, schedule } from '../decide/schedules/builders.ts';
import { Autoscaler } from './tick.ts';

/**
 * kubernetes#49931, #50569, enhancements#641, autoscaler#1439; keda#4677, #932: minima and maxima by the clock have been asked for
 * since 2017; where there are any, windows over midnight and time zones are missing.
 */
describe('thread 25: bounds by the clock', () => {
  const idle = given.usages(10, 10);

  /** What an idle target of 2 replicas is scaled to, by the schedules, at a time. */
  function replicasAt(time: string, ...schedules: ScheduleSpec[]): number {
    const subject = new Autoscaler({ schedules, maxReplicas: 50, minReplicas: 2 });
    return subject.tick(given.snapshot(2, [idle]), at(time)).desiredReplicas;
  }

  it('hold over midnight, on both days', () => {
    const night = schedule({ cron: '0 22 * * 5', durationMs: 8 * hour, minReplicas: 9 });
    expect(replicasAt('2027-01-08T21:59+01:00', night), 'Friday evening').to.equal(2);
    expect(replicasAt('2027-01-08T23:59+01:00', night), 'Friday night').to.equal(9);
    expect(replicasAt('2027-01-09T00:01+01:00', night), 'Saturday').to.equal(9);
    expect(replicasAt('2027-01-09T06:00+01:00', night), 'Saturday morning').to.equal(2);
  });

  it('hold at eight in the morning of the zone, in summer and winter', () => {
    const morning = schedule({ cron: '0 8 * * *', timeZone: 'America/New_York', durationMs: hour });
    expect(replicasAt('2027-01-15T13:00Z', morning)).to.equal(5);
    expect(replicasAt('2027-07-15T13:00Z', morning)).to.equal(2);
    expect(replicasAt('2027-07-15T12:00Z', morning)).to.equal(5);
  });

  it('hold on the day on which the hour of their start is leapt over', () => {
    const early = schedule({ cron: '30 2 * * *', durationMs: 2 * hour });
    expect(replicasAt('2027-03-28T03:00+02:00', early)).to.equal(5);
  });

  it('do not hold on holidays', () => {
    const office = schedule({ excludeDates: ['2026-12-25'] });
    expect(replicasAt('2026-12-24T12:00+01:00', office)).to.equal(5);
    expect(replicasAt('2026-12-25T12:00+01:00', office)).to.equal(2);
  });

  it('come and go step by step with ramps', () => {
    const ramped = schedule({ minReplicas: 10, rampUpMs: hour, rampDownMs: hour });
    expect(replicasAt('2027-01-04T08:00+01:00', ramped)).to.equal(2);
    expect(replicasAt('2027-01-04T08:30+01:00', ramped)).to.equal(6);
    expect(replicasAt('2027-01-04T09:00+01:00', ramped)).to.equal(10);
    expect(replicasAt('2027-01-04T17:30+01:00', ramped)).to.equal(6);
  });

  it('say when they change next', () => {
    const subject = new Autoscaler({ schedules: [schedule()] });
    const decision = subject.tick(given.snapshot(2, [idle]), at('2027-01-04T08:00+01:00') - minute);
    expect(decision.nextTransition).to.deep.equal({
      atMs: at('2027-01-04T08:00+01:00'),
      schedule: 'office-hours',
      type: 'Opens',
    });
  });
});
