import { isObject, isPresent } from './checks.ts';
import type { Json } from './checks.ts';
import type * as wire from './generated/custom-autoscaler.ts';
import type { History, Recommendation, ScaleEvent } from '../decide/decision.ts';
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
  return {
    asOf: exactTime(asOfMs),
    recommendations: history.recommendations.map(({ atMs, replicas }) => ({
      time: exactTime(atMs),
      replicas,
    })),
    scaleUps: history.scaleUps.map(scaleRecord),
    scaleDowns: history.scaleDowns.map(scaleRecord),
  };
}

function scaleRecord({ atMs, change }: ScaleEvent): wire.ScaleRecord {
  return { time: exactTime(atMs), change };
}

function exactTime(ms: number): string {
  return new Date(ms).toISOString();
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
  const isDamaged = [recommendations, scaleUps, scaleDowns].some(({ refused }) => refused > 0);
  return {
    asOfMs,
    history: { recommendations: recommendations.read, scaleUps: scaleUps.read, scaleDowns: scaleDowns.read },
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

function readTime(time: unknown): number | undefined {
  const ms = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

const maxInt32 = 2 ** 31 - 1;

function readCount(count: unknown, min: number): number | undefined {
  const isCount = typeof count === 'number' && Number.isInteger(count) && count >= min && count <= maxInt32;
  return isCount ? count : undefined;
}
