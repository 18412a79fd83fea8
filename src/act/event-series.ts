import type { EventRecord } from '../decide/decision.ts';
import type { EventLimit } from './event-limit.ts';

/** An event that happened, and when: as people read it, and as ages are measured (`monotonicMs`). */
export interface Occurrence {
  /** Of the object that it is about. */
  readonly uid: string;
  readonly event: EventRecord;
  readonly atMs: number;
  readonly monotonicMs: number;
}

/** Events that are the same but for their time: one object with a count. */
export interface Series {
  readonly path: string;
  count: number;
  lastAtMs: number;
  lastMs: number;
  writtenMs: number;
  /** A Warning's count is not written again before this has passed. */
  pauseMs: number;
}

/** What is to be written for an occurrence. `None`: its count can wait; `Refused`: the object has had too many events. */
export type SeriesStep =
  { readonly type: 'Create' | 'None' | 'Refused' } | { readonly type: 'Count'; readonly series: Series };

/** A Warning may come each tick: its count is written after this, then after twice as long each time. */
const firstPauseMs = 30_000;
const longestPauseMs = 300_000;
/** Without a repetition for this long, the same event is a new one. As Kubernetes' own recorder ends a series. */
const seriesEndMs = 360_000;

/** Which occurrences belong together, and which are worth a write. */
export class EventSeries {
  readonly #limit: EventLimit;
  /** The one that was quiet for longest comes first. */
  readonly #series = new Map<string, Series>();

  constructor(limit: EventLimit) {
    this.#limit = limit;
  }

  /** Counts an occurrence. */
  next(occurrence: Occurrence): SeriesStep {
    const { uid, event, atMs, monotonicMs } = occurrence;
    this.#endSeries(monotonicMs);
    const key = keyOf(occurrence);
    const series = this.#series.get(key);
    if (series === undefined) return { type: this.#limit.take(uid, monotonicMs) ? 'Create' : 'Refused' };
    series.count += 1;
    series.lastAtMs = atMs;
    series.lastMs = monotonicMs;
    this.#series.delete(key);
    this.#series.set(key, series);
    const isWorthIt =
      event.type === 'Warning'
        ? series.count === 2 || monotonicMs - series.writtenMs >= series.pauseMs
        : this.#limit.take(uid, monotonicMs);
    return isWorthIt ? { type: 'Count', series } : { type: 'None' };
  }

  /** The event was created at `path`. */
  created(occurrence: Occurrence, path: string): void {
    const { atMs: lastAtMs, monotonicMs } = occurrence;
    const times = { lastAtMs, lastMs: monotonicMs, writtenMs: monotonicMs };
    this.#series.set(keyOf(occurrence), { path, count: 1, ...times, pauseMs: firstPauseMs });
  }

  /** The count of the series was written. */
  counted(series: Series, { monotonicMs }: Occurrence): void {
    series.writtenMs = monotonicMs;
    if (series.count > 2) series.pauseMs = Math.min(longestPauseMs, 2 * series.pauseMs);
  }

  #endSeries(nowMs: number): void {
    for (const [key, { lastMs }] of this.#series) {
      if (nowMs - lastMs <= seriesEndMs) return;
      this.#series.delete(key);
    }
  }
}

function keyOf({ uid, event }: Occurrence): string {
  return JSON.stringify([uid, event.type, event.reason, event.message]);
}
