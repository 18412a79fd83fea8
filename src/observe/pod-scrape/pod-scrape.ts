import type { MetricSpec } from '../../decide/policy.ts';
import type { NotScraped, PodFacts, PodMetricSample, Reading, ScrapeProblem } from '../../decide/snapshot.ts';
import { KubeError } from '../../kube/errors.ts';
import type { Clock } from '../../lib/clock.ts';
import { isForeignAddress } from './address.ts';
import { FairLimit } from './fair-limit.ts';
import { FamilyReader } from './family-reader.ts';
import type { Family } from './family-reader.ts';
import { fetchExposition } from './fetch-exposition.ts';
import type { Endpoint } from './fetch-exposition.ts';
import { countFailures } from './not-scraped.ts';
import type { Failure } from './not-scraped.ts';
import { ratePerSecond, sum } from './rate.ts';
import type { Counters } from './rate.ts';
import { ScrapeError } from './scrape-error.ts';
import { identityOf, ScrapeMemory } from './scrape-memory.ts';
import type { KeptPod, Outcome } from './scrape-memory.ts';

export type PodScrapeSpec = Extract<MetricSpec, { type: 'PodScrape' }>;

interface PodScrapeLimits {
  /** For one pod to answer in, in milliseconds; above 0. */
  readonly timeoutMs: number;
  /** For all pods of one metric, in milliseconds; above 0. Never more than the autoscaler's period. */
  readonly deadlineMs: number;
  /** Pods that are asked at the same time, for whatever metric; at least 1. */
  readonly concurrency: number;
}

/** How one scrape of one pod ended, for telemetry. */
export interface ScrapeReport {
  readonly outcome: 'Ok' | ScrapeProblem;
  readonly durationMs: number;
}

export interface PodScraperOptions {
  readonly clock: Clock;
  readonly limits: PodScrapeLimits;
  /** Time between two questions of one autoscaler, in milliseconds. */
  readonly syncPeriodMs: number;
  /** See isForeignAddress. */
  readonly mayLoopback: boolean;
  readonly onScrape?: (report: ScrapeReport) => void;
  /** Gives up when the operator does. */
  readonly signal: AbortSignal;
}

export interface PodScrapeQuestion {
  readonly namespace: string;
  readonly spec: PodScrapeSpec;
  readonly pods: readonly PodFacts[];
  /** Time between two questions of this autoscaler, where it has a period of its own. */
  readonly periodMs?: number | undefined;
}

export interface PodScrapeAnswer {
  readonly samples: Reading<readonly PodMetricSample[]>;
  readonly notScraped: readonly NotScraped[];
}

/** Periods after which counters are too old to tell a rate of now, and a pod that nobody wants is forgotten; a minute at least. */
const keptPeriods = 4;
const keptMs = 60_000;
const largestMilli = 9e18;

/** The time for all pods of one question. */
interface Deadline {
  readonly end: () => void;
  /** Aborts with a ScrapeError when it is over. */
  readonly deadline: AbortSignal;
  /** Resolves then, and at the end. */
  readonly over: Promise<void>;
}

/** One run over the pods of one metric. */
interface Run {
  readonly namespace: string;
  readonly spec: PodScrapeSpec;
  readonly line: ReturnType<FairLimit['line']>;
  readonly timeoutMs: number;
  /** Aborts with a ScrapeError when the time for all pods is over. */
  readonly deadline: AbortSignal;
  readonly maxGapMs: number;
}

/**
 * The Prometheus endpoints of pods. What one pod showed is shared by all who ask for the same within half a period of theirs, 5 s at
 * most. Nothing that a pod does makes it throw, or take longer than the deadline.
 */
export class PodScraper {
  readonly #options: PodScraperOptions;
  readonly #limit: FairLimit;
  readonly #memory = new ScrapeMemory();

  constructor(options: PodScraperOptions) {
    this.#options = options;
    this.#limit = new FairLimit(options.limits.concurrency);
  }

  /** Pods that something is kept of, once for each metric. */
  get keptPods(): number {
    return this.#memory.size;
  }

  /**
   * One sample for each pod that runs and shows the metric, and why the others have none.
   * @throws KubeError of type `Aborted` when the operator stops
   */
  async read({
    namespace,
    spec,
    pods,
    periodMs = this.#options.syncPeriodMs,
  }: PodScrapeQuestion): Promise<PodScrapeAnswer> {
    const { clock, limits, signal } = this.#options;
    const nowMs = clock.monotonicMs();
    const deadlineMs = Math.min(limits.deadlineMs, periodMs);
    const line = this.#limit.line();
    const { end, deadline, over } = this.#deadline(deadlineMs, line.dismiss);
    const run: Run = {
      ...{ namespace, spec, line, deadline },
      timeoutMs: Math.min(limits.timeoutMs, deadlineMs),
      maxGapMs: keepMsOf(periodMs),
    };
    const kept = this.#memory.of(metricKey(namespace, spec), nowMs);
    const running = pods.filter(({ phase, deleting }) => phase === 'Running' && !deleting);
    const shareMs = Math.min(periodMs / 2, 5000);
    const entries = running.map((pod) => [pod, keep(kept, pod, nowMs + run.maxGapMs)] as const);
    for (const [pod, entry] of slowLast(entries))
      if (nowMs - entry.begunMs >= shareMs) {
        entry.begunMs = nowMs;
        entry.outcome = this.#scrape(pod, entry, run);
      }
    const outcomes = entries.map(() => outOfTime);
    const ends = entries.map(async ([, { outcome }], index) => void (outcomes[index] = await outcome));
    // What is shared may have been begun by somebody who waits for longer.
    await Promise.race([Promise.all(ends), over]);
    end();
    if (signal.aborted) throw new KubeError('the scrape was given up', { type: 'Aborted' });
    return answer(running, outcomes);
  }

  #deadline(ms: number, onEnd: () => void): Deadline {
    const { clock, signal } = this.#options;
    const cut = new AbortController();
    const done = new AbortController();
    const over = clock.sleep(ms, AbortSignal.any([done.signal, signal])).then(() => {
      if (done.signal.aborted) return;
      cut.abort(new ScrapeError('OutOfTime'));
      onEnd();
    });
    return { end: () => done.abort(), deadline: cut.signal, over };
  }

  /** Never rejects. */
  async #scrape(pod: PodFacts, entry: KeptPod, run: Run): Promise<Outcome> {
    const startedMs = performance.now();
    entry.askedMs = undefined;
    const outcome = await this.#attempt(pod, entry, run);
    entry.isSlow = this.#isSlow(entry, outcome, run);
    this.#options.onScrape?.({
      outcome: outcome.ok ? 'Ok' : outcome.problem,
      durationMs: performance.now() - startedMs,
    });
    return outcome;
  }

  /** Where the time for all pods is no longer than that for one, it is over before the one has timed out. */
  #isSlow({ askedMs }: KeptPod, outcome: Outcome, { timeoutMs }: Run): boolean {
    if (outcome.ok) return false;
    if (outcome.problem === 'TimedOut') return true;
    const hungMs = askedMs === undefined ? 0 : this.#options.clock.monotonicMs() - askedMs;
    return outcome.problem === 'OutOfTime' && hungMs >= timeoutMs / 2;
  }

  async #attempt(pod: PodFacts, entry: KeptPod, run: Run): Promise<Outcome> {
    try {
      const endpoint = this.#endpoint(pod, run.spec);
      const read = await run.line.run(() => {
        entry.askedMs = this.#options.clock.monotonicMs();
        return this.#ask(endpoint, run);
      });
      if (read === undefined) throw new ScrapeError('OutOfTime');
      return { ok: true, sample: this.#sample(pod, entry, read, run) };
    } catch (error) {
      if (error instanceof ScrapeError) return { ok: false, problem: error.problem, detail: error.message };
      throw error;
    }
  }

  #endpoint({ ip, ports }: PodFacts, { port, path }: PodScrapeSpec): Endpoint {
    if (ip === undefined) throw new ScrapeError('NoAddress');
    if (isForeignAddress(ip, this.#options.mayLoopback)) throw new ScrapeError('ForeignAddress', ip);
    const number = typeof port === 'number' ? port : ports?.[port];
    if (number === undefined) throw new ScrapeError('NoPort', String(port));
    return { address: ip, port: number, path };
  }

  async #ask(endpoint: Endpoint, { spec, timeoutMs, deadline }: Run): Promise<Read> {
    const { clock } = this.#options;
    const late = new AbortController();
    const done = new AbortController();
    void clock.sleep(timeoutMs, done.signal).then(() => {
      if (!done.signal.aborted) late.abort(new ScrapeError('TimedOut'));
    });
    const reader = new FamilyReader(spec.metric);
    let read = { atMs: 0, timestampMs: 0 };
    const begin = (): void => {
      read = { atMs: clock.monotonicMs(), timestampMs: clock.now() };
    };
    try {
      const piece = (bytes: Uint8Array): void => reader.add(bytes);
      await fetchExposition(endpoint, { begin, piece }, AbortSignal.any([late.signal, deadline]));
      return { ...read, family: reader.end() };
    } finally {
      done.abort();
    }
  }

  #sample({ name: podName }: PodFacts, entry: KeptPod, read: Read, { spec, maxGapMs }: Run): PodMetricSample {
    const { atMs, timestampMs, family } = read;
    const isRate = spec.rate ?? family.isCumulative;
    requireSeries(family, isRate);
    if (!isRate) return { podName, timestampMs, windowMs: 0, milli: milliOf(sum(family.series)) };
    const before = entry.counters;
    entry.counters = { atMs, series: family.series };
    const windowMs = atMs - (before?.atMs ?? atMs);
    if (before === undefined || windowMs <= 0 || windowMs > maxGapMs) throw new ScrapeError('FirstSample');
    return { podName, timestampMs, windowMs, milli: milliOf(ratePerSecond(before, entry.counters)) };
  }
}

interface Read {
  /** When the pod began to answer, by the clock that never goes back and by the one of the day. */
  readonly atMs: Counters['atMs'];
  readonly timestampMs: number;
  readonly family: Family;
}

function keepMsOf(periodMs: number): number {
  return Math.max(keptPeriods * periodMs, keptMs);
}

/** What is read of a pod and how: not what it is compared with. */
function metricKey(namespace: string, { port, path, metric, rate }: PodScrapeSpec): string {
  return JSON.stringify([namespace, port, path, metric.name, metric.selector, rate]);
}

function keep(kept: Map<string, KeptPod>, pod: PodFacts, untilMs: number): KeptPod {
  const identity = identityOf(pod);
  const known = kept.get(pod.name);
  if (known?.identity === identity) {
    known.keepUntilMs = Math.max(known.keepUntilMs, untilMs);
    return known;
  }
  const entry = { identity, keepUntilMs: untilMs, begunMs: -Infinity, outcome: notBegun, isSlow: false };
  kept.set(pod.name, entry);
  return entry;
}

const outOfTime: Outcome = { ok: false, problem: 'OutOfTime', detail: '' };
const notBegun = Promise.resolve(outOfTime);

/** Those that did not answer in time when they were last asked come last, so that they take no time from others. */
function slowLast<T>(entries: readonly (readonly [T, KeptPod])[]): readonly (readonly [T, KeptPod])[] {
  return [...entries.filter(([, { isSlow }]) => !isSlow), ...entries.filter(([, { isSlow }]) => isSlow)];
}

/** @throws ScrapeError for what says nothing: it is no zero, and no counter begins again by it */
function requireSeries({ series }: Family, isRate: boolean): void {
  if (series.size === 0) throw new ScrapeError('NoSeries');
  for (const value of series.values()) {
    if (!Number.isFinite(value)) throw new ScrapeError('NotFinite', String(value));
    if (isRate && value < 0) throw new ScrapeError('Malformed', `a counter at ${value}`);
  }
}

/** @throws ScrapeError for more than a quantity has room for */
function milliOf(value: number): bigint {
  const milli = Math.round(value * 1000);
  if (!Number.isFinite(milli) || Math.abs(milli) > largestMilli)
    throw new ScrapeError('NotFinite', String(value));
  return BigInt(milli);
}

function answer(pods: readonly PodFacts[], outcomes: readonly Outcome[]): PodScrapeAnswer {
  const samples: PodMetricSample[] = [];
  const failures: Failure[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    const podName = pods[index]?.name ?? '';
    if (outcome.ok) samples.push(outcome.sample);
    else failures.push({ podName, problem: outcome.problem, detail: outcome.detail });
  }
  return { samples: { ok: true, value: samples }, notScraped: countFailures(failures) };
}
