import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../lib/errors.ts';
import type { LoadProgress, LoadResult } from '../report/load-result.ts';
import { ConnectionPool } from './connection-pool.ts';
import { profileDurationMs, rateAt, type Profile } from './profile.ts';
import { Recorder } from './recorder.ts';
import { requestBudget } from './rotation.ts';
import { pauseMs, Schedule } from './schedule.ts';
import { checkAllowed, checkReachable, parseTarget, type Target } from './target.ts';

export interface LoadOptions {
  /** An http URL. */
  readonly url: URL;
  /** The offered rate over the run, all connections together. See `rampProfile`. */
  readonly profile: Profile;
  /** Most connections at a time, at least 1; default 50. */
  readonly connections?: number;
  /** For connecting and the whole answer, and for waiting until a connection is free; default 10,000 ms. */
  readonly timeoutMs?: number;
  /** Response header that names the pod; default `X-Pod-Name`. */
  readonly podHeader?: string;
  /** Arrivals that may wait for a free connection; more are dropped. Default 10,000. */
  readonly maxQueued?: number;
  /** Targets that are not on this machine are refused without it. Default false. */
  readonly allowRemote?: boolean;
  /** Time between two calls of onProgress; default 1000 ms. */
  readonly progressEveryMs?: number;
}

export interface LoadDeps {
  /** Ends the run early; the result is what was measured so far. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Monotonic milliseconds; default `performance.now`. */
  readonly now?: () => number;
  /** Uniform in [0, 1); default `Math.random`. */
  readonly random?: () => number;
}

export const loadDefaults = {
  connections: 50,
  timeoutMs: 10_000,
  podHeader: 'X-Pod-Name',
  maxQueued: 10_000,
  allowRemote: false,
  progressEveryMs: 1000,
} as const;

/** Longest sleep: how late an interruption, a timeout or progress may be noticed. */
const longestPauseMs = 20;

/**
 * Sends GET requests as the profile asks for, however slowly they are answered (open loop), and measures.
 * @throws UserError for options that make no sense, a target that is not allowed, or one that nothing listens on
 */
export async function runLoad(options: LoadOptions, deps: LoadDeps): Promise<LoadResult> {
  const settings = { ...loadDefaults, ...options };
  const target = parseTarget(options.url);
  checkOptions(settings);
  await checkAllowed(options.url, target, settings.allowRemote);
  await checkReachable(options.url, target, settings.timeoutMs);
  return new LoadRun(settings, target, deps).run();
}

/** 0 when any request succeeded, else 1. */
export function loadExitCode(result: LoadResult): 0 | 1 {
  return result.requests.ok > 0 ? 0 : 1;
}

type Settings = Required<LoadOptions>;

function checkOptions(settings: Settings): void {
  const { connections, timeoutMs, profile } = settings;
  if (!Number.isInteger(connections) || connections < 1) {
    throw new UserError(`connections must be a whole number of at least 1, not ${connections}`);
  }
  if (!(timeoutMs > 0)) throw new UserError(`timeout must be longer than 0, not ${timeoutMs}ms`);
  const durationMs = profileDurationMs(profile);
  if (!(durationMs > 0 && Number.isFinite(durationMs))) {
    throw new UserError(`duration must be longer than 0 and finite, not ${durationMs}ms`);
  }
  for (const rate of profile.segments.flatMap((segment) => [segment.fromPerSecond, segment.toPerSecond])) {
    if (!(rate >= 0 && Number.isFinite(rate)))
      throw new UserError(`rate must be a number of at least 0, not ${rate}`);
  }
}

/** One run: takes up arrivals as they fall due, until all of them are answered. */
class LoadRun {
  readonly #settings: Settings;
  readonly #deps: LoadDeps;
  readonly #now: () => number;
  readonly #startMs: number;
  readonly #durationMs: number;
  readonly #schedule: Schedule;
  readonly #recorder: Recorder;
  readonly #pool: ConnectionPool;
  #progressDueMs: number;
  #sweepDueMs = 0;

  constructor(settings: Settings, target: Target, deps: LoadDeps) {
    this.#settings = settings;
    this.#deps = deps;
    this.#now = deps.now ?? (() => performance.now());
    this.#startMs = this.#now();
    this.#durationMs = profileDurationMs(settings.profile);
    this.#schedule = new Schedule(settings.profile);
    this.#recorder = new Recorder(this.#startMs, this.#now);
    this.#pool = this.#createPool(target, deps.random ?? Math.random);
    this.#progressDueMs = settings.progressEveryMs;
  }

  async run(): Promise<LoadResult> {
    try {
      while (!this.#deps.signal.aborted && !this.#isFinished()) {
        this.#takeUpDue();
        this.#sweep();
        this.#tellProgress();
        await sleep(pauseMs(this.#elapsedMs(), this.#schedule.nextMs, longestPauseMs));
      }
      return this.#recorder.result(Math.min(this.#elapsedMs(), this.#durationMs), this.#pool.queued);
    } finally {
      this.#pool.close();
    }
  }

  #createPool(target: Target, random: () => number): ConnectionPool {
    const { podHeader, connections, timeoutMs, maxQueued, profile } = this.#settings;
    const budget = (): number =>
      requestBudget({ ratePerSecond: rateAt(profile, this.#elapsedMs()), connections }, random);
    return new ConnectionPool(
      {
        target,
        podHeader: podHeader.toLowerCase(),
        connections,
        timeoutMs,
        maxQueued,
        requestBudget: budget,
        now: this.#now,
      },
      this.#recorder,
    );
  }

  #elapsedMs(): number {
    return this.#now() - this.#startMs;
  }

  #isFinished(): boolean {
    return (
      this.#elapsedMs() >= this.#durationMs && this.#schedule.nextMs === undefined && this.#pool.pending === 0
    );
  }

  #takeUpDue(): void {
    const now = this.#now();
    for (const atMs of this.#schedule.takeDue(now - this.#startMs)) {
      const intendedAtMs = this.#startMs + atMs;
      this.#recorder.offered(intendedAtMs, now);
      this.#pool.dispatch({ intendedAtMs, retried: false });
    }
  }

  #sweep(): void {
    const elapsedMs = this.#elapsedMs();
    if (elapsedMs < this.#sweepDueMs) return;
    this.#pool.sweep();
    this.#sweepDueMs = elapsedMs + longestPauseMs;
  }

  /** No call for the last, incomplete interval: what it holds is in the result. */
  #tellProgress(): void {
    const elapsedMs = this.#elapsedMs();
    if (elapsedMs < this.#progressDueMs) return;
    this.#deps.onProgress?.(this.#recorder.progress(elapsedMs, this.#durationMs, this.#pool.queued));
    this.#progressDueMs =
      elapsedMs - (elapsedMs % this.#settings.progressEveryMs) + this.#settings.progressEveryMs;
  }
}
