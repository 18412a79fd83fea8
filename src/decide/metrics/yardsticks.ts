import { add, divide, int64, multiply, toInt32 } from '../int64.ts';
import type { Int64 } from '../int64.ts';
import type { AssumedUsage, Comparison } from '../proposal.ts';
import type { PodFacts, Reading } from '../snapshot.ts';
import type { PodGroups, Samples } from './group-pods.ts';
import { requestOf } from './requests.ts';
import type { RequestQuery } from './requests.ts';

/** How samples are held against a target: percent of requests, or a plain average. */
export interface Yardstick {
  /** What the samples come to, those of pods that do not count left out. */
  readonly total: (samples: Samples, pods: readonly PodFacts[], groups: PodGroups) => Reading<Total>;
  readonly measure: (total: Total) => Measurement;
  /** What the pods would use if each were idle, or as busy as its target at least. */
  readonly assume: (pods: readonly PodFacts[], usage: AssumedUsage) => Total;
}

/** Samples added up. */
export interface Total {
  readonly usage: Int64;
  /** What the pods of these samples request; 0 for a plain average. */
  readonly requested: Int64;
  readonly count: number;
}

export interface Measurement {
  readonly usageRatio: number;
  readonly averageMilli: Int64;
  readonly compared: Comparison;
}

export function addTotals(a: Total, b: Total): Total {
  return {
    usage: add(a.usage, b.usage),
    requested: add(a.requested, b.requested),
    count: a.count + b.count,
  };
}

/** Usage in percent of the requests, cut off to an integer: 54.9 % against 50 % is a ratio of 1.08. */
export function utilization(query: RequestQuery, targetPercent: number): Yardstick {
  return {
    total: (_, pods, groups) => totalOfPods(pods, groups, query),
    measure: ({ usage, requested, count }) => {
      const percent = toInt32(divide(multiply(usage, 100), requested));
      const compared = { of: 'utilization', percent, targetPercent } as const;
      return { usageRatio: percent / targetPercent, averageMilli: divide(usage, count), compared };
    },
    assume: (pods, usage) => assumeRequested(pods, query, usage === 'Idle' ? 0 : busyPercent(targetPercent)),
  };
}

/** A pod that shows no usage is taken to use all that it requests, and no less than the target lets it. */
export function busyPercent(targetPercent: number): number {
  return Math.max(100, targetPercent);
}

/**
 * Samples of pods that no longer exist are skipped: they have no request. Every pod needs its request, also one
 * without a sample: the first that has none spoils it.
 */
function totalOfPods(pods: readonly PodFacts[], { counted }: PodGroups, query: RequestQuery): Reading<Total> {
  let usage: Int64 = 0;
  let requested: Int64 = 0;
  let count = 0;
  for (const [index, pod] of pods.entries()) {
    const request = requestOf(pod, query);
    if (!request.ok) return request;
    const sample = counted[index];
    if (sample === undefined) continue;
    usage = add(usage, sample.value);
    requested = add(requested, request.value);
    count += 1;
  }
  return Number(requested) === 0
    ? { ok: false, message: 'no metrics returned matched known pods' }
    : { ok: true, value: { usage, requested, count } };
}

/** Of pods whose requests are known to be there. */
function assumeRequested(pods: readonly PodFacts[], query: RequestQuery, percent: number): Total {
  let usage: Int64 = 0;
  let requested: Int64 = 0;
  for (const pod of pods) {
    const request = requestOf(pod, query);
    const milli = request.ok ? request.value : 0;
    usage = add(usage, divide(multiply(milli, percent), 100));
    requested = add(requested, milli);
  }
  return { usage, requested, count: pods.length };
}

/** The plain average over all samples, also those of pods that no longer exist. */
export function plainAverage(targetMilli: bigint, format: 'DecimalSI' | 'BinarySI' = 'DecimalSI'): Yardstick {
  const target = int64(targetMilli);
  return {
    total: (samples) => {
      let usage: Int64 = 0;
      for (const sample of samples.values()) usage = add(usage, sample.value);
      return { ok: true, value: { usage, requested: 0, count: samples.size } };
    },
    measure: ({ usage, count }) => {
      const averageMilli = divide(usage, count);
      const compared = { of: 'average', milli: BigInt(averageMilli), targetMilli, format } as const;
      return { usageRatio: Number(averageMilli) / Number(target), averageMilli, compared };
    },
    assume: ({ length: count }, usage) => ({
      usage: usage === 'Idle' ? 0 : multiply(target, count),
      requested: 0,
      count,
    }),
  };
}
