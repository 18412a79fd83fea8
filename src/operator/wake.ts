import { schedule } from 'node-cron';
import type { Logger as CronLogger, ScheduledTask } from 'node-cron';
import type { Policy } from '../decide/policy.ts';
import type { Clock } from '../lib/clock.ts';
import { hashOf } from '../lib/hash.ts';
import type { Logger } from '../lib/logger.ts';

/** Without a beat for this long, the clock was set (the timer waits for a time of day that is far away), or the process was stopped. */
const silentMs = 3000;

/**
 * Calls `beat` at each full second until stopped. This is the only timer that decisions hang on: what is due, and when, is
 * data in the queue. A cron timer waits for a time of day, so one that falls silent is replaced.
 */
export function startHeartbeat(beat: () => void, logger: Logger): { stop(): void } {
  let lastMs = performance.now();
  const start = (): ScheduledTask =>
    schedule(
      '* * * * * *',
      () => {
        lastMs = performance.now();
        beat();
      },
      { name: 'heartbeat', suppressMissedWarning: true, logger: cronLogger(logger) },
    );
  let task = start();
  const watchdog = setInterval(() => {
    if (performance.now() - lastMs < silentMs) return;
    logger.warn('the clock was set, or the process was stopped: the heartbeat starts anew');
    lastMs = performance.now();
    void task.destroy();
    task = start();
  }, 1000);
  return {
    stop: () => {
      clearInterval(watchdog);
      void task.destroy();
    },
  };
}

function cronLogger(logger: Logger): CronLogger {
  return {
    info: (message) => logger.debug(message),
    debug: (message) => logger.debug(String(message)),
    warn: (message) => logger.warn(message),
    error: (message, error) => logger.error({ err: error ?? message }, 'the heartbeat failed'),
  };
}

/** A beat that comes a little early still wakes what is due at its second. */
export const heartbeatSlackMs = 100;

/**
 * When an autoscaler is due next: at fixed times, one period apart, that all autoscalers of its namespace with that period share (so that
 * one list of PodMetrics serves them all) and that differ between namespaces (so that not all are due at once).
 * @param nowMs the clock's `monotonicMs`, like the result: a clock that is set back puts nothing off
 */
export function nextTickMs(namespace: string, nowMs: number, syncPeriodMs: number): number {
  const phaseMs = (hashOf(namespace) * 1000) % syncPeriodMs;
  const ticks = Math.floor((nowMs + heartbeatSlackMs - phaseMs) / syncPeriodMs) + 1;
  return ticks * syncPeriodMs + phaseMs;
}

/** The time between two ticks of one autoscaler, in milliseconds: its own, or else the operator's. */
export function periodMsOf({ syncPeriodSeconds }: Partial<Policy>, syncPeriodMs: number): number {
  return syncPeriodSeconds === undefined ? syncPeriodMs : syncPeriodSeconds * 1000;
}

/**
 * When a moment that is known ahead (a schedule's transition, the end of a pause) is due, as the clock's `monotonicMs`; never, where
 * there is none. Where the clock is set meanwhile, the ticks find out all the same.
 */
export function transitionDueMs(atMs: number | undefined, clock: Clock): number {
  return atMs === undefined ? Infinity : clock.monotonicMs() + (atMs - clock.now());
}
