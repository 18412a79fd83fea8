import type {
  FailureClass,
  LoadProgress,
  LoadResult,
  PodLoad,
  RequestCounts,
} from '../report/load-result.ts';
import { balanceOf } from './balance.ts';
import type { Answer, PoolReport } from './connection-pool.ts';
import { classOfStatus } from './failures.ts';
import { LatencyHistogram } from './latency.ts';

interface PodCounts {
  requests: number;
  connections: number;
  readonly firstResponseAtMs: number;
  readonly bySecond: Map<number, number>;
}

/** Counts what becomes of a run's arrivals. Times are of the run's clock, results since `startMs`. */
export class Recorder implements PoolReport {
  readonly #startMs: number;
  readonly #now: () => number;
  readonly #latency = new LatencyHistogram();
  readonly #service = new LatencyHistogram();
  readonly #sendLag = new LatencyHistogram();
  readonly #recentLatency = new LatencyHistogram();
  readonly #pods = new Map<string, PodCounts>();
  readonly #failures: Partial<Record<FailureClass, number>> = {};
  readonly #connections = { opened: 0, retried: 0 };
  #counts = { offered: 0, ok: 0, failed: 0, dropped: 0 };
  #lastAnswerMs = 0;
  #last = { atMs: 0, offered: 0, ok: 0 };

  constructor(startMs: number, now: () => number) {
    this.#startMs = startMs;
    this.#now = now;
  }

  /** An arrival fell due and was taken up. */
  offered(intendedAtMs: number, takenUpAtMs: number): void {
    this.#counts.offered += 1;
    this.#sendLag.record(takenUpAtMs - intendedAtMs);
  }

  opened(): void {
    this.#connections.opened += 1;
  }

  retried(): void {
    this.#connections.retried += 1;
  }

  dropped(): void {
    this.#counts.dropped += 1;
  }

  failed(failure: FailureClass): void {
    this.#counts.failed += 1;
    this.#failures[failure] = (this.#failures[failure] ?? 0) + 1;
  }

  answered(answer: Answer): void {
    const now = this.#now();
    const failure = classOfStatus(answer.status);
    if (failure === undefined) this.#counts.ok += 1;
    else this.failed(failure);
    this.#lastAnswerMs = now - this.#startMs;
    this.#latency.record(now - answer.intendedAtMs);
    this.#recentLatency.record(now - answer.intendedAtMs);
    this.#service.record(now - answer.sentAtMs);
    if (answer.pod !== undefined) this.#notePod(answer.pod, answer.firstOnConnection, now - this.#startMs);
  }

  /**
   * How the run stands; begins a new interval.
   * @param waiting arrivals that wait for a connection: they are not sent yet
   */
  progress(elapsedMs: number, durationMs: number, waiting: number): LoadProgress {
    const { offered, ok } = this.#counts;
    const seconds = (elapsedMs - this.#last.atMs) / 1000;
    const progress: LoadProgress = {
      atMs: Math.round(elapsedMs),
      durationMs,
      offeredPerSecond: perSecond(offered - this.#last.offered, seconds),
      donePerSecond: perSecond(ok - this.#last.ok, seconds),
      requests: this.#requests(waiting),
      failures: { ...this.#failures },
      latencyMs: this.#recentLatency.percentiles(),
      sendLagMs: this.#sendLag.percentiles(),
      perPod: this.#perPod(),
    };
    this.#last = { atMs: elapsedMs, offered, ok };
    this.#recentLatency.reset();
    return progress;
  }

  /**
   * @param offeredMs how long the schedule ran
   * @param waiting arrivals that were never given a connection, as the run was interrupted
   */
  result(offeredMs: number, waiting: number): LoadResult {
    const elapsedMs = Math.max(offeredMs, this.#lastAnswerMs);
    return {
      requests: this.#requests(waiting),
      rate: {
        offered: perSecond(this.#counts.offered, offeredMs / 1000),
        done: perSecond(this.#counts.ok, elapsedMs / 1000),
      },
      latencyMs: this.#latency.percentiles(),
      serviceMs: this.#service.percentiles(),
      sendLagMs: this.#sendLag.percentiles(),
      perPod: this.#perPod(),
      balance: this.#balance(elapsedMs),
      verdicts: [],
      failures: { ...this.#failures },
      connections: { ...this.#connections },
    };
  }

  #requests(waiting: number): RequestCounts {
    const { offered, ok, failed, dropped } = this.#counts;
    return { sent: offered - dropped - waiting, ok, failed, dropped };
  }

  #notePod(name: string, firstOnConnection: boolean, atMs: number): void {
    const pod = this.#pods.get(name) ?? newPod(atMs);
    this.#pods.set(name, pod);
    pod.requests += 1;
    if (firstOnConnection) pod.connections += 1;
    const second = Math.floor(atMs / 1000);
    pod.bySecond.set(second, (pod.bySecond.get(second) ?? 0) + 1);
  }

  /** In the order of their first answers. */
  #perPod(): Record<string, PodLoad> {
    const total = [...this.#pods.values()].reduce((sum, pod) => sum + pod.requests, 0);
    const entries = [...this.#pods].map(([name, pod]): [string, PodLoad] => [
      name,
      {
        requests: pod.requests,
        connections: pod.connections,
        share: pod.requests / total,
        firstResponseAtMs: pod.firstResponseAtMs,
      },
    ]);
    return Object.fromEntries(entries);
  }

  #balance(elapsedMs: number): LoadResult['balance'] {
    return balanceOf(
      Object.fromEntries([...this.#pods].map(([name, pod]) => [name, pod.bySecond])),
      elapsedMs,
    );
  }
}

function newPod(atMs: number): PodCounts {
  return { requests: 0, connections: 0, firstResponseAtMs: Math.round(atMs), bySecond: new Map() };
}

/** To hundredths; 0 over no time at all. */
function perSecond(count: number, seconds: number): number {
  return seconds <= 0 ? 0 : Math.round((count / seconds) * 100) / 100;
}
