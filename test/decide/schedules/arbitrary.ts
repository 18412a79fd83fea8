import fc from 'fast-check';
import type { ScheduleSpec } from '../../../src/decide/policy.ts';
import { checked, indexOf, shownMinutes } from './reference.ts';
import { cron, day, minute } from './builders.ts';

/** Zones whose clocks are set by an hour, by half of one, south of the equator, at midnight, for a month of the moon, never. */
export const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'America/St_Johns',
  'America/Santiago',
  'Asia/Kolkata',
  'Etc/UTC',
];

/** A schedule, and the days of its expression as the reference wants them. */
export interface Given {
  readonly spec: ScheduleSpec;
  readonly days: string;
}

const anyDays = fc.constantFrom(
  '* * *',
  '* * 1-5',
  '* * sat,sun',
  '29 2 *',
  '28-31 * *',
  'L * *',
  '1,15 * *',
  '* 3,10,11 0',
  '* 2-4,9-11 *',
  '* * 1#2,5L',
  '15W * *',
  'L-2,LW */2 *',
  '13 * 5',
);
/** Mostly at the hours at which clocks are set. */
const anyHours = fc.constantFrom('0', '1', '2', '3', '23', '0,12', '1-3', '8', '22-1', '*/6', '*');
const anyMinutes = fc.constantFrom('0', '30', '15,45', '59', '*/20', '0,30');

const upTo3Days = fc.oneof(
  fc.integer({ min: 1, max: 180 }),
  fc.constantFrom(60, 600, 720, 1440, 1500),
  fc.integer({ min: 1, max: 3 * 1440 }),
);

const anyDates = fc.array(
  fc
    .integer({ min: 0, max: 730 })
    .map((days) => new Date(checked.fromMs + days * day).toISOString().slice(0, 10)),
  { maxLength: 5 },
);

/** At least one of the counts, in order. */
const anyCounts = fc.oneof(
  fc.record({ minReplicas: fc.integer({ min: 1, max: 50 }) }),
  fc.record({ maxReplicas: fc.integer({ min: 1, max: 50 }) }),
  fc.record({ replicas: fc.integer({ min: 0, max: 50 }) }),
  fc
    .tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }))
    .map(([a, b]) => ({ minReplicas: Math.min(a, b), maxReplicas: Math.max(a, b) })),
);

export const anySchedule: fc.Arbitrary<Given> = fc
  .record({
    zone: fc.constantFrom(...zones),
    days: anyDays,
    hours: anyHours,
    minutes: anyMinutes,
    duration: upTo3Days,
    ramps: fc.tuple(fc.constantFrom(0, 0, 0.1, 0.5), fc.constantFrom(0, 0, 0.25, 0.5)),
    excludeDates: anyDates,
    counts: anyCounts,
  })
  .map(({ zone, days, hours, minutes, duration, ramps, excludeDates, counts }) => ({
    days,
    spec: {
      name: 'any',
      start: cron(`${minutes} ${hours} ${days}`),
      timeZone: zone,
      excludeDates,
      ...counts,
      ...spans(hours === '*' ? Math.min(duration, 300) : duration, ramps),
    },
  }));

/** @param duration in minutes @param ramps as parts of it */
function spans(duration: number, [up, down]: readonly [number, number]) {
  return {
    durationMs: duration * minute,
    rampUpMs: Math.floor(duration * up) * minute,
    rampDownMs: Math.floor(duration * down) * minute,
  };
}

/** Minutes to look at: all around what the clocks and the schedule do, and some of every day. */
export function minutesToCheck({ spec }: Given, progress: Float64Array): number[] {
  const shown = shownMinutes(spec.timeZone);
  const found: number[] = [];
  for (let index = indexOf(checked.fromMs); index < indexOf(checked.toMs); index++) {
    const isLeap = shown[index] !== shown[index - 1]! + 1;
    const isEdge = (progress[index] === -1) !== (progress[index - 1] === -1);
    if (isLeap) for (let near = -200; near < 200; near += 7) found.push(index + near);
    if (isLeap || isEdge) found.push(index - 1, index, index + 1);
    if (index % 977 === 0) found.push(index);
  }
  return found.filter((index) => index < progress.length);
}
