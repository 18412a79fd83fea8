import { RateCurve } from '../lib/load-profile-curve.ts';
import { type Random, seededRandom } from '../lib/random.ts';
import { loadCost } from '../report/load-cost.ts';
import { loadReactions } from '../report/load-reactions.ts';
import type { LoadCluster } from '../report/load-cluster.ts';
import type { LoadProgress, LoadResult } from '../report/load-result.ts';
import { balanceOf } from './balance.ts';
import { type ClusterFeed, ClusterLog } from './cluster-feed.ts';
import type { Arrival } from './connection.ts';
import { ConnectionPool } from './connection-pool.ts';
import type { EventLoopReading } from './event-loop-meter.ts';
import { judge } from './expectations.ts';
import { closedLoopWarning, generatorHealth } from './generator-health.ts';
import { hostHint } from './host-hint.ts';
import type { Settings } from './load-options.ts';
import { pinningWarning } from './pinning.ts';
import { type Measured, Recorder } from './recorder.ts';
import { drawLimit } from './rotation.ts';
import { runInfo } from './run-info.ts';
import { redrawMs, ScaleRotation } from './scale-rotation.ts';
import { pauseMs, Schedule } from './schedule.ts';
import type { Target } from './target.ts';
import type { OpenWire } from './wire.ts';

/** What a run has of the world around it; in tests all of it is simulated. */
export interface RunDeps {
  /** Ends the run early; the result is what was measured so far. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** 0: only lets others have their turn. */
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly openWire: OpenWire;
  /** Starts watching how busy the event loop is; returns how to read that. */
  readonly watchEventLoop: () => () => EventLoopReading;
  readonly cluster?: ClusterFeed;
}

/** Longest sleep: how late an interruption, a timeout or progress may be noticed. */
const longestPauseMs = 20;

/** How late a timer may fire, roughly: with precision, the rest of the time to a start is not slept. */
const timerSlackMs = 2.5;

/** A timeline has no more samples than this: longer runs have longer ones. */
const mostSamples = 3600;

/** One run: takes up arrivals as they fall due, until all of them are answered. */
export class LoadRun {
  readonly #settings: Settings;
  readonly #target: Target;
  readonly #deps: RunDeps;
  readonly #startedAt = new Date();
  #startMs: number;
  readonly #bucketMs: number;
  readonly #schedule: Schedule | undefined;
  readonly #random: Random;
  readonly #recorder: Recorder;
  readonly #pool: ConnectionPool;
  readonly #cluster: ClusterLog;
  readonly #scaleRotation: ScaleRotation;
  readonly #pauses: { longestMs: number; spinMs: number };
  #progressDueMs: number;
  #sweepDueMs = 0;

  constructor(settings: Settings, target: Target, deps: RunDeps) {
    const { profile, durationMs, seed, maxLagMs } = settings;
    this.#settings = settings;
    this.#target = target;
    this.#deps = deps;
    this.#startMs = deps.now();
    this.#bucketMs = 1000 * Math.max(1, Math.ceil(durationMs / 1000 / mostSamples));
    this.#schedule = profile === null ? undefined : new Schedule(profile, seededRandom(seed, 'arrivals'));
    this.#random = seededRandom(seed, 'rotation');
    this.#recorder = new Recorder({ now: deps.now, bucketMs: this.#bucketMs, maxLagMs });
    this.#pool = this.#createPool();
    this.#cluster = new ClusterLog(
      () => this.#elapsedMs(),
      (ratio) => this.#onMorePods(ratio),
    );
    this.#scaleRotation = new ScaleRotation(this.#cluster);
    this.#pauses = { longestMs: longestPauseMs, spinMs: settings.precise ? timerSlackMs : 0 };
    this.#progressDueMs = settings.progressEveryMs;
  }

  async run(): Promise<LoadResult> {
    if (this.#needsAllAtOnce()) await this.#pool.openAhead(this.#deps.sleep);
    this.#startMs = this.#deps.now();
    this.#recorder.start(this.#startMs);
    const readEventLoop = this.#deps.watchEventLoop();
    const endWatch = this.#deps.cluster?.watch(this.#cluster);
    try {
      while (!this.#deps.signal.aborted && !this.#isFinished()) {
        this.#takeUpDue();
        this.#sweep();
        this.#recorder.tick(this.#elapsedMs());
        this.#tellProgress();
        await this.#deps.sleep(pauseMs(this.#elapsedMs(), this.#schedule?.nextMs, this.#pauses));
      }
      const offeredMs = Math.min(this.#elapsedMs(), this.#settings.durationMs);
      return this.#result(this.#recorder.result(offeredMs, this.#pool.queued), readEventLoop());
    } finally {
      endWatch?.();
      this.#pool.close();
    }
  }

  /** The first second would open all connections; with `each`, they are a part of every request. */
  #needsAllAtOnce(): boolean {
    const { profile, connections, rotation } = this.#settings;
    if (profile === null || rotation.type === 'each') return false;
    return new RateCurve(profile).arrivalsBy(1000) >= connections;
  }

  #createPool(): ConnectionPool {
    const { podHeader, connections, timeoutMs, maxQueued, rotation, profile } = this.#settings;
    const curve = profile === null ? undefined : new RateCurve(profile);
    return new ConnectionPool(
      {
        target: this.#target,
        openWire: this.#deps.openWire,
        podHeader: podHeader.toLowerCase(),
        connections,
        timeoutMs,
        maxQueued,
        drawLimit: () => drawLimit(rotation, this.#random),
        gapMs: curve === undefined ? () => 0 : () => (1000 * connections) / curve.rateAt(this.#elapsedMs()),
        nextArrival: () => (profile === null ? this.#nextInClosedLoop() : this.#nextDue()),
        now: this.#deps.now,
      },
      this.#recorder,
    );
  }

  #nextInClosedLoop(): Arrival | undefined {
    const now = this.#deps.now();
    if (now - this.#startMs >= this.#settings.durationMs || this.#deps.signal.aborted) return undefined;
    this.#recorder.offeredNow();
    return { intendedAtMs: now, retried: false };
  }

  /** A connection that becomes free takes up what has fallen due meanwhile, which need not wait for a timer. */
  #nextDue(): Arrival | undefined {
    const now = this.#deps.now();
    const atMs = this.#deps.signal.aborted ? undefined : this.#schedule?.takeNext(now - this.#startMs);
    return atMs === undefined ? undefined : this.#takeUp(atMs, now);
  }

  #takeUp(atMs: number, now: number): Arrival {
    const intendedAtMs = this.#startMs + atMs;
    this.#recorder.offered(intendedAtMs, now);
    return { intendedAtMs, retried: false };
  }

  #elapsedMs(): number {
    return this.#deps.now() - this.#startMs;
  }

  #isFinished(): boolean {
    return (
      this.#elapsedMs() >= this.#settings.durationMs &&
      this.#schedule?.nextMs === undefined &&
      this.#pool.pending === 0
    );
  }

  #takeUpDue(): void {
    if (this.#schedule === undefined) {
      this.#pool.fill();
      return;
    }
    const now = this.#deps.now();
    for (const atMs of this.#schedule.takeDue(now - this.#startMs))
      this.#pool.dispatch(this.#takeUp(atMs, now));
  }

  #sweep(): void {
    const elapsedMs = this.#elapsedMs();
    if (elapsedMs < this.#sweepDueMs) return;
    this.#pool.sweep();
    this.#redraw(this.#scaleRotation.dueRatio(elapsedMs, () => this.#answering()));
    this.#sweepDueMs = elapsedMs + longestPauseMs;
  }

  /** No call for the last, incomplete interval: what it holds is in the result. */
  #tellProgress(): void {
    const elapsedMs = this.#elapsedMs();
    if (elapsedMs < this.#progressDueMs) return;
    const { durationMs, progressEveryMs } = this.#settings;
    const progress = this.#recorder.progress(elapsedMs, durationMs, this.#pool.queued);
    const cluster = this.#clusterResult();
    const warnings = this.#pinning(elapsedMs);
    this.#deps.onProgress?.({ ...progress, warnings, ...(cluster === undefined ? {} : { cluster }) });
    this.#progressDueMs = elapsedMs - (elapsedMs % progressEveryMs) + progressEveryMs;
  }

  #onMorePods(ratio: number): void {
    if (this.#settings.rotation.type !== 'on-scale') return;
    this.#redraw(ratio);
    this.#scaleRotation.added(this.#elapsedMs());
  }

  #redraw(ratio: number): void {
    if (ratio > 0) this.#pool.redraw(ratio, redrawMs, this.#random);
  }

  /** What answered, by the names in the answers. */
  #answering(): ReadonlySet<string> {
    return new Set(this.#recorder.pods.counts().keys());
  }

  #result(measured: Measured, loop: EventLoopReading): LoadResult {
    const { elapsedMs, ...counted } = measured;
    const { expectations, maxLagMs } = this.#settings;
    const run = runInfo(this.#settings, this.#target, this.#startedAt);
    const unit = this.#unit();
    const { readyTimes } = this.#cluster;
    const fullest = this.#cluster.fullest(elapsedMs);
    const perPod = this.#recorder.pods.perPodInFull((pod) => this.#cluster.readyAtMs(pod));
    const cluster = this.#clusterResult();
    const { timeline } = counted;
    const result: LoadResult = {
      ...counted,
      perPod,
      balance: balanceOf(this.#recorder.pods.activity(), {
        elapsedMs,
        bucketMs: this.#bucketMs,
        unit,
        ...(fullest === undefined ? {} : { cluster: { ...fullest, isPod: (name) => readyTimes.has(name) } }),
      }),
      cost: loadCost({
        ...{ timeline, mode: run.mode, replicas: cluster?.replicas ?? [] },
        expects: expectations.map(({ text }) => text),
      }),
      verdicts: [],
      warnings: [
        ...this.#pinning(elapsedMs),
        ...closedLoopWarning(run.mode, loop),
        ...this.#hostHint(counted, perPod),
      ],
      generator: generatorHealth(measured, loop, { mode: run.mode, maxLagMs }),
      interrupted: this.#deps.signal.aborted,
      ...(cluster === undefined
        ? {}
        : { cluster, reactions: loadReactions({ run, timeline, perPod, cluster }, readyTimes) }),
      run,
    };
    return { ...result, verdicts: judge(expectations, result) };
  }

  #hostHint(counted: Omit<Measured, 'elapsedMs'>, perPod: LoadResult['perPod']): string[] {
    const { url, request } = this.#settings;
    return hostHint({ ...counted, perPod }, { url, headers: request.headers ?? [] });
  }

  #clusterResult(): LoadCluster | undefined {
    return this.#deps.cluster === undefined ? undefined : this.#cluster.result();
  }

  #unit(): 'connections' | 'requests' {
    const { balances } = this.#settings;
    if (balances !== 'auto') return balances;
    const isL7 = this.#recorder.pods.severalOnOneConnection;
    return this.#cluster.state?.balances ?? (isL7 ? 'requests' : 'connections');
  }

  #pinning(elapsedMs: number): string[] {
    const { state, moreAtMs } = this.#cluster;
    return pinningWarning({
      readyPods: state?.readyPods ?? [],
      readyAtMs: (pod) => this.#cluster.readyAtMs(pod),
      answering: this.#answering(),
      moreAtMs,
      elapsedMs,
      timeline: this.#recorder.timeline,
      unit: this.#unit(),
      ...{ rotation: this.#settings.rotation, podHeader: this.#settings.podHeader },
    });
  }
}
