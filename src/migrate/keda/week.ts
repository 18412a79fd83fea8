import { formatDuration } from '../../lib/duration.ts';
import type { CronFields } from '../../decide/policy.ts';

const minutesOfDay = 24 * 60;
const minutesOfWeek = 7 * minutesOfDay;
const minuteMs = 60_000;

/** A stretch of time that comes again every week, or as often as `start` says. */
export interface Window {
  /** A cron expression. */
  readonly start: string;
  /** `10h` */
  readonly duration: string;
}

/** From a minute of the week, which begins with Sunday, for so many minutes. */
interface Stretch {
  readonly from: number;
  readonly minutes: number;
}

/** Two cron expressions, of which one opens and the other closes. */
export interface Pair {
  readonly start: CronFields;
  readonly end: CronFields;
  /** The first as it was written. */
  readonly text: string;
}

/**
 * The windows in which KEDA sees the trigger active. undefined where a start and a duration cannot say it: where days of
 * the month, or months, differ between start and end.
 */
export function windowsOf(pair: Pair): readonly Window[] | undefined {
  const same = sameDays(pair);
  if (same !== undefined) return [same];
  const stretches = stretchesOf(pair);
  if (stretches === undefined) return undefined;
  const opensAtEach = stretches.length === minutesOf(pair.start)?.length;
  return opensAtEach ? inWords(stretches, pair.text) : inWords(stretches);
}

/** Start and end on the same days, once each, end after start: this holds for any day that cron knows. */
function sameDays({ start, end, text }: Pair): Window | undefined {
  const days = ({ dayOfMonth, month, dayOfWeek }: CronFields): string =>
    JSON.stringify([dayOfMonth, month, dayOfWeek]);
  const [from, ...others] = timesOfDay(start);
  const [to, ...more] = timesOfDay(end);
  if (from === undefined || to === undefined || others.length + more.length > 0) return undefined;
  if (start.dayOfMonth.length < 31 && start.dayOfWeek.length < 7) return undefined; // KEDA: either; here: both.
  return days(start) === days(end) && to > from ? { start: text, duration: hours(to - from) } : undefined;
}

/**
 * When KEDA sees the trigger active: as long as the next end comes before the next start. So a start is forgotten when another comes
 * before the end. undefined where start or end are not by days of the week alone.
 */
function stretchesOf({ start, end }: Pair): readonly Stretch[] | undefined {
  const starts = minutesOf(start);
  const ends = minutesOf(end);
  if (starts === undefined || ends === undefined) return undefined;
  const isEnd = new Map([
    ...starts.map((at) => [at, false] as const),
    ...ends.map((at) => [at, true] as const),
  ]);
  const isActive = new Array<number>(minutesOfWeek).fill(0);
  let next = false;
  for (let minute = 2 * minutesOfWeek - 1; minute >= 0; minute -= 1) {
    const at = minute % minutesOfWeek;
    isActive[at] = next ? 1 : 0;
    next = isEnd.get(at) ?? next;
  }
  return runsOf(isActive).filter(({ count }) => count === 1);
}

/** Every minute of the week at which an expression of any day of the month fires. */
function minutesOf(fields: CronFields): readonly number[] | undefined {
  const { dayOfMonth, month, dayOfWeek } = fields;
  if (dayOfMonth.length < 31 || month.length < 12) return undefined;
  const days = dayOfWeek.filter((day) => typeof day === 'number');
  if (days.length < dayOfWeek.length) return undefined;
  return days.flatMap((day) => timesOfDay(fields).map((time) => day * minutesOfDay + time));
}

function timesOfDay({ hour, minute }: CronFields): number[] {
  return hour.flatMap((h) => minute.map((m) => h * 60 + m));
}

/** What each minute of the week asks for: the most of the windows that are open, else `outside`. */
export function stretchesByCount(
  parts: readonly { readonly pair: Pair; readonly count: number }[],
  outside: number,
): readonly { readonly window: Window; readonly count: number; readonly isOpen: boolean }[] | undefined {
  const counts = new Array<number>(minutesOfWeek).fill(Number.NEGATIVE_INFINITY);
  for (const { pair, count } of parts) {
    const stretches = stretchesOf(pair);
    if (stretches === undefined) return undefined;
    for (const { from, minutes } of stretches)
      for (let minute = from; minute < from + minutes; minute += 1) {
        const at = minute % minutesOfWeek;
        counts[at] = Math.max(counts[at] ?? 0, count);
      }
  }
  const runs = runsOf(counts);
  return [...new Set(runs.map(({ count }) => count))].flatMap((count) =>
    inWords(runs.filter((run) => run.count === count)).map((window) => {
      const isOpen = count !== Number.NEGATIVE_INFINITY;
      return { window, isOpen, count: isOpen ? count : outside };
    }),
  );
}

/** Stretches of the same count, around the end of the week as well. */
function runsOf(counts: readonly number[]): readonly (Stretch & { count: number })[] {
  const before = (minute: number): number | undefined => counts[(minute + minutesOfWeek - 1) % minutesOfWeek];
  const edges = counts.flatMap((count, minute) => (count === before(minute) ? [] : [minute]));
  if (edges.length === 0) return [{ from: 0, minutes: minutesOfWeek, count: counts[0] ?? 0 }];
  return edges.map((from, index) => {
    const next = edges[index + 1] ?? (edges[0] ?? 0) + minutesOfWeek;
    return { from, minutes: next - from, count: counts[from] ?? 0 };
  });
}

/**
 * One cron expression for all stretches of one length, one minute of the hour and the same days. `text` stands for all of them, if they
 * are of one length.
 */
function inWords(stretches: readonly Stretch[], text?: string): Window[] {
  const [first] = stretches;
  if (
    text !== undefined &&
    first !== undefined &&
    stretches.every(({ minutes }) => minutes === first.minutes)
  )
    return [{ start: text, duration: hours(first.minutes) }];
  const alike = Map.groupBy(stretches, ({ from, minutes }) => `${from % minutesOfDay} ${minutes}`);
  const daily = [...alike.values()].map(onSomeDays);
  const times = Map.groupBy(daily, ({ time, minutes, days }) => `${time % 60} ${minutes} ${days}`);
  return [...times.values()].map((group) => {
    const [{ time, minutes, days } = { time: 0, minutes: 0, days: '*' }] = group;
    const atHours = group.map((one) => Math.floor(one.time / 60)).sort((a, b) => a - b);
    const hourText = atHours.length === 24 ? '*' : atHours.join(',');
    return { start: `${time % 60} ${hourText} * * ${days}`, duration: hours(minutes) };
  });
}

/** Stretches of the same time of day and length. */
function onSomeDays(group: readonly Stretch[]): { time: number; minutes: number; days: string } {
  const [{ from, minutes } = { from: 0, minutes: 0 }] = group;
  const days = group.map((one) => Math.floor(one.from / minutesOfDay)).sort((a, b) => a - b);
  return { time: from % minutesOfDay, minutes, days: daysText(days) };
}

function daysText(days: readonly number[]): string {
  const [first = 0] = days;
  if (days.length === 7) return '*';
  const isRange = days.length > 2 && days.every((day, index) => day === first + index);
  return isRange ? `${first}-${days.at(-1) ?? first}` : days.join(',');
}

/** `10h`, `1h30m`: as short as a person would write it. */
function hours(minutes: number): string {
  return formatDuration(minutes * minuteMs).replace(/(?<=[hm])0[ms]/g, '');
}
