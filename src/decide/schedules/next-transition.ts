import { rememberEach } from '../../lib/remember.ts';
import type { ScheduleSpec } from '../policy.ts';
import { lastStart, nextStart } from './starts.ts';
import { dayMs } from './zone.ts';

/** The moment at which a schedule opens or closes. */
export interface Transition {
  readonly atMs: number;
  /** Its name. */
  readonly schedule: string;
  readonly type: 'Opens' | 'Closes';
}

/** What is further away is not told: the 29th of February comes in time, unless a century's year leaves it out. */
const horizonMs = 5 * 366 * dayMs;
/** Windows that follow each other without a break: more of them, and the schedule counts as always open. */
const maxChain = 400;

/** The first of the schedules' next transitions, of several at once that of the first in the list; undefined where there is none. */
export function nextTransition(schedules: readonly ScheduleSpec[], nowMs: number): Transition | undefined {
  let first: Transition | undefined;
  for (const schedule of schedules) {
    const next = nextOf(schedule)(nowMs);
    if (next !== undefined && (first === undefined || next.atMs < first.atMs)) first = next;
  }
  return first;
}

/** What a look found, and until when a later look would find the same. */
interface Look {
  readonly next: Transition | undefined;
  readonly untilMs: number;
}

/** Ticks for which the last look holds need not look again. */
const nextOf = rememberEach((schedule: ScheduleSpec) => {
  let known: (Look & { readonly fromMs: number }) | undefined;
  return (nowMs: number): Transition | undefined => {
    if (known === undefined || nowMs < known.fromMs || nowMs >= known.untilMs)
      known = { ...look(schedule, nowMs), fromMs: nowMs };
    return known.next;
  };
});

function look(schedule: ScheduleSpec, nowMs: number): Look {
  const { name, durationMs } = schedule;
  const open = lastStart(schedule, nowMs, nowMs - durationMs + 1);
  if (open !== undefined) {
    const endMs = endOfChain(schedule, open + durationMs);
    if (endMs !== undefined) return until({ atMs: endMs, schedule: name, type: 'Closes' });
    // With the next window the chain is shorter by one.
    return { next: undefined, untilMs: nextStart(schedule, nowMs, open + durationMs) ?? open + durationMs };
  }
  const startMs = nextStart(schedule, nowMs, nowMs + horizonMs);
  if (startMs === undefined) return { next: undefined, untilMs: nowMs + dayMs };
  return until({ atMs: startMs, schedule: name, type: 'Opens' });
}

function until(next: Transition): Look {
  return { next, untilMs: next.atMs };
}

/** A window that opens before the one before it has closed, or as it closes, goes on from it. */
function endOfChain(schedule: ScheduleSpec, firstEndMs: number): number | undefined {
  const { durationMs } = schedule;
  let endMs = firstEndMs;
  for (let links = 0; links < maxChain; links++) {
    const last = lastStart(schedule, endMs, endMs - durationMs + 1);
    if (last === undefined) return endMs;
    endMs = last + durationMs;
  }
  return undefined;
}
