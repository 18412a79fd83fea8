import { expect } from 'chai';
import fc from 'fast-check';
import { createTask } from 'node-cron';
import { matchesDay } from '../../../src/decide/schedules/cron-days.ts';
import { at, cron, day } from './builders.ts';

/** The days of a year on which an expression matches: `01-31 02-28`. */
function daysOf(days: string, year = 2028): string {
  const fields = cron(`0 0 ${days}`);
  const found: string[] = [];
  for (let ms = at(`${year}-01-01T00:00Z`); ms < at(`${year + 1}-01-01T00:00Z`); ms += day)
    if (matchesDay(fields, ms)) found.push(new Date(ms).toISOString().slice(5, 10));
  return found.join(' ');
}

describe('the days of a cron expression', () => {
  const cases: Record<string, [days: string, expected: string]> = {
    'L: the last of the month, in a leap year': ['L 2,4 *', '02-29 04-30'],
    'L-2: two days before it': ['L-2 2 *', '02-27'],
    '15W: the Friday before a Saturday': ['15W 1 *', '01-14'],
    '16W: the Monday after a Sunday': ['16W 1 *', '01-17'],
    '1W: not before the month, where it begins on a Saturday': ['1W 1 *', '01-03'],
    '30W: not after the month, where it ends on a Sunday': ['30W 4 *', '04-28'],
    '31W: not at all in a month of 30 days': ['31W 6 *', ''],
    'LW: the last day of work': ['LW 4 *', '04-28'],
    '5L: the last Friday': ['* 2 5L', '02-25'],
    '1#2: the second Monday': ['* 2 1#2', '02-14'],
    '6#5: the fifth Saturday, if there is one': ['* 1,2 6#5', '01-29'],
    'a day of the month and of the week: both': ['13 * 5', '10-13'],
  };
  for (const [sentence, [days, expected]] of Object.entries(cases)) {
    it(sentence, () => {
      expect(daysOf(days)).to.equal(expected);
    });
  }

  it('are those of node-cron', () => {
    const token = fc.oneof(
      fc.integer({ min: 1, max: 31 }).map(String),
      fc.integer({ min: 1, max: 31 }).map((target) => `${target}W`),
      fc.integer({ min: 1, max: 30 }).map((back) => `L-${back}`),
      fc.constantFrom('L', 'LW', '1-10', '*/5'),
    );
    const weekday = fc.integer({ min: 0, max: 7 });
    const dayOfWeek = fc.oneof(
      weekday.map(String),
      weekday.map((number) => `${number}L`),
      fc.tuple(weekday, fc.integer({ min: 1, max: 5 })).map(([number, nth]) => `${number}#${nth}`),
      fc.constantFrom('mon-fri', 'sat', '1-5'),
    );
    const listOf = (item: fc.Arbitrary<string>) =>
      fc.oneof(
        fc.constant('*'),
        fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(',')),
      );
    fc.assert(
      fc.property(listOf(token), listOf(dayOfWeek), (dayOfMonth, weekdays) => {
        const expression = `0 0 ${dayOfMonth} * ${weekdays}`;
        const [fields, task] = [
          cron(expression),
          createTask(expression, () => undefined, { timezone: 'UTC' }),
        ];
        for (let ms = at('2027-01-01T00:00Z'); ms < at('2029-01-01T00:00Z'); ms += day)
          expect(matchesDay(fields, ms), new Date(ms).toISOString()).to.equal(task.match(new Date(ms)));
        void task.destroy();
      }),
      { numRuns: 40 },
    );
  });
});
