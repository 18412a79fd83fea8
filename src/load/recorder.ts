import type {
  ConnectionCounts,
  FailureClass,
  Judged,
  LoadProgress,
  LoadResult,
  LoadSample,
  RequestCounts,
} from '../report/load-result.ts';
import type { Answer, PoolReport } from './connection-pool.ts';
import { classOfStatus } from './failures.ts';
import { type Interval, IntervalMeter, perSecond, type Totals } from './interval-meter.ts';
import { LatencyHistogram } from './latency.ts';
import { LatencyRows } from './latency-rows.ts';
import { LateStretch } from './late-stretch.ts';
import { PodTable } from './pod-table.ts';

export interface RecorderOptions {
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
  | 'failedStatuses'
  | 'connections'
  | 'timeline'
  | 'spectrum'
  | 'heatmap'
  | 'judged'
> & { readonly elapsedMs: number };

/** Counts what becomes of a run's arrivals. Times are of the run's clock, results since its start. */
export class Recorder implements PoolReport {
  readonly pods: PodTable;
  readonly #options: RecorderOptions;
  /** Of all samples that have ended, and of those in which the generator was on time. */
  readonly #all = newTimes();
  readonly #onTime = newTimes();
  readonly #rows = new LatencyRows();
  readonly #late = new LateStretch();
  readonly #judged = { ok: 0, dropped: 0, lost: 0, leftOutMs: 0 };
  readonly #sendLag = new LatencyHistogram();
  readonly #connect = new LatencyHistogram();
  readonly #progress = new IntervalMeter();
  readonly #sample = new IntervalMeter();
  readonly #timeline: LoadSample[] = [];
  readonly #failures: Partial<Record<FailureClass, number>> = {};
  readonly #failedStatuses: Record<string, number> = {};
  readonly #counts = { offered: 0, ok: 0, failed: 0, dropped: 0, lost: 0, opened: 0, retried: 0 };
  #podsBefore: ReadonlyMap<string, number> = new Map();
  #before = { ok: 0, dropped: 0, lost: 0 };
  #lastAnswerMs = 0;
  #startMs: number;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#startMs = options.now();
    this.pods = new PodTable(options.bucketMs);
  }

  /** The samples that have ended. */
  get timeline(): readonly LoadSample[] {
    return this.#timeline;
  }

  /** The run starts at this moment: what was told before is of its first sample. */
  start(atMs: number): void {
    this.#startMs = atMs;
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

  /** Without an answer. */
  failed(failure: FailureClass): void {
    this.#counts.lost += 1;
    this.#countFailure(failure);
  }

  #countFailure(failure: FailureClass): void {
    this.#counts.failed += 1;
    this.#failures[failure] = (this.#failures[failure] ?? 0) + 1;
  }

  #countStatus(failure: FailureClass, status: number): void {
    this.#countFailure(failure);
    this.#failedStatuses[status] = (this.#failedStatuses[status] ?? 0) + 1;
  }

  answered(answer: Answer): void {
    const now = this.#options.now();
    const failure = classOfStatus(answer.status);
    if (failure === undefined) this.#counts.ok += 1;
    else this.#countStatus(failure, answer.status);
    const latencyMs = now - answer.intendedAtMs;
    this.#lastAnswerMs = now - this.#startMs;
    const serviceMs = now - answer.sentAtMs;
    this.#progress.latency.record(latencyMs);
    this.#progress.service.record(serviceMs);
    this.#sample.latency.record(latencyMs);
    this.#sample.service.record(serviceMs);
    this.#rows.record(latencyMs);
    this.#late.answered(answer.intendedAtMs);
    if (answer.pod !== undefined) this.pods.note(answer.pod, answer, this.#lastAnswerMs, latencyMs);
  }

  /**
   * How the run stands; begins a new interval.
   * @param waiting arrivals that wait for a connection: they are not sent yet
   */
  progress(elapsedMs: number, durationMs: number, waiting: number): Omit<LoadProgress, 'warnings'> {
    const serviceMs = this.#progress.service.percentiles();
    const { offeredPerSecond, donePerSecond, latencyMs } = this.#progress.cut(elapsedMs, this.#totals());
    return {
      atMs: Math.round(elapsedMs),
      durationMs,
      offeredPerSecond,
      donePerSecond,
      requests: this.#requests(waiting),
      failures: { ...this.#failures },
      latencyMs,
      serviceMs,
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
    addTimes(this.#all, this.#sample); // What came in the very moment of the last cut.
    const done = perSecond(this.#counts.ok, elapsedMs / 1000);
    return {
      elapsedMs,
      requests: this.#requests(waiting),
      rate: {
        offered: perSecond(this.#counts.offered, offeredMs / 1000),
        done,
      },
      latencyMs: this.#all.latency.percentiles(),
      serviceMs: this.#all.service.percentiles(),
      sendLagMs: this.#sendLag.percentiles(),
      connectMs: this.#connect.percentiles(),
      failures: { ...this.#failures },
      failedStatuses: { ...this.#failedStatuses },
      connections: this.#connections(),
      timeline: this.#timeline,
      spectrum: { latencyMs: this.#all.latency.spectrum(), serviceMs: this.#all.service.spectrum() },
      heatmap: this.#rows.heatmap(),
      judged: this.#judgedOf(elapsedMs, done),
    };
  }

  /** Nothing left out: as the whole, of which a remainder may be in no sample. */
  #judgedOf(elapsedMs: number, done: number): Judged {
    const isWhole = this.#judged.leftOutMs === 0;
    const { ok, dropped, lost } = isWhole ? this.#counts : this.#withRemainder();
    const { leftOutMs } = this.#judged;
    const { latency, service } = isWhole ? this.#all : this.#onTime;
    return {
      leftOutMs,
      latencyMs: latency.percentiles(lost + dropped),
      serviceMs: service.percentiles(lost),
      donePerSecond: isWhole ? done : perSecond(ok, (elapsedMs - leftOutMs) / 1000),
      ...{ dropped, lost },
    };
  }

  /** What was lost after the last answer is in no sample. */
  #withRemainder(): { ok: number; dropped: number; lost: number } {
    const { ok, dropped, lost } = this.#judged;
    return {
      ok,
      dropped: dropped + this.#counts.dropped - this.#before.dropped,
      lost: lost + this.#counts.lost - this.#before.lost,
    };
  }

  #cutSample(atMs: number): void {
    const sendLagMs = this.#sample.sendLag.percentiles();
    const lagging = this.#late.ended(
      this.#startMs + this.#sample.fromMs,
      this.#startMs + atMs,
      (sendLagMs.p99 ?? 0) > this.#options.maxLagMs,
    );
    addTimes(this.#all, this.#sample);
    if (!lagging) addTimes(this.#onTime, this.#sample);
    this.#rows.cut();
    const totals = this.#totals();
    const interval = this.#sample.cut(atMs, totals);
    this.#judge(interval, lagging);
    const counts = this.pods.counts();
    const pods = [...counts]
      .map(([name, count]): [string, number] => [name, count - (this.#podsBefore.get(name) ?? 0)])
      .filter(([, count]) => count > 0);
    this.#podsBefore = counts;
    this.#timeline.push({ ...interval, lagging, pods: Object.fromEntries(pods) });
  }

  #judge({ fromMs, toMs }: Interval, lagging: boolean): void {
    const { ok, dropped, lost } = this.#counts;
    if (lagging) this.#judged.leftOutMs += toMs - fromMs;
    else {
      this.#judged.ok += ok - this.#before.ok;
      this.#judged.lost += lost - this.#before.lost;
      this.#judged.dropped += dropped - this.#before.dropped;
    }
    this.#before = { ok, dropped, lost };
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

interface Times {
  readonly latency: LatencyHistogram;
  readonly service: LatencyHistogram;
}

function newTimes(): Times {
  return { latency: new LatencyHistogram(), service: new LatencyHistogram() };
}

function addTimes(to: Times, { latency, service }: Times): void {
  to.latency.add(latency);
  to.service.add(service);
}
