import { formatSpan } from '../../lib/duration.ts';
import { podGroup } from '../metrics/pod-group.ts';
import type { MetricInputs } from '../proposal.ts';
import type { MetricReading, Reading } from '../snapshot.ts';
import { withoutValue } from './readings.ts';

/** A reading without what is too old. */
export interface Fresh {
  readonly reading: MetricReading;
  /** Pods whose sample was left out. */
  readonly stale?: MetricInputs['stale'];
}

/**
 * Leaves out what was measured more than `maxAgeMs` ago: single samples of pods, else the value as a whole, which then counts as one
 * that could not be had. What bears no time (a sample from before 1970: Go's zero time) is of an age that nobody knows: it stays.
 */
export function freshReading(reading: MetricReading, maxAgeMs: number | undefined, nowMs: number): Fresh {
  if (maxAgeMs === undefined) return { reading };
  if ('usage' in reading) {
    const { fresh, names } = freshSamples(reading.usage, maxAgeMs, nowMs, ({ name }) => name);
    return withStale({ ...reading, usage: fresh }, names, maxAgeMs);
  }
  if ('samples' in reading) {
    const { fresh, names } = freshSamples(reading.samples, maxAgeMs, nowMs, ({ podName }) => podName);
    return withStale({ ...reading, samples: fresh }, names, maxAgeMs);
  }
  const { timestampMs } = 'milli' in reading ? reading : {};
  if (timestampMs === undefined || !isStale(timestampMs, maxAgeMs, nowMs)) return { reading };
  const message = `its value is older than ${formatSpan(maxAgeMs)}`;
  return { reading: withoutValue(reading, message) };
}

function withStale(reading: MetricReading, names: readonly string[], maxAgeMs: number): Fresh {
  if (names.length === 0) return { reading };
  return { reading, stale: { ...podGroup(names.map((name) => ({ name }))), maxAgeMs } };
}

interface Sifted<T> {
  readonly fresh: Reading<readonly T[]>;
  /** Of pods whose sample is too old; none where no sample is left at all, as then the metric failed. */
  readonly names: readonly string[];
}

function freshSamples<T extends { readonly timestampMs: number }>(
  samples: Reading<readonly T[]>,
  maxAgeMs: number,
  nowMs: number,
  nameOf: (sample: T) => string,
): Sifted<T> {
  if (!samples.ok) return { fresh: samples, names: [] };
  const stale = samples.value.filter(({ timestampMs }) => isStale(timestampMs, maxAgeMs, nowMs));
  if (stale.length === 0) return { fresh: samples, names: [] };
  if (stale.length === samples.value.length) {
    const message = `every sample is older than ${formatSpan(maxAgeMs)}`;
    return { fresh: { ok: false, message }, names: [] };
  }
  const old = new Set(stale);
  const value = samples.value.filter((sample) => !old.has(sample));
  return { fresh: { ok: true, value }, names: stale.map(nameOf) };
}

function isStale(timestampMs: number, maxAgeMs: number, nowMs: number): boolean {
  return timestampMs >= 0 && nowMs - timestampMs > maxAgeMs;
}
