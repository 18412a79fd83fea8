import type { LoadSample } from '../report/load-result.ts';
import { LatencyHistogram } from './latency.ts';

/** Totals since the start of the run. */
export interface Totals {
  readonly offered: number;
  readonly ok: number;
  readonly failed: number;
  readonly dropped: number;
  readonly opened: number;
}

/** What happened in one interval, as far as totals tell. */
export type Interval = Omit<LoadSample, 'lagging' | 'pods'>;

const nothing: Totals = { offered: 0, ok: 0, failed: 0, dropped: 0, opened: 0 };

/** Cuts a run into intervals. */
export class IntervalMeter {
  readonly latency = new LatencyHistogram();
  readonly service = new LatencyHistogram();
  readonly sendLag = new LatencyHistogram();
  #last: { atMs: number; totals: Totals } = { atMs: 0, totals: nothing };

  /** When the present interval began. */
  get fromMs(): number {
    return this.#last.atMs;
  }

  /** Ends the present interval and begins the next. */
  cut(atMs: number, totals: Totals): Interval {
    const { atMs: fromMs, totals: before } = this.#last;
    const seconds = (atMs - fromMs) / 1000;
    const interval = {
      fromMs: Math.round(fromMs),
      toMs: Math.round(atMs),
      offeredPerSecond: perSecond(totals.offered - before.offered, seconds),
      donePerSecond: perSecond(totals.ok - before.ok, seconds),
      failed: totals.failed - before.failed,
      dropped: totals.dropped - before.dropped,
      opened: totals.opened - before.opened,
      latencyMs: this.latency.percentiles(),
      sendLagMs: this.sendLag.percentiles(),
    };
    this.#last = { atMs, totals };
    this.latency.reset();
    this.service.reset();
    this.sendLag.reset();
    return interval;
  }
}

/** To hundredths; 0 over no time at all. */
export function perSecond(count: number, seconds: number): number {
  return seconds <= 0 ? 0 : Math.round((count / seconds) * 100) / 100;
}
