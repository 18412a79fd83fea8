import { schedule } from 'node-cron';
import type { Logger } from '../lib/logger.ts';

/**
 * Calls `beat` at each full second until stopped. This is the only timer that decisions hang on: what is due, and when, is
 * data in the queue.
 */
export function startHeartbeat(beat: () => void, logger: Logger): { stop(): void } {
  const task = schedule('* * * * * *', beat, {
    name: 'heartbeat',
    suppressMissedWarning: true,
    logger: {
      info: (message) => logger.debug(message),
      debug: (message) => logger.debug(String(message)),
      warn: (message) => logger.warn(message),
      error: (message, error) => logger.error({ err: error ?? message }, 'the heartbeat failed'),
    },
  });
  return { stop: () => void task.destroy() };
}

/** A beat that comes a little early still wakes what is due at its second. */
export const heartbeatSlackMs = 100;

/**
 * When an autoscaler is due next: at fixed times, one sync period apart, that all autoscalers of its namespace share (so that
 * one list of PodMetrics serves them all) and that differ between namespaces (so that not all are due at once).
 */
export function nextTickMs(namespace: string, nowMs: number, syncPeriodMs: number): number {
  const phaseMs = (hash(namespace) * 1000) % syncPeriodMs;
  const ticks = Math.floor((nowMs + heartbeatSlackMs - phaseMs) / syncPeriodMs) + 1;
  return ticks * syncPeriodMs + phaseMs;
}

/** FNV-1a: spreads names evenly, and is the same in every process. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}
