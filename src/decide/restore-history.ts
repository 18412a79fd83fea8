import type { HistoryWindows } from './compact-history.ts';
import type { History, Recommendation, ScaleEvent } from './history.ts';

/** A history as it was stored, and when that was all that there was to remember. */
export interface StoredHistory {
  readonly asOfMs: number;
  readonly history: History;
  /** A part could not be read: then the rest does not tell what happened. */
  readonly damaged?: true;
}

/** What is known when a stored history is taken up again. */
export interface Restoration {
  readonly windows: HistoryWindows;
  /** The target's count, as just read. */
  readonly currentReplicas: number;
  /**
   * What the status says the target was last asked to run: a smaller count now is a scale-down whose record got lost.
   * Absent when the status says nothing about it, as in a dry run.
   */
  readonly expectedReplicas?: number;
  readonly nowMs: number;
  /** The longest that a stored history may be behind (act/status-plan.ts, `historyLagMs`). */
  readonly lagMs: number;
}

/** Nobody looked at the metrics for no longer than this: time for a lease to expire, or for a pod to start elsewhere. */
const maxUnwatchedMs = 120_000;

/**
 * The history to go on with after a restart: `-` is the stored one, `?` is not known, and the new operator starts at `now`.
 *
 *     -----------------|???????????????|..................|
 *                    asOf   lagMs    until  unwatched    now
 *
 * Until its writer must have stopped, the last stored recommendation is taken to have held: a higher one would have been stored at
 * once, a lower one holds nothing back. So a scale-down comes later by `lagMs` at most, never earlier. Where nobody looked for
 * too long, or something cannot be read, the present count counts as recommended now, as for an operator that knows nothing. Times ahead of
 * `nowMs`, of a clock that ran ahead, become `nowMs`.
 */
export function restoreHistory({ asOfMs, history, damaged }: StoredHistory, known: Restoration): History {
  const { nowMs, windows, lagMs } = known;
  const untilMs = Math.min(nowMs, asOfMs + lagMs);
  const clamp = <T extends Recommendation | ScaleEvent>(entry: T): T =>
    entry.atMs > nowMs ? { ...entry, atMs: nowMs } : entry;
  const recommendations = history.recommendations.map(clamp);
  const isUnwatched = nowMs - untilMs >= Math.min(windows.scaleDownMs, maxUnwatchedMs);
  const since = isUnwatched || damaged ? present(known, recommendations) : lasting(recommendations, untilMs);
  return {
    ...history,
    recommendations: [...recommendations, ...since],
    scaleUps: history.scaleUps.map(clamp),
    scaleDowns: [...history.scaleDowns.map(clamp), ...lost(known, untilMs)],
  };
}

/** The last recommendation, for as long as it may have been the last. */
function lasting(recommendations: readonly Recommendation[], untilMs: number): Recommendation[] {
  const last = latest(recommendations);
  return last === undefined || last.atMs >= untilMs ? [] : [{ ...last, atMs: untilMs }];
}

/**
 * The present count as of now, or what was recommended last if that was more: without it a scale-up would be held back
 * for a whole window.
 */
function present(
  { currentReplicas, windows, nowMs }: Restoration,
  recommendations: readonly Recommendation[],
): Recommendation[] {
  const oldestMs = nowMs - Math.max(windows.scaleUpMs, windows.scaleDownMs);
  const last = latest(recommendations.filter(({ atMs }) => atMs >= oldestMs));
  return [{ atMs: nowMs, replicas: Math.max(currentReplicas, last?.replicas ?? 0) }];
}

function latest(recommendations: readonly Recommendation[]): Recommendation | undefined {
  return recommendations.toSorted((a, b) => a.atMs - b.atMs || a.replicas - b.replicas).at(-1);
}

function lost({ currentReplicas, expectedReplicas, windows }: Restoration, atMs: number): ScaleEvent[] {
  const change = (expectedReplicas ?? currentReplicas) - currentReplicas;
  const isCounted = Math.max(windows.scaleUpPeriodMs, windows.scaleDownPeriodMs) > 0;
  return isCounted && change > 0 ? [{ atMs, change, outdated: false }] : [];
}
