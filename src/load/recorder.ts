import type {
  ConnectionCounts,
  FailureClass,
  LoadProgress,
  LoadResult,
  LoadSample,
  RequestCounts,
} from '../report/load-result.ts';
import type { Answer, PoolReport } from './connection-pool.ts';
import { classOfStatus } from './failures.ts';
import { IntervalMeter, perSecond, type Totals } from './interval-meter.ts';
import { LatencyHistogram } from './latency.ts';
import { PodTable } from './pod-table.ts';

export interface RecorderOptions {
  /** On the clock of `now`. */
  readonly startMs: number;
  readonly now: () => number;
  /** Length of a sample of the timeline. */
  readonly bucketMs: number;
  /** A sample is lagging when more than 1 % of what fell due was taken up later than this. */
  readonly maxLagMs: number;
}

/** What was counted, as it stands in the result. */
export type Measured = Pick<
  LoadResult,
  | 'requests'
  | 'rate'
  | 'latencyMs'
  | 'serviceMs'
  | 'sendLagMs'
  | 'connectMs'
  | 'failures'
  | 'connections'
  | 'timeline'
  | 'spectrum'
> & { readonly elapsedMs: number };

/** Counts what becomes of a run's arrivals. Times are of the run's clock, results since `startMs`. */
export class Recorder implements PoolReport {
  readonly pods: PodTable;
  readonly #options: RecorderOptions;
  readonly #latency = new LatencyHistogram();
  readonly #service = new LatencyHistogram();
  readonly #sendLag = new LatencyHistogram();
  readonly #connect = new LatencyHistogram();
  readonly #progress = new IntervalMeter();
  readonly #sample = new IntervalMeter();
  readonly #timeline: LoadSample[] = [];
  readonly #failures: Partial<Record<FailureClass, number>> = {};
  readonly #counts = { offered: 0, ok: 0, failed: 0, dropped: 0, opened: 0, retried: 0 };
  #podsBefore: ReadonlyMap<string, number> = new Map();
  #lastAnswerMs = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.pods = new PodTable(options.bucketMs);
  }

  /** An arrival fell due and was taken up. */
  offered(intendedAtMs: number, takenUpAtMs: number): void {
    const lagMs = takenUpAtMs - intendedAtMs;
    this.#counts.offered += 1;
    this.#sendLag.record(lagMs);
    this.#sample.sendLag.record(lagMs);
  }

  /** Closed loop: a request that nobody intended for any moment. */
  offeredNow(): void {
    this.#counts.offered += 1;
  }

  opened(): void {
    this.#counts.opened += 1;
  }

  connected(tookMs: number): void {
    this.#connect.record(tookMs);
  }

  retried(): void {
    this.#counts.retried += 1;
  }

  dropped(): void {
    this.#counts.dropped += 1;
  }

  failed(failure: FailureClass): void {
    this.#counts.failed += 1;
    this.#failures[failure] = (this.#failures[failure] ?? 0) + 1;
  }

  answered(answer: Answer): void {
    const now = this.#options.now();
    const failure = classOfStatus(answer.status);
    if (failure === undefined) this.#counts.ok += 1;
    else this.failed(failure);
    const latencyMs = now - answer.intendedAtMs;
    this.#lastAnswerMs = now - this.#options.startMs;
    this.#latency.record(latencyMs);
    this.#progress.latency.record(latencyMs);
    this.#sample.latency.record(latencyMs);
    this.#service.record(now - answer.sentAtMs);
    if (answer.pod !== undefined) this.pods.note(answer.pod, answer, this.#lastAnswerMs, latencyMs);
  }

  /**
   * How the run stands; begins a new interval.
   * @param waiting arrivals that wait for a connection: they are not sent yet
   */
  progress(elapsedMs: number, durationMs: number, waiting: number): LoadProgress {
    const { offeredPerSecond, donePerSecond, latencyMs } = this.#progress.cut(elapsedMs, this.#totals());
    return {
      atMs: Math.round(elapsedMs),
      durationMs,
      offeredPerSecond,
      donePerSecond,
      requests: this.#requests(waiting),
      failures: { ...this.#failures },
      latencyMs,
      sendLagMs: this.#sendLag.percentiles(),
      perPod: this.pods.perPod(),
    };
  }

  /** Ends a sample of the timeline when it is time. To be called more often than that. */
  tick(elapsedMs: number): void {
    const { bucketMs } = this.#options;
    if (Math.floor(elapsedMs / bucketMs) > Math.floor(this.#sample.fromMs / bucketMs))
      this.#cutSample(elapsedMs);
  }

  /**
   * @param offeredMs how long the schedule ran
   * @param waiting arrivals that were never given a connection, as the run was interrupted
   */
  result(offeredMs: number, waiting: number): Measured {
    const elapsedMs = Math.max(offeredMs, this.#lastAnswerMs);
    if (elapsedMs > this.#sample.fromMs) this.#cutSample(elapsedMs);
    return {
      elapsedMs,
      requests: this.#requests(waiting),
      rate: {
        offered: perSecond(this.#counts.offered, offeredMs / 1000),
        done: perSecond(this.#counts.ok, elapsedMs / 1000),
      },
      latencyMs: this.#latency.percentiles(),
      serviceMs: this.#service.percentiles(),
      sendLagMs: this.#sendLag.percentiles(),
      connectMs: this.#connect.percentiles(),
      failures: { ...this.#failures },
      connections: this.#connections(),
      timeline: this.#timeline,
      spectrum: { latencyMs: this.#latency.spectrum(), serviceMs: this.#service.spectrum() },
    };
  }

  #cutSample(atMs: number): void {
    const interval = this.#sample.cut(atMs, this.#totals());
    const counts = this.pods.counts();
    const pods = [...counts]
      .map(([name, count]): [string, number] => [name, count - (this.#podsBefore.get(name) ?? 0)])
      .filter(([, count]) => count > 0);
    this.#podsBefore = counts;
    const lagging = (interval.sendLagMs.p99 ?? 0) > this.#options.maxLagMs;
    this.#timeline.push({ ...interval, lagging, pods: Object.fromEntries(pods) });
  }

  #totals(): Totals {
    const { offered, ok, failed, dropped, opened } = this.#counts;
    return { offered, ok, failed, dropped, opened };
  }

  #requests(waiting: number): RequestCounts {
    const { offered, ok, failed, dropped } = this.#counts;
    return { sent: offered - dropped - waiting, ok, failed, dropped };
  }

  #connections(): ConnectionCounts {
    return { opened: this.#counts.opened, retried: this.#counts.retried };
  }
}
