import type { ScheduleSpec } from '../policy.ts';
import { lastStart, nextStart } from './starts.ts';

/** How far a schedule's counts are reached, as a fraction: from 0 at an opening with a ramp to 1 between the ramps. */
export interface Progress {
  readonly partMs: number;
  readonly wholeMs: number;
}

const whole: Progress = { partMs: 1, wholeMs: 1 };

/**
 * Where a schedule stands; undefined while none of its windows is open. A window is open from its start on, and no more at its end.
 * Where several are, the one that is furthest counts:
 *
 *        rampUp      rampDown
 *          ____________
 *         /            \         the last window whose rampUp is over is furthest of those that started before it,
 *     ___/              \___     the first of the others of those after it
 */
export function progressAt(schedule: ScheduleSpec, nowMs: number): Progress | undefined {
  const { durationMs, rampUpMs = 0, rampDownMs = 0 } = schedule;
  const risenMs = nowMs - rampUpMs;
  const risen = lastStart(schedule, risenMs, nowMs - durationMs + 1);
  const leftMs = risen === undefined ? 0 : risen + durationMs - nowMs;
  if (risen !== undefined && leftMs >= rampDownMs) return whole;
  const falling = risen === undefined ? undefined : { partMs: leftMs, wholeMs: rampDownMs };
  const rising = rampUpMs === 0 ? undefined : nextStart(schedule, risenMs, nowMs);
  return further(falling, rising === undefined ? undefined : { partMs: nowMs - rising, wholeMs: rampUpMs });
}

function further(a: Progress | undefined, b: Progress | undefined): Progress | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.partMs / a.wholeMs >= b.partMs / b.wholeMs ? a : b;
}

/** From one count to another as far as the progress goes, rounded up. */
export function between(from: number, to: number, { partMs, wholeMs }: Progress): number {
  return from + Math.ceil(((to - from) * partMs) / wholeMs);
}
