import type { MetricReading, Reading } from '../snapshot.ts';

/** The same reading as one that could not be had. */
export function withoutValue(reading: MetricReading, message: string): MetricReading {
  const failed = { ok: false, message } as const;
  if ('usage' in reading) return { ...reading, usage: failed };
  if ('samples' in reading) return { ...reading, samples: failed };
  if ('milli' in reading) return { ...reading, milli: failed };
  return reading;
}

/** Why there is no value, in the source's own words; undefined where there is one. */
export function causeOf(reading: MetricReading): string | undefined {
  const value = valueOf(reading);
  return value === undefined || value.ok ? undefined : value.message;
}

/** Everything that a metric outside of the pods shows, added up; undefined where there is none. */
export function totalMilli(reading: MetricReading): bigint | undefined {
  if (!('milli' in reading) || !reading.milli.ok) return undefined;
  const { value } = reading.milli;
  return typeof value === 'bigint' ? value : value.reduce((sum, milli) => sum + milli, 0n);
}

function valueOf(reading: MetricReading): Reading<unknown> | undefined {
  if ('usage' in reading) return reading.usage;
  if ('samples' in reading) return reading.samples;
  return 'milli' in reading ? reading.milli : undefined;
}
