import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { GeneratorHealth } from '../report/load-result.ts';

export type EventLoopReading = Pick<GeneratorHealth, 'eventLoopDelayMs' | 'eventLoopUtilization'>;

/** Watches how busy this thread is. Returns how to end that and read it. */
export function startEventLoopMeter(): () => EventLoopReading {
  const resolutionMs = 10;
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  const before = performance.eventLoopUtilization();
  delay.enable();
  return () => {
    delay.disable();
    const { utilization } = performance.eventLoopUtilization(before);
    // The histogram holds the time from one sampling to the next, of which the resolution is no delay.
    const lateMs = (nanoseconds: number): number =>
      Math.max(0, Math.round(nanoseconds / 1e3 - resolutionMs * 1e3) / 1e3);
    const at = (percentile: number): number => lateMs(delay.percentile(percentile));
    return {
      eventLoopDelayMs: delay.count === 0 ? null : { p50: at(50), p99: at(99), max: lateMs(delay.max) },
      eventLoopUtilization: Math.round(utilization * 1000) / 1000,
    };
  };
}
