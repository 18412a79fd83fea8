import { stretchesByCount, windowsOf, type Pair } from './week.ts';
import type { TriggerContext } from './trigger-context.ts';
import { parseCron } from '../../api/cron.ts';
import type { Schedule } from '../../api/generated/custom-autoscaler.ts';

const maxSchedules = 20;
const maxNameLength = 63;

/** A cron trigger that has been read. */
export interface CronTrigger {
  readonly context: TriggerContext;
  readonly pair: Pair;
  readonly timeZone: string;
  /** As many as desiredReplicas, and not more than there may be. */
  readonly replicas: number;
}

/** What holds while no window is open; absent: the bounds of the spec and its metrics. */
export interface Outside {
  readonly replicas: number;
  /** No trigger but cron counts, so that a window sets the count exactly. */
  readonly isAlone: boolean;
}

/** @returns undefined where the trigger is wrong, which is then a problem, or sets nothing */
export function readCron(context: TriggerContext, maxReplicas: number): CronTrigger | undefined {
  const timeZone = context.need('timezone', 'must be a time zone of the IANA database');
  const start = cronOf(context, 'start');
  const end = cronOf(context, 'end');
  const desired = context.needWhole('desiredReplicas', 'must be a whole number');
  context.nameRest({});
  if (timeZone !== undefined && !isZone(timeZone))
    context.invalid('timezone', 'must be a time zone of the IANA database, such as Europe/Berlin');
  if (start === undefined || end === undefined || timeZone === undefined || desired === undefined)
    return undefined;
  if (start.text === end.text) context.invalid('end', 'must differ from start');
  if (desired === 0) {
    context.remarks.notKept(
      context.path('desiredReplicas'),
      'a window that asks for no replica sets no minimum',
    );
    return undefined;
  }
  if (desired > maxReplicas)
    context.remarks.changed(
      context.path('desiredReplicas'),
      `${desired} is above maxReplicaCount: ${maxReplicas}`,
    );
  const pair = { start: start.fields, end: end.fields, text: start.text };
  return { context, pair, timeZone, replicas: Math.min(desired, maxReplicas) };
}

function cronOf(context: TriggerContext, name: 'start' | 'end') {
  const given = context.need(name, 'must be a cron expression');
  if (given === undefined) return undefined;
  const text = given.trim().replace(/\s+/g, ' ');
  const parsed = parseCron(text);
  if (!parsed.ok) context.invalid(name, parsed.problem);
  return parsed.ok ? { text, fields: parsed.fields } : undefined;
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * The schedules of all cron triggers of a ScaledObject. With `outside`, the time between the windows has schedules too, where the
 * windows are the same every week and of one time zone.
 */
export function schedulesOf(
  crons: readonly CronTrigger[],
  outside: Outside | undefined,
): readonly Schedule[] {
  const whole = outside && wholeWeek(crons, outside);
  const schedules = whole ?? crons.flatMap((cron) => ownWindows(cron, outside?.isAlone === true));
  if (outside !== undefined && whole === undefined && schedules.length > 0) sayOutside(crons, outside);
  const named = uniqueNames(schedules).slice(0, maxSchedules);
  if (schedules.length > named.length)
    crons[0]?.context.remarks.notKept(
      'spec.triggers',
      `${schedules.length - named.length} of ${schedules.length} windows: there may be ${maxSchedules} schedules`,
    );
  if (named.length > 0) for (const { context } of crons) sayBounds(context);
  return named;
}

function sayBounds(context: TriggerContext): void {
  context.remarks.changed(
    context.path('desiredReplicas'),
    'a window is a bound here, reached at once when it opens and left when it closes: no tolerance, no cooldownPeriod',
    ['spec', 'schedules'],
  );
}

function sayOutside(crons: readonly CronTrigger[], { replicas }: Outside): void {
  for (const { context } of crons)
    context.remarks.notKept(
      context.path('end'),
      `that there are ${replicas} replicas while no window is open: it cannot be said as start and duration`,
    );
}

function ownWindows({ context, pair, timeZone, replicas }: CronTrigger, exact: boolean): Schedule[] {
  const windows = windowsOf(pair);
  if (windows === undefined || windows.length > maxSchedules) {
    context.remarks.notKept(context.path(), 'start and end cannot be said as start and duration');
    return [];
  }
  const count = exact ? { replicas } : { minReplicas: replicas };
  const name = context.trigger.name ?? 'cron';
  return windows.map(({ start, duration }) => ({ name, start, timeZone, duration, ...count }));
}

/** Each minute of the week has its schedule; undefined where that cannot be said. */
function wholeWeek(crons: readonly CronTrigger[], { replicas, isAlone }: Outside): Schedule[] | undefined {
  const [zone, ...others] = new Set(crons.map(({ timeZone }) => timeZone));
  if (zone === undefined || others.length > 0) return undefined;
  const parts = crons.map(({ pair, replicas: count }) => ({ pair, count }));
  const stretches = stretchesByCount(parts, replicas);
  if (stretches === undefined || stretches.length > maxSchedules) return undefined;
  return stretches.map(({ window, count, isOpen }) => ({
    ...{ name: isOpen ? 'cron' : 'outside', start: window.start },
    ...{ timeZone: zone, duration: window.duration },
    ...(isAlone || !isOpen ? { replicas: count } : { minReplicas: count }),
  }));
}

/** DNS labels; a name that comes again gets a number. */
function uniqueNames(schedules: readonly Schedule[]): Schedule[] {
  const used = new Set<string>();
  return schedules.map((schedule) => {
    const label = schedule.name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    const base = label.slice(0, maxNameLength - 3).replace(/^-+|-+$/g, '') || 'cron';
    let name = base;
    for (let number = 2; used.has(name); number += 1) name = `${base}-${number}`;
    used.add(name);
    return { ...schedule, name };
  });
}
