import type { CronFields } from '../policy.ts';

/** Whether a day of the calendar, its midnight as if in UTC, is one on which the expression matches. */
export function matchesDay({ dayOfMonth, month, dayOfWeek }: CronFields, midnightMs: number): boolean {
  const date = new Date(midnightMs);
  return (
    month.includes(date.getUTCMonth() + 1) &&
    (dayOfMonth.includes(date.getUTCDate()) || dayOfMonth.some((token) => isDayOfMonth(token, date))) &&
    (dayOfWeek.includes(date.getUTCDay()) || dayOfWeek.some((token) => isDayOfWeek(token, date)))
  );
}

/** `L`, `L-3`, `15W`, `LW` */
function isDayOfMonth(token: number | string, date: Date): boolean {
  if (typeof token === 'number') return false;
  const last = lastDay(date);
  const [, back, nearest] = /^L-(\d+)$|^(\d+|L)W$/.exec(token) ?? [];
  const day = date.getUTCDate();
  if (back !== undefined) return day === last - Number(back);
  if (nearest !== undefined) return day === nearestWeekday(date, nearest === 'L' ? last : Number(nearest));
  return token === 'L' && day === last;
}

/** `5L`, `1#2` */
function isDayOfWeek(token: number | string, date: Date): boolean {
  if (typeof token === 'number' || Number(token[0]) !== date.getUTCDay()) return false;
  const day = date.getUTCDate();
  return token[1] === '#' ? Math.ceil(day / 7) === Number(token[2]) : lastDay(date) - day < 7;
}

function lastDay(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

/** Monday to Friday, and of the same month; none where the month has no such day. */
function nearestWeekday(date: Date, target: number): number | undefined {
  const last = lastDay(date);
  if (target > last) return undefined;
  const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), target)).getUTCDay();
  if (weekday === 6) return target === 1 ? 3 : target - 1;
  if (weekday === 0) return target === last ? target - 2 : target + 1;
  return target;
}
