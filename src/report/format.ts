/** A moment of a run: minutes and seconds since its start, `1:05`. */
export function formatClock(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** A time span with three digits at most and its unit: `0.42 ms`, `12.3 ms`, `1.25 s`; a dash for what was not measured. */
export function formatMs(ms: number | null): string {
  if (ms === null) return '-';
  if (ms >= 999.5) return `${(ms / 1000).toFixed(ms < 9_995 ? 2 : 1)} s`;
  return `${ms.toFixed(digitsAfterPoint(ms))} ms`;
}

function digitsAfterPoint(value: number): number {
  if (value < 9.995) return 2;
  return value < 99.95 ? 1 : 0;
}

/** A ratio as percent: `26 %`; `0.4 %` below one. */
export function formatShare(ratio: number): string {
  const percent = ratio * 100;
  return `${percent > 0 && percent < 0.95 ? percent.toFixed(1) : Math.round(percent)} %`;
}

/** Requests per second: `45.0/s`. */
export function formatRate(perSecond: number): string {
  return `${perSecond.toFixed(perSecond < 999.95 ? 1 : 0)}/s`;
}

/** A count with its noun: `1 pod`, `3 pods`. */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** An event's message without what every reader of a view knows, so that its end fits on the line. */
export function shortenMessage(message: string): string {
  return message.replaceAll(' resource utilization (percentage of request)', ' utilization');
}
