import { remember } from '../../lib/remember.ts';

/** Clocks of time zones, by Intl alone. */

export const minuteMs = 60_000;
export const dayMs = 24 * 60 * minuteMs;

/** @throws RangeError for a zone that Intl does not know */
export const zoneOf = remember((timeZone) => new Zone(timeZone));

/** A stretch of time in which the clocks are ahead of UTC by so much. */
interface Period {
  readonly fromMs: number;
  readonly offsetMs: number;
}

/** Clocks are less than a day ahead of UTC or behind it, and no leap is longer than a day. */
const marginMs = 3 * dayMs;
/** So many years of a zone are remembered: few but those around now are asked for. */
const maxYears = 100;

/**
 * The clocks of one zone. What they show is a number too: `shownMs`, the milliseconds of that reading as if it were UTC, so that its
 * days and minutes are plain arithmetic.
 */
export class Zone {
  readonly #format: Intl.DateTimeFormat;
  readonly #years = new Map<number, readonly Period[]>();

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  }

  /** What the clocks show at a moment. */
  shownAt(atMs: number): number {
    let shownMs = atMs;
    for (const { fromMs, offsetMs } of this.#periodsAround(atMs)) {
      if (fromMs > atMs) break;
      shownMs = atMs + offsetMs;
    }
    return shownMs;
  }

  /**
   * When the clocks first show a time; where they leap over it, the moment of the leap. A later time never comes earlier, so times
   * may be searched by halving.
   */
  instantOf(shownMs: number): number {
    let atMs = Infinity;
    for (const { fromMs, offsetMs } of this.#periodsAround(shownMs)) {
      if (atMs < fromMs) break;
      atMs = Math.max(shownMs - offsetMs, fromMs);
    }
    return atMs;
  }

  /** The periods of the year that a time of the zone or of UTC lies in, in turn. */
  #periodsAround(ms: number): readonly Period[] {
    const year = new Date(ms).getUTCFullYear();
    let periods = this.#years.get(year);
    if (periods === undefined) {
      periods = this.#periodsOf(year);
      if (this.#years.size >= maxYears) this.#years.clear();
      this.#years.set(year, periods);
    }
    return periods;
  }

  /** Clocks are set once a day at most, so that a look a day finds every change. */
  #periodsOf(year: number): readonly Period[] {
    const untilMs = Date.UTC(year + 1, 0) + marginMs;
    let seenMs = Date.UTC(year, 0) - marginMs;
    const periods = [{ fromMs: -Infinity, offsetMs: this.#offsetAt(seenMs) }];
    for (let atMs = seenMs + dayMs; atMs <= untilMs; atMs += dayMs) {
      const offsetMs = this.#offsetAt(atMs);
      if (offsetMs !== periods.at(-1)?.offsetMs)
        periods.push({ fromMs: this.#changeBetween(seenMs, atMs), offsetMs });
      seenMs = atMs;
    }
    return periods;
  }

  /** The first full second with the offset of the later time, by halving. */
  #changeBetween(earlierMs: number, laterMs: number): number {
    const offsetMs = this.#offsetAt(laterMs);
    let [before, after] = [earlierMs / 1000, laterMs / 1000];
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (this.#offsetAt(middle * 1000) === offsetMs) after = middle;
      else before = middle;
    }
    return after * 1000;
  }

  /** From `11/23/2026, GMT+01:00`; zones of old have seconds too. */
  #offsetAt(atMs: number): number {
    const shown = this.#format.format(atMs);
    const [, sign, hours, minutes, seconds = 0] = /GMT([+-])(\d+):(\d+)(?::(\d+))?$/.exec(shown) ?? [];
    if (sign === undefined) return 0; // plain GMT
    const ms = (Number(hours) * 60 + Number(minutes)) * minuteMs + Number(seconds) * 1000;
    return sign === '-' ? -ms : ms;
  }
}
