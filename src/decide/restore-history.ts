import type { HistoryWindows } from './compact-history.ts';
import type { History, Recommendation, ScaleEvent } from './decision.ts';

/** A history as it was stored, and when that was all that there was to remember. */
export interface StoredHistory {
  readonly asOfMs: number;
  readonly history: History;
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
  /** The longest time that a stored history may be behind: what its writer waits between two writes, and one sync period. */
  readonly lagMs: number;
}

/**
 * The history to go on with after a restart. What happened after it was stored is not known, so the present count (or the last
 * recommendation, if that was higher) counts as recommended until the writer must have stopped: a scale-down comes later by
 * `lagMs` at most, never earlier. When even that is out of the window, the present count is the first recommendation, as
 * for an operator that knows nothing. Times ahead of `nowMs`, written by a clock that ran ahead, become `nowMs`.
 */
export function restoreHistory({ asOfMs, history }: StoredHistory, known: Restoration): History {
  const { windows, nowMs } = known;
  const untilMs = Math.min(nowMs, asOfMs + known.lagMs);
  const clamp = <T extends Recommendation | ScaleEvent>(entry: T): T =>
    entry.atMs > nowMs ? { ...entry, atMs: nowMs } : entry;
  const recommendations = history.recommendations.map(clamp);
  const isLapsed = untilMs <= nowMs - windows.scaleDownMs;
  return {
    recommendations: [
      ...recommendations,
      { atMs: isLapsed ? nowMs : untilMs, replicas: assumed(recommendations, known) },
    ],
    scaleUps: history.scaleUps.map(clamp),
    scaleDowns: [...history.scaleDowns.map(clamp), ...lost(known, untilMs)],
  };
}

/** What the metrics are taken to have asked for last. */
function assumed(
  recommendations: readonly Recommendation[],
  { windows, nowMs, ...known }: Restoration,
): number {
  const oldestMs = nowMs - Math.max(windows.scaleUpMs, windows.scaleDownMs);
  const latest = recommendations
    .filter(({ atMs }) => atMs >= oldestMs)
    .reduce<Recommendation | undefined>((a, b) => (a !== undefined && a.atMs > b.atMs ? a : b), undefined);
  return Math.max(known.currentReplicas, latest?.replicas ?? 0);
}

function lost({ currentReplicas, expectedReplicas, windows }: Restoration, atMs: number): ScaleEvent[] {
  const change = (expectedReplicas ?? currentReplicas) - currentReplicas;
  const isCounted = Math.max(windows.scaleUpPeriodMs, windows.scaleDownPeriodMs) > 0;
  return isCounted && change > 0 ? [{ atMs, change, outdated: false }] : [];
}
