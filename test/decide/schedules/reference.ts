import { createTask } from 'node-cron';
import type { ScheduleSpec } from '../../../src/decide/policy.ts';
import { at, day, minute } from './builders.ts';

/**
 * What schedules mean, slowly and obviously: minute by minute through two years and a month, with the clock of each read from Intl, and
 * the days from node-cron. It shares nothing with the code that it checks.
 */

const firstMs = at('2026-12-01T00:00Z');
/** With the 29th of February of 2028. */
export const checked = { fromMs: at('2027-01-01T00:00Z'), toMs: at('2029-01-01T00:00Z') } as const;
const minutes = (checked.toMs - firstMs) / minute;
/** Clocks of these years are set at full quarters of an hour, so that one look at each is enough. */
const quarter = 15;

/** What the clocks of a zone show at each minute, as minutes since 1970 of that reading. */
export const shownMinutes = once((timeZone: string): Int32Array => {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  const shown = new Int32Array(minutes);
  for (let index = 0; index < minutes; index += quarter) {
    const text = format.format(firstMs + index * minute).replace(' ', 'T');
    const reading = Date.parse(`${text}Z`) / minute;
    for (let more = 0; more < quarter; more++) shown[index + more] = reading + more;
  }
  return shown;
});

/** The days on which an expression matches, as days since 1970. */
const daysOf = once((days: string): ReadonlySet<number> => {
  const task = createTask(`0 0 ${days}`, () => undefined, { timezone: 'UTC' });
  const matching = new Set<number>();
  for (let ms = firstMs - 2 * day; ms < checked.toMs + 2 * day; ms += day)
    if (task.match(new Date(ms))) matching.add(ms / day);
  void task.destroy();
  return matching;
});

/** The minutes at which windows open: as the clock first shows a time that matches, or leaps over it. */
export function startsOf({ timeZone, start, excludeDates = [] }: ScheduleSpec, days: string): number[] {
  const shown = shownMinutes(timeZone);
  const matching = daysOf(days);
  const excluded = new Set(excludeDates.map((date) => at(`${date}T00:00Z`) / day));
  const times = new Set(start.hour.flatMap((h) => start.minute.map((m) => h * 60 + m)));
  const opens = (reading: number): boolean => {
    if (!times.has(reading % 1440)) return false;
    const date = Math.floor(reading / 1440);
    return matching.has(date) && !excluded.has(date);
  };
  const starts: number[] = [];
  let latest = shown[0]! - 1;
  for (let index = 0; index < minutes; index++) {
    const reading = shown[index]!;
    let isStart = false;
    for (; latest < reading; latest++) isStart ||= opens(latest + 1);
    if (isStart) starts.push(index);
  }
  return starts;
}

/**
 * How far the schedule is at each minute: -1 where it is closed, else 0 to 1.
 * @param days the two day fields and the month of the expression: `* * 1-5`
 */
export function progressOf(schedule: ScheduleSpec, days: string): Float64Array {
  const { durationMs, rampUpMs = 0, rampDownMs = 0 } = schedule;
  const progress = new Float64Array(minutes).fill(-1);
  const length = durationMs / minute;
  for (const start of startsOf(schedule, days)) {
    for (let passed = 0; passed < length && start + passed < minutes; passed++) {
      const up = rampUpMs === 0 ? 1 : (passed * minute) / rampUpMs;
      const down = rampDownMs === 0 ? 1 : ((length - passed) * minute) / rampDownMs;
      progress[start + passed] = Math.max(progress[start + passed]!, Math.min(up, down, 1));
    }
  }
  return progress;
}

/** The place of a moment in the tables. */
export function indexOf(ms: number): number {
  return (ms - firstMs) / minute;
}

export function msOf(index: number): number {
  return firstMs + index * minute;
}

function once<T>(work: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text) ?? work(text);
    known.set(text, before);
    return before;
  };
}
