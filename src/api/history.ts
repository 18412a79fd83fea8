import { isObject, isPresent } from './checks.ts';
import type { Json } from './checks.ts';
import { defined, exactTimeText } from './json.ts';
import type * as wire from './generated/custom-autoscaler.ts';
import type { History, LastGood, MetricMemory, Recommendation, ScaleEvent } from '../decide/history.ts';
import type { StoredHistory } from '../decide/restore-history.ts';

/** `status.history` on the wire. */
export type WireHistory = wire.AutoscalerHistory;

/**
 * A history for the status. Times are exact to the millisecond, where the rest of the status has whole seconds.
 * @param history compact already (`historyToKeep`); undefined when nothing is worth keeping
 * @param asOfMs when it was complete
 */
export function wireHistory(history: History | undefined, asOfMs: number): WireHistory | undefined {
  if (history === undefined) return undefined;
  const { metrics, steppedUpAtMs, wokeAtMs } = history;
  return defined({
    asOf: exactTimeText(asOfMs),
    recommendations: history.recommendations.map(({ atMs, replicas }) => ({
      time: exactTimeText(atMs),
      replicas,
    })),
    scaleUps: history.scaleUps.map(scaleRecord),
    scaleDowns: history.scaleDowns.map(scaleRecord),
    metrics: metrics && Object.entries(metrics).slice(0, maxMetrics).map(metricRecord),
    steppedUpTime: optionalTime(steppedUpAtMs),
    wokeTime: optionalTime(wokeAtMs),
  });
}

/** As many as a spec may have. */
const maxMetrics = 100;

function metricRecord([metric, memory]: [string, MetricMemory]): wire.MetricRecord {
  const { failingSinceMs, zeroSinceMs, actedSampleAtMs, lastGood } = memory;
  return defined({
    metric,
    failingSince: optionalTime(failingSinceMs),
    zeroSince: optionalTime(zeroSinceMs),
    actedSampleTime: optionalTime(actedSampleAtMs),
    lastGood: lastGood && lastGoodRecord(lastGood),
  });
}

function lastGoodRecord({ atMs, ...rest }: LastGood): NonNullable<wire.MetricRecord['lastGood']> {
  return { time: exactTimeText(atMs), ...rest };
}

function scaleRecord({ atMs, change }: ScaleEvent): wire.ScaleRecord {
  return { time: exactTimeText(atMs), change };
}

function optionalTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : exactTimeText(ms);
}

/**
 * Reads `status.history`. People can edit it: an entry that is none is left out, which is told as `damaged`; without a time at
 * which it was complete nothing of it can be relied on.
 */
export function readHistory(history: unknown): StoredHistory | undefined {
  if (!isObject(history)) return undefined;
  const asOfMs = readTime(history.asOf);
  if (asOfMs === undefined) return undefined;
  const recommendations = entries(history.recommendations, readRecommendation);
  const scaleUps = entries(history.scaleUps, readScaleEvent);
  const scaleDowns = entries(history.scaleDowns, readScaleEvent);
  const metrics = entries(history.metrics, readMetricMemory);
  const isDamaged = [recommendations, scaleUps, scaleDowns, metrics].some(({ refused }) => refused > 0);
  return {
    asOfMs,
    history: {
      recommendations: recommendations.read,
      scaleUps: scaleUps.read,
      scaleDowns: scaleDowns.read,
      ...(metrics.read.length > 0 && { metrics: Object.fromEntries(metrics.read) }),
      ...defined({ steppedUpAtMs: readTime(history.steppedUpTime), wokeAtMs: readTime(history.wokeTime) }),
    },
    ...(isDamaged ? { damaged: true } : {}),
  };
}

/** An absent list is an empty one. */
function entries<T>(
  list: unknown,
  read: (entry: Json) => T | undefined,
): { readonly read: readonly T[]; readonly refused: number } {
  const given: readonly unknown[] = Array.isArray(list) ? list : isPresent(list) ? [list] : [];
  const good = given
    .map((entry) => (isObject(entry) ? read(entry) : undefined))
    .filter((entry) => entry !== undefined);
  return { read: good, refused: given.length - good.length };
}

function readRecommendation({ time, replicas }: Json): Recommendation | undefined {
  const atMs = readTime(time);
  const count = readCount(replicas, 0);
  return atMs === undefined || count === undefined ? undefined : { atMs, replicas: count };
}

function readScaleEvent({ time, change }: Json): ScaleEvent | undefined {
  const atMs = readTime(time);
  const count = readCount(change, 1);
  return atMs === undefined || count === undefined ? undefined : { atMs, change: count, outdated: false };
}

/** A time in it that is none counts as absent, as does a last good evaluation without its time or count. */
function readMetricMemory(record: Json): readonly [string, MetricMemory] | undefined {
  const { metric, lastGood } = record;
  if (typeof metric !== 'string') return undefined;
  const memory = defined({
    failingSinceMs: readTime(record.failingSince),
    zeroSinceMs: readTime(record.zeroSince),
    actedSampleAtMs: readTime(record.actedSampleTime),
    lastGood: isObject(lastGood) ? readLastGood(lastGood) : undefined,
  });
  return [metric, memory];
}

function readLastGood({ time, replicas, aboveTarget, nonZero }: Json): LastGood | undefined {
  const recommendation = readRecommendation({ time, replicas });
  return (
    recommendation && { ...recommendation, aboveTarget: aboveTarget === true, nonZero: nonZero === true }
  );
}

function readTime(time: unknown): number | undefined {
  const ms = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

const maxInt32 = 2 ** 31 - 1;

function readCount(count: unknown, min: number): number | undefined {
  const isCount = typeof count === 'number' && Number.isInteger(count) && count >= min && count <= maxInt32;
  return isCount ? count : undefined;
}
