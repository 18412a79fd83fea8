import { formatCount, formatMs } from '../report/format.ts';
import { describeFailure } from '../report/failure-words.ts';
import type { GeneratorHealth } from '../report/load-result.ts';
import type { EventLoopReading } from './event-loop-meter.ts';
import { ownFailures } from './failures.ts';
import type { Measured } from './recorder.ts';

/** A thread that rests less than this is not waiting for anybody else. */
const busyRatio = 0.9;

interface HealthOptions {
  readonly mode: 'open' | 'closed';
  readonly maxLagMs: number;
}

/** Whether the generator kept up: whether the result tells of the target, or of the generator. */
export function generatorHealth(
  measured: Measured,
  loop: EventLoopReading,
  options: HealthOptions,
): GeneratorHealth {
  const reasons = [
    lagReason(measured, options),
    dropReason(measured, loop, options),
    ...ownReasons(measured),
  ].filter((reason) => reason !== undefined);
  return { saturated: reasons.length > 0, reasons, ...loop };
}

function lagReason({ sendLagMs: { p99 } }: Measured, { maxLagMs }: HealthOptions): string | undefined {
  if (p99 === null || p99 <= maxLagMs) return undefined;
  return `1 % of the requests were taken up ${formatMs(p99)} late or more; up to ${formatMs(maxLagMs)} is allowed (--max-lag)`;
}

/** Arrivals without a connection are the target's doing, unless this thread had no time for them. */
function dropReason(
  { requests }: Measured,
  loop: EventLoopReading,
  { mode }: HealthOptions,
): string | undefined {
  const isBusy = (loop.eventLoopUtilization ?? 0) > busyRatio;
  if (mode === 'closed' || requests.dropped === 0 || !isBusy) return undefined;
  return `${formatCount(requests.dropped, 'request')} dropped while the generator was busy all the time: the rate is more than it can send`;
}

function ownReasons({ failures }: Measured): string[] {
  return ownFailures.flatMap((failure) => {
    const count = failures[failure] ?? 0;
    return count === 0 ? [] : [`${formatCount(count, 'request')} failed here: ${describeFailure(failure)}`];
  });
}

/** What a closed loop measured may be the generator's own limit; that makes nothing void, but must be known. */
export function closedLoopWarning(mode: 'open' | 'closed', loop: EventLoopReading): string[] {
  if (mode === 'open' || (loop.eventLoopUtilization ?? 0) <= busyRatio) return [];
  return ['the generator was busy all the time: the target may be able to do more than was measured'];
}
