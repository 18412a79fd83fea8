import { rememberEach } from '../../lib/remember.ts';
import type { CronFields, ScheduleSpec } from '../policy.ts';
import { matchesDay } from './cron-days.ts';
import { dayMs, minuteMs, zoneOf } from './zone.ts';
import type { Zone } from './zone.ts';

/**
 * The moments at which windows open. On the clocks of the zone they are days x times of day; a time that the clocks leap over
 * comes as they land, one that they show twice comes the first time.
 */

/** The last window that opens at or before a moment, and not before `sinceMs`. */
export function lastStart(schedule: ScheduleSpec, untilMs: number, sinceMs: number): number | undefined {
  const { start, timeZone } = schedule;
  const zone = zoneOf(timeZone);
  // A day more on either side: where clocks are set back over midnight, tomorrow has begun once already.
  const firstDay = dayOf(zone.shownAt(sinceMs)) - dayMs;
  for (let day = dayOf(zone.shownAt(untilMs)) + dayMs; day >= firstDay; day -= dayMs) {
    if (!opensOn(schedule, day)) continue;
    const times = timesOf(start);
    const time = times[firstAfter(zone, day, times, untilMs) - 1];
    if (time === undefined) continue;
    const startMs = zone.instantOf(day + time);
    return startMs >= sinceMs ? startMs : undefined;
  }
  return undefined;
}

/** The first window that opens after a moment, and not after `untilMs`. */
export function nextStart(schedule: ScheduleSpec, afterMs: number, untilMs: number): number | undefined {
  const { start, timeZone } = schedule;
  const zone = zoneOf(timeZone);
  const lastDay = dayOf(zone.shownAt(untilMs)) + dayMs;
  for (let day = dayOf(zone.shownAt(afterMs)) - dayMs; day <= lastDay; day = nextDay(start, day)) {
    if (!opensOn(schedule, day)) continue;
    const times = timesOf(start);
    const time = times[firstAfter(zone, day, times, afterMs)];
    if (time === undefined) continue;
    const startMs = zone.instantOf(day + time);
    return startMs <= untilMs ? startMs : undefined;
  }
  return undefined;
}

function dayOf(shownMs: number): number {
  return Math.floor(shownMs / dayMs) * dayMs;
}

/** Tomorrow; from a month without any day the first of the next. */
function nextDay({ month }: CronFields, day: number): number {
  const date = new Date(day);
  if (month.includes(date.getUTCMonth() + 1)) return day + dayMs;
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

function opensOn({ start, excludeDates = [] }: ScheduleSpec, day: number): boolean {
  return (
    matchesDay(start, day) &&
    (excludeDates.length === 0 || !excludeDates.includes(new Date(day).toISOString().slice(0, 10)))
  );
}

/** The times of day in milliseconds since midnight, in turn. */
const timesOf = rememberEach(({ hour, minute }: CronFields): readonly number[] =>
  hour.flatMap((h) => minute.map((m) => (h * 60 + m) * minuteMs)).toSorted((a, b) => a - b),
);

/** The index of the day's first time that comes after a moment: by halving, as there may be 1,440 of them. */
function firstAfter(zone: Zone, day: number, times: readonly number[], atMs: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (zone.instantOf(day + (times[middle] ?? 0)) > atMs) high = middle;
    else low = middle + 1;
  }
  return low;
}
