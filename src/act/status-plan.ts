import { isDeepStrictEqual } from 'node:util';
import { outcomeOf } from '../api/decision-status.ts';
import { readHistory } from '../api/history.ts';
import type { WireHistory } from '../api/history.ts';
import type { WireStatus } from '../api/status.ts';
import type { Recommendation } from '../decide/history.ts';
import { statusPatch } from './status.ts';
import type { StatusPatch } from './status.ts';

/** Everything that decides whether a status is written now. */
export interface StatusPlanInput {
  /** As it was read. */
  readonly before: WireStatus | undefined;
  readonly after: WireStatus;
  /** `Settlement.statusChanged`: whether the HPA's own fields differ, so that upstream would write. */
  readonly statusChanged: boolean;
  /** The scale was written in this tick. */
  readonly rescaled: boolean;
  /** Since this operator last wrote the status of this autoscaler, by a monotonic clock; undefined when it never has. */
  readonly sinceLastWriteMs: number | undefined;
  /** `--status-metrics-interval`: 0 writes metrics as upstream does, in each tick in which they changed. Default 60,000. */
  readonly statusMetricsIntervalMs: number;
}

/** How often a history is written that changes alone, where metrics are written each tick. */
const historyIntervalMs = 60_000;

/**
 * The patch of the status to write now; undefined when nothing is due. Metric values, the history and the numbers of a decision drift
 * in nearly every tick: they are written with any other change, and alone only once in a while, a decision never. But a history at
 * once, if the stored one would let a scale-down pass that the present one holds back, and a decision that comes out otherwise.
 */
export function planStatus(input: StatusPlanInput): StatusPatch | undefined {
  const patch = statusPatch(input.before, input.after);
  if (patch === undefined) return undefined;
  return input.rescaled || hasNews(patch, input) || isDue(patch, input) ? patch : undefined;
}

/**
 * The longest that a stored history is behind the one in memory: the wait between two writes, and the tick at which it is over.
 * What `restoreHistory` is to assume.
 */
export function historyLagMs(options: {
  readonly statusMetricsIntervalMs: number;
  readonly syncPeriodMs: number;
}): number {
  return historyWaitMs(options.statusMetricsIntervalMs) + options.syncPeriodMs;
}

function historyWaitMs(statusMetricsIntervalMs: number): number {
  return statusMetricsIntervalMs === 0 ? historyIntervalMs : statusMetricsIntervalMs;
}

const drifting = ['currentMetrics', 'targets', 'history', 'decision', 'shadow'];

/** Whether anything changed but values of metrics, the history, the numbers of a decision and the counts of a shadow. */
function hasNews({ status }: StatusPatch, { before, after }: StatusPlanInput): boolean {
  if (Object.keys(status).some((field) => !drifting.includes(field))) return true;
  if ('currentMetrics' in status && !isDeepStrictEqual(identities(before), identities(after))) return true;
  if ('decision' in status && !isSameOutcome(before, after)) return true;
  if ('shadow' in status && !isSameShadow(before, after)) return true;
  return 'history' in status && (isHigher(before?.history, after.history) || isZeroNews(before, after));
}

function isSameOutcome(before: WireStatus | undefined, after: WireStatus): boolean {
  const [a, b] = [before?.decision, after.decision];
  return a === undefined || b === undefined ? a === b : outcomeOf(a) === outcomeOf(b);
}

/** What is compared, and whether there was a difference. */
function isSameShadow(before: WireStatus | undefined, after: WireStatus): boolean {
  const [a, b] = [before?.shadow, after.shadow];
  return (
    a?.hpa === b?.hpa && a?.specs === b?.specs && isDeepStrictEqual(a?.firstDifference, b?.firstDifference)
  );
}

/**
 * A restart takes the last stored recommendation to have held ever since (decide/restore-history.ts), so a higher one must not wait.
 * No stored history is as good as any: then the present count counts; for the same reason one that goes must go at once.
 */
function isHigher(before: WireHistory | undefined, after: WireHistory | undefined): boolean {
  const stored = readHistory(before);
  if (stored === undefined) return false;
  const next = readHistory(after);
  if (next === undefined) return true;
  const { asOfMs, history } = stored;
  const last = history.recommendations.reduce((a, b) => (b.atMs >= a.atMs ? b : a), none);
  return next.history.recommendations.some(({ atMs, replicas }) => atMs > asOfMs && replicas > last.replicas);
}

/** Whether a zero of a metric is suspected hangs on this alone: it must not be lost. */
function isZeroNews(before: WireStatus | undefined, after: WireStatus): boolean {
  return !isDeepStrictEqual(nonZeros(before), nonZeros(after));
}

function nonZeros(status: WireStatus | undefined): readonly string[] {
  const metrics = Object.entries(readHistory(status?.history)?.history.metrics ?? {});
  return metrics.filter(([, { lastGood }]) => lastGood?.nonZero === true).map(([metric]) => metric);
}

const none: Recommendation = { atMs: -Infinity, replicas: -1 };

/** Which metrics were read, without what they showed: a metric that begins or ceases to answer is news. */
function identities(status: WireStatus | undefined): unknown {
  return status?.currentMetrics?.map((metric) =>
    Object.fromEntries(Object.entries(metric).map(([name, source]) => [name, withoutCurrent(source)])),
  );
}

function withoutCurrent(source: unknown): unknown {
  if (typeof source !== 'object' || source === null) return source;
  return Object.fromEntries(Object.entries(source).filter(([name]) => name !== 'current'));
}

function isDue({ status }: StatusPatch, input: StatusPlanInput): boolean {
  const { statusMetricsIntervalMs, sinceLastWriteMs = Infinity, statusChanged } = input;
  if (
    ('history' in status || 'shadow' in status) &&
    sinceLastWriteMs >= historyWaitMs(statusMetricsIntervalMs)
  )
    return true;
  if (!('currentMetrics' in status) && !('targets' in status)) return false;
  return statusMetricsIntervalMs === 0 ? statusChanged : sinceLastWriteMs >= statusMetricsIntervalMs;
}
