import { integer, isObject, isPresent, list, matching, nonEmpty, object, text } from './checks.ts';
import type { Check, ObjectRule } from './checks.ts';
import { parseCron } from './cron.ts';
import { parseDuration } from '../lib/duration.ts';

const maxSchedules = 20;
const maxExcludedDates = 100;
/** 31 days. */
const maxDurationMs = 744 * 3_600_000;
const durationSyntax = /^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$/;

/** Milliseconds of a duration of the spec, undefined for what is none. */
export function durationMs(value: unknown): number | undefined {
  if (typeof value !== 'string' || !durationSyntax.test(value)) return undefined;
  const ms = parseDuration(value);
  return ms === undefined ? undefined : Math.round(ms);
}

function duration({ min, detail }: { readonly min: number; readonly detail: string }): Check {
  return text(32, (value) => {
    const ms = durationMs(value);
    return ms !== undefined && ms >= min && ms <= maxDurationMs ? undefined : detail;
  });
}

const openDuration = duration({
  min: 1,
  detail: 'must be a duration such as 10h or 1h30m, above 0 and at most 744h',
});
const ramp = duration({ min: 0, detail: 'must be a duration such as 15m or 1h30m, at most 744h' });

const labelName = matching(
  /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  "must consist of lower case letters, digits or '-', not at an end",
);

function cronExpression(value: string): string | undefined {
  const parsed = parseCron(value);
  return parsed.ok ? undefined : parsed.problem;
}

const zoneSyntax = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;

function ianaZone(value: string): string | undefined {
  const wrong = 'must be a time zone of the IANA database, such as Europe/Berlin';
  if (!zoneSyntax.test(value)) return wrong;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: value });
    return undefined;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return wrong;
  }
}

/** A rule of text: what is wrong with it as a date, undefined where it is one. */
export function calendarDate(value: string): string | undefined {
  const ms = /^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : Number.NaN;
  // February 30 is read as March 2.
  const isDate = !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(value);
  return isDate ? undefined : 'must be a date such as 2026-12-25';
}

const setsSomething: ObjectRule = ({ minReplicas, maxReplicas, replicas }, place) => {
  if (![minReplicas, maxReplicas, replicas].some(isPresent))
    place.required('one of minReplicas, maxReplicas and replicas must be set');
};

const exactAlone: ObjectRule = ({ minReplicas, maxReplicas, replicas }, place) => {
  if (isPresent(replicas) && (isPresent(minReplicas) || isPresent(maxReplicas)))
    place.field('replicas').forbidden('may not be set together with minReplicas or maxReplicas');
};

const boundsInOrder: ObjectRule = ({ minReplicas, maxReplicas }, place) => {
  if (typeof minReplicas !== 'number' || typeof maxReplicas !== 'number') return;
  if (maxReplicas >= 1 && maxReplicas < minReplicas)
    place.field('maxReplicas').invalid(maxReplicas, 'must be greater than or equal to minReplicas');
};

const rampsFit: ObjectRule = ({ duration: open, rampUp, rampDown }, place) => {
  const openMs = durationMs(open);
  if (openMs !== undefined && (durationMs(rampUp) ?? 0) + (durationMs(rampDown) ?? 0) > openMs)
    place.field('duration').invalid(open, 'must be at least as long as rampUp and rampDown together');
};

const schedule = object(
  {
    name: { check: nonEmpty(text(63, labelName), 'must be a name'), required: 'must be a name' },
    start: { check: text(128, cronExpression), required: 'must be a cron expression of five fields' },
    timeZone: { check: nonEmpty(text(64, ianaZone), 'must name a time zone') },
    duration: { check: openDuration, required: 'must be a duration such as 10h' },
    minReplicas: { check: integer({ min: 1 }) },
    maxReplicas: { check: integer({ min: 1 }) },
    replicas: { check: integer({ min: 0 }) },
    rampUp: { check: ramp },
    rampDown: { check: ramp },
    excludeDates: {
      check: unique(list(text(10, calendarDate), { max: maxExcludedDates }), (date) => date),
    },
  },
  setsSomething,
  exactAlone,
  boundsInOrder,
  rampsFit,
);

/** The list, and no two of its items with the same key. */
function unique(check: Check, keyOf: (item: unknown) => unknown): Check {
  return (value, place) => {
    check(value, place);
    if (!Array.isArray(value)) return;
    const seen = new Set<unknown>();
    for (const [index, item] of value.entries()) {
      const key = keyOf(item);
      if (key !== undefined && seen.has(key)) place.item(index).duplicate(key);
      seen.add(key);
    }
  };
}

/** spec.schedules. */
export const schedulesCheck: Check = unique(list(schedule, { max: maxSchedules }), (item) =>
  isObject(item) ? item.name : undefined,
);
