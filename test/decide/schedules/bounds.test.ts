import { expect } from 'chai';
import fc from 'fast-check';
import type { ScheduleSpec } from '../../../src/decide/policy.ts';
import { boundsAt } from '../../../src/decide/schedules/bounds.ts';
import * as given from '../builders.ts';
import { anySchedule, minutesToCheck } from './arbitrary.ts';
import type { Given } from './arbitrary.ts';
import { at, hour, minute, schedule } from './builders.ts';
import { indexOf, msOf, progressOf } from './reference.ts';

const policyOf = (...schedules: ScheduleSpec[]) =>
  given.policy({ minReplicas: 2, maxReplicas: 50, schedules });

/** `5 to 50, minimum by office-hours`, at a time of Berlin's winter. */
function told(schedules: readonly ScheduleSpec[], time: string): string {
  const { minReplicas, maxReplicas, minBy, maxBy, conflict } = boundsAt(
    policyOf(...schedules),
    at(`${time}+01:00`),
  );
  return [
    `${minReplicas} to ${maxReplicas}`,
    ...(minBy.length === 0 ? [] : [`minimum by ${minBy.join(', ')}`]),
    ...(maxBy.length === 0 ? [] : [`maximum by ${maxBy.join(', ')}`]),
    ...(conflict === undefined
      ? []
      : [`${conflict.minBy.join(', ')} in conflict with ${conflict.maxBy.join(', ')}`]),
  ].join(', ');
}

describe('the bounds of a moment', () => {
  const monday = '2027-01-04';
  const office = schedule();
  const night = schedule({ name: 'night', cron: '0 22 * * *', durationMs: 9 * hour, maxReplicas: 3 });
  const sale = schedule({ name: 'sale', cron: '0 12 * * *', durationMs: 2 * hour, minReplicas: 20 });
  const budget = schedule({ name: 'budget', cron: '0 13 * * *', durationMs: 2 * hour, maxReplicas: 10 });
  const thrift = schedule({ name: 'thrift', cron: '0 13 * * *', durationMs: 2 * hour, maxReplicas: 30 });
  const batch = schedule({ name: 'batch', cron: '0 1 * * *', durationMs: hour, replicas: 7 });
  const asleep = schedule({ name: 'asleep', cron: '0 1 * * *', durationMs: hour, replicas: 0 });
  const ramped = schedule({ cron: '0 8 * * *', replicas: 10, rampUpMs: hour, rampDownMs: 2 * hour });

  const cases: Record<string, [schedules: ScheduleSpec[], time: string, expected: string]> = {
    "are the policy's without schedules": [[], `${monday}T12:00`, '2 to 50'],
    "are the policy's while none is open": [[office], `${monday}T07:59:59.999`, '2 to 50'],
    'are those of a window from its opening on': [
      [office],
      `${monday}T08:00`,
      '5 to 50, minimum by office-hours',
    ],
    'are those of a window until it closes': [
      [office],
      `${monday}T17:59:59.999`,
      '5 to 50, minimum by office-hours',
    ],
    'are its no more as it closes': [[office], `${monday}T18:00`, '2 to 50'],
    'are those of a window that opened yesterday': [[night], `${monday}T06:59`, '2 to 3, maximum by night'],
    'are both of an exact count': [[batch], `${monday}T01:30`, '7 to 7, minimum by batch, maximum by batch'],
    'are zero of an exact count of zero': [
      [asleep],
      `${monday}T01:30`,
      '0 to 0, minimum by asleep, maximum by asleep',
    ],
    'have the largest of several minima': [[office, sale], `${monday}T12:00`, '20 to 50, minimum by sale'],
    'have the smallest of several maxima': [
      [budget, thrift],
      `${monday}T14:30`,
      '2 to 10, maximum by budget',
    ],
    'name all that ask for the same': [
      [office, schedule({ name: 'late', cron: '0 10 * * *' })],
      `${monday}T12:00`,
      '5 to 50, minimum by office-hours, late',
    ],
    'follow the minimum, and tell of the conflict, where a minimum is above a maximum': [
      [sale, budget],
      `${monday}T13:30`,
      '20 to 20, minimum by sale, maximum by sale, sale in conflict with budget',
    ],
    "leave the policy's minimum for a smaller one": [
      [schedule({ minReplicas: 1 })],
      `${monday}T12:00`,
      '1 to 50, minimum by office-hours',
    ],
    "let a maximum below the policy's minimum count": [
      [schedule({ maxReplicas: 1 })],
      `${monday}T12:00`,
      '1 to 1, minimum by office-hours, maximum by office-hours',
    ],
    "let a minimum above the policy's maximum count": [
      [schedule({ minReplicas: 60 })],
      `${monday}T12:00`,
      '60 to 60, minimum by office-hours, maximum by office-hours',
    ],
    "are the policy's at the opening of a ramp": [
      [ramped],
      `${monday}T08:00`,
      '2 to 50, minimum by office-hours, maximum by office-hours',
    ],
    'are rounded up on a ramp': [
      [ramped],
      `${monday}T08:10`,
      '4 to 44, minimum by office-hours, maximum by office-hours',
    ],
    'are reached at the end of a ramp': [
      [ramped],
      `${monday}T09:00`,
      '10 to 10, minimum by office-hours, maximum by office-hours',
    ],
    'are left as a window closes with a ramp': [
      [ramped],
      `${monday}T17:00`,
      '6 to 30, minimum by office-hours, maximum by office-hours',
    ],
  };
  for (const [sentence, [schedules, time, expected]] of Object.entries(cases)) {
    it(sentence, () => {
      expect(told(schedules, time)).to.equal(expected);
    });
  }

  it('are those that the windows of every schedule give, minute by minute', () => {
    const several = fc.array(anySchedule, { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(several, (all) => {
        const schedules = all.map(({ spec }, index) => ({ ...spec, name: `s${index}` }));
        const progress = all.map(({ spec, days }) => progressOf(spec, days));
        for (const index of minutesToCheck(all[0]!, progress[0]!)) {
          const { minReplicas, maxReplicas } = boundsAt(policyOf(...schedules), msOf(index));
          expect({ minReplicas, maxReplicas }, new Date(msOf(index)).toISOString()).to.deep.equal(
            expectedBounds(all, progress, index),
          );
        }
      }),
      { numRuns: 6 },
    );
  }).timeout(60_000);

  function expectedBounds(all: readonly Given[], progress: readonly Float64Array[], index: number) {
    const [minima, maxima]: [number[], number[]] = [[], []];
    for (const [which, { spec }] of all.entries()) {
      const part = progress[which]![index]!;
      if (part === -1) continue;
      const least = spec.replicas ?? spec.minReplicas;
      const most = spec.replicas ?? spec.maxReplicas;
      const roundedUp = (count: number): number => Math.ceil(Number(count.toFixed(9)));
      if (least !== undefined) minima.push(roundedUp(2 + (least - 2) * part));
      if (most !== undefined) maxima.push(roundedUp(50 + (most - 50) * part));
    }
    const min = minima.length === 0 ? 2 : Math.max(...minima);
    const max = maxima.length === 0 ? 50 : Math.min(...maxima);
    if (min <= max) return { minReplicas: min, maxReplicas: max };
    const counts = minima.length === 0 ? max : min;
    return { minReplicas: counts, maxReplicas: counts };
  }

  describe('where clocks are set', () => {
    const open = (spec: ScheduleSpec, time: string): boolean =>
      boundsAt(policyOf(spec), at(time)).minBy.length > 0;
    const daily = (time: string, timeZone: string, durationMs = hour): ScheduleSpec =>
      schedule({ cron: `${time} * * *`, timeZone, durationMs });
    const edges: Record<string, [spec: ScheduleSpec, opensAt: string, closesAt: string]> = {
      'open at the leap, if their hour is leapt over': [
        daily('30 2', 'Europe/Berlin'),
        '2027-03-28T03:00+02:00',
        '2027-03-28T04:00+02:00',
      ],
      'open at the first of two hours': [
        daily('30 2', 'Europe/Berlin'),
        '2027-10-31T02:30+02:00',
        '2027-10-31T02:30+01:00',
      ],
      'take the time that passes, not what the clocks show': [
        daily('0 22', 'America/New_York', 10 * hour),
        '2027-11-06T22:00-04:00',
        '2027-11-07T07:00-05:00',
      ],
      'leap by half an hour where the clocks do': [
        daily('15 2', 'Australia/Lord_Howe'),
        '2027-10-03T02:30+11:00',
        '2027-10-03T03:30+11:00',
      ],
      'open an hour late by the sun for the month of Ramadan': [
        daily('0 8', 'Africa/Casablanca'),
        '2027-02-10T08:00Z',
        '2027-02-10T09:00Z',
      ],
      'open every day at the same time where clocks are never set': [
        daily('0 8', 'Asia/Kolkata'),
        '2027-03-28T08:00+05:30',
        '2027-03-28T09:00+05:30',
      ],
    };
    for (const [sentence, [spec, opensAt, closesAt]] of Object.entries(edges)) {
      it(`windows ${sentence}`, () => {
        expect(open(spec, opensAt), 'as it opens').to.equal(true);
        expect(boundsAt(policyOf(spec), at(opensAt) - 1).minBy, 'before').to.deep.equal([]);
        expect(boundsAt(policyOf(spec), at(closesAt) - 1).minBy, 'before it closes').to.have.length(1);
        expect(open(spec, closesAt), 'as it closes').to.equal(false);
      });
    }

    it('windows open once on such a day, and on each other day', () => {
      const spec = daily('30 2', 'Europe/Berlin', minute);
      const progress = progressOf(spec, '* * *');
      const opened = [...progress.keys()].filter(
        (index) => progress[index] !== -1 && progress[index - 1] === -1,
      );
      expect(opened.filter((index) => index >= indexOf(at('2027-01-01T00:00Z')))).to.have.length(731);
    });
  });
});
