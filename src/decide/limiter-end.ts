import type { LimiterMark } from './limiter-marks.ts';
import { changedBy } from './trace.ts';
import type { Trace } from './trace.ts';

/** When a recommendation expires, the first of a budget comes back, or a pause ends; undefined where nothing ends by itself. */
export function limiterEndMs(mark: LimiterMark): number | undefined {
  if (mark.limiter === 'suspended') return mark.untilMs;
  if (mark.limiter === 'stabilization') return mark.by?.expiresAtMs;
  return mark.limiter === 'rate' && 'backAtMs' in mark.by ? mark.by.backAtMs : undefined;
}

const holdsDown: ReadonlySet<LimiterMark['reason']> = new Set<LimiterMark['reason']>([
  'ScaleDownStabilized',
  'ScaleDownLimit',
  'ScaleDownSuspended',
]);

/**
 * When a scale-down that was asked for, or the rest of it, is let through: the last end of what holds it back. Infinity where that does
 * not end by itself; undefined where nothing holds a scale-down back.
 */
export function scaleDownHeldUntilMs(trace: Trace): number | undefined {
  const ends = changedBy(trace)
    .filter(({ reason }) => holdsDown.has(reason))
    .map((mark) => limiterEndMs(mark) ?? Infinity);
  return ends.length === 0 ? undefined : Math.max(...ends);
}
