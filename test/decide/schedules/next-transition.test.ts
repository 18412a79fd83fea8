import { expect } from 'chai';
import fc from 'fast-check';
import type { ScheduleSpec } from '../../../src/decide/policy.ts';
import { nextTransition } from '../../../src/decide/schedules/next-transition.ts';
import { anySchedule, minutesToCheck } from './arbitrary.ts';
import { at, day, hour, minute, schedule } from './builders.ts';
import { checked, indexOf, msOf, progressOf, startsOf } from './reference.ts';

/** More windows that follow each other without a break are not looked through. */
const maxChain = 400;

/** At each minute the next one at which the schedule opens or closes; 0 where none is left. */
function changesOf(progress: Float64Array): Int32Array {
  const next = new Int32Array(progress.length);
  for (let index = progress.length - 2; index >= 0; index--) {
    const changes = (progress[index] === -1) !== (progress[index + 1] === -1);
    next[index] = changes ? index + 1 : next[index + 1]!;
  }
  return next;
}

describe('the next transition', () => {
  const next = (changes: Parameters<typeof schedule>[0], now: string): string => {
    const found = nextTransition([schedule(changes)], at(now));
    return found === undefined ? 'none' : `${found.type} ${new Date(found.atMs).toISOString()}`;
  };

  it('is what minute by minute through two years gives, in every zone, asked in turn or out of the blue', () => {
    fc.assert(
      fc.property(anySchedule, (given) => {
        const { spec, days } = given;
        const progress = progressOf(spec, days);
        const changes = changesOf(progress);
        const starts = startsOf(spec, days);
        const windowsTo = (index: number, endMs: number): number =>
          starts.filter((start) => start > index - spec.durationMs / minute && start < indexOf(endMs)).length;
        for (const index of minutesToCheck(given, progress)) {
          const nowMs = msOf(index);
          const isOpen = progress[index] !== -1;
          const changeMs = changes[index] === 0 ? undefined : msOf(changes[index]!);
          const expected = changeMs && `${isOpen ? 'Closes' : 'Opens'} ${changeMs}`;
          const isFar = isOpen && windowsTo(index, changeMs ?? Infinity) > maxChain;
          for (const asked of index % 7 === 0 && !isFar ? [spec, { ...spec }] : [spec]) {
            const found = nextTransition([asked], nowMs);
            const told = found && `${found.type} ${found.atMs}`;
            if (told === expected || (told === undefined && isFar)) continue;
            if (expected === undefined && (found?.atMs ?? Infinity) >= checked.toMs) continue;
            expect.fail(`${new Date(nowMs).toISOString()}: ${told ?? 'none'}, not ${expected ?? 'none'}`);
          }
        }
      }),
      { numRuns: 12 },
    );
  }).timeout(60_000);

  it('is told as soon as no more than 400 windows follow each other, whoever asked before', () => {
    // Each hour of the day, until the hour that clocks show twice, in the night of 29 October.
    const hourly = schedule({ cron: '0 * * * *', durationMs: hour });
    const closes = { atMs: at('2028-10-29T01:00Z'), schedule: hourly.name, type: 'Closes' };
    const windowsBefore = (count: number): number => closes.atMs - count * hour + minute;
    expect(nextTransition([hourly], windowsBefore(401))).to.equal(undefined);
    expect(nextTransition([hourly], windowsBefore(400))).to.deep.equal(closes);
  });

  const cases: Record<string, [changes: Parameters<typeof schedule>[0], now: string, expected: string]> = {
    'is the closing of an open window': [
      {},
      '2027-01-01T12:00Z', // a Friday
      'Closes 2027-01-01T17:00:00.000Z',
    ],
    'is the opening of the first one to come': [{}, '2027-01-02T12:00Z', 'Opens 2027-01-04T07:00:00.000Z'],
    'comes at once as one opens': [{}, '2027-01-04T06:59:59.999Z', 'Opens 2027-01-04T07:00:00.000Z'],
    'is the closing from the moment of the opening on': [
      {},
      '2027-01-04T07:00Z',
      'Closes 2027-01-04T17:00:00.000Z',
    ],
    'is the closing of the last of windows that touch': [
      { cron: '0 8,10,12 * * *', durationMs: 2 * hour },
      '2027-01-04T08:00Z',
      'Closes 2027-01-04T13:00:00.000Z',
    ],
    'leaves out days that are excluded': [
      { excludeDates: ['2027-01-04', '2027-01-05'] },
      '2027-01-02T12:00Z',
      'Opens 2027-01-06T07:00:00.000Z',
    ],
    'finds the next leap day': [
      { cron: '0 0 29 2 *', timeZone: 'Etc/UTC' },
      '2028-03-01T12:00Z',
      'Opens 2032-02-29T00:00:00.000Z',
    ],
    'is none where more than five years pass without any': [
      { cron: '0 0 29 2 *', timeZone: 'Etc/UTC' },
      '2097-01-01T00:00Z',
      'none',
    ],
    'is none where no day ever matches': [{ cron: '0 0 31 1 1#1' }, '2027-01-01T00:00Z', 'none'],
    'is none where windows follow each other for ever': [
      { cron: '0 * * * *', durationMs: 2 * hour },
      '2027-01-01T00:00Z',
      'none',
    ],
  };
  for (const [sentence, [changes, now, expected]] of Object.entries(cases)) {
    it(sentence, () => {
      expect(next(changes, now)).to.equal(expected);
    });
  }

  it('is that of the schedule whose comes first, in the order of the list where several come at once', () => {
    const named = (name: string, cron: string): ScheduleSpec => schedule({ name, cron, timeZone: 'Etc/UTC' });
    const schedules = [named('later', '5 9 * * *'), named('a', '0 9 * * *'), named('b', '0 9 * * *')];
    expect(nextTransition(schedules, at('2027-01-01T08:00Z'))).to.deep.equal({
      atMs: at('2027-01-01T09:00Z'),
      schedule: 'a',
      type: 'Opens',
    });
  });

  it('is found again whichever way the clock is set', () => {
    const spec = schedule({ timeZone: 'Etc/UTC', cron: '0 8 * * *' });
    const times = [at('2027-01-05T07:00Z'), at('2027-01-04T07:00Z'), at('2027-03-01T07:00Z')];
    for (const nowMs of times) {
      expect(nextTransition([spec], nowMs)?.atMs).to.equal(nowMs + hour);
      expect(nextTransition([spec], nowMs + hour - minute)?.atMs).to.equal(nowMs + hour);
    }
    expect(nextTransition([spec], at('2027-03-01T08:00Z') + day)?.type).to.equal('Closes');
  });

  it('is none without schedules', () => {
    expect(nextTransition([], at('2027-01-01T00:00Z'))).to.equal(undefined);
  });
});
