import { isObject } from './checks.ts';
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
 * Reads `status.history`. People can edit it: an entry that is none is left out, and without a time at which it was complete
 * nothing of it can be relied on.
 */
export function readHistory(history: unknown): StoredHistory | undefined {
  if (!isObject(history)) return undefined;
  const asOfMs = readTime(history.asOf);
  if (asOfMs === undefined) return undefined;
  return {
    asOfMs,
    history: {
      recommendations: entries(history.recommendations, readRecommendation),
      scaleUps: entries(history.scaleUps, readScaleEvent),
      scaleDowns: entries(history.scaleDowns, readScaleEvent),
    },
  };
}

function entries<T>(list: unknown, read: (entry: Readonly<Record<string, unknown>>) => T | undefined): T[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => (isObject(entry) ? (read(entry) ?? []) : []));
}

function readRecommendation({
  time,
  replicas,
}: Readonly<Record<string, unknown>>): Recommendation | undefined {
  const atMs = readTime(time);
  const count = readCount(replicas, 0);
  return atMs === undefined || count === undefined ? undefined : { atMs, replicas: count };
}

function readScaleEvent({ time, change }: Readonly<Record<string, unknown>>): ScaleEvent | undefined {
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
  return typeof count === 'number' && Number.isInteger(count) && count >= min && count <= maxInt32
    ? count
    : undefined;
}
