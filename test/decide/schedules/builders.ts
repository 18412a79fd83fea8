import { parse } from 'node-cron';
import type { CronFields, ScheduleSpec } from '../../../src/decide/policy.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** The fields of an expression, as the API reads them. */
export function cron(expression: string): CronFields {
  const { minute, hour, dayOfMonth, month, dayOfWeek } = parse(expression);
  return { minute, hour, dayOfMonth, month, dayOfWeek };
}

/** Weekdays from 8 to 18 o'clock in Berlin, with 5 replicas at least. */
export function schedule(changes: Partial<ScheduleSpec> & { readonly cron?: string } = {}): ScheduleSpec {
  const { cron: expression = '0 8 * * 1-5', ...fields } = changes;
  return {
    name: 'office-hours',
    start: cron(expression),
    timeZone: 'Europe/Berlin',
    durationMs: 10 * hour,
    ...('replicas' in fields || 'maxReplicas' in fields ? {} : { minReplicas: 5 }),
    ...fields,
  };
}

/** `2027-03-28T02:30+01:00` and the like, as milliseconds. */
export function at(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new Error(`${text} is no time`);
  return ms;
}
