import type { Profile } from '../lib/load-profile.ts';
import type { LoadCluster, LoadReactions } from './load-cluster.ts';

/** Percentiles in milliseconds; `null` where nothing was measured. */
export interface Percentiles {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  readonly max: number | null;
}

/**
 * What became of the arrivals: each one is sent or dropped, and each one sent is ok or failed
 * (only an interrupted run leaves some in flight: then `sent` is larger than `ok + failed`).
 */
export interface RequestCounts {
  /** Arrivals that were given a connection, or for which one was tried. */
  readonly sent: number;
  /** Complete answers with a status below 400. */
  readonly ok: number;
  readonly failed: number;
  /** Arrivals that found every connection busy and the queue full, or waited longer than the timeout. */
  readonly dropped: number;
}

/** Why a request failed. */
export type FailureClass =
  | 'connectionRefused'
  | 'connectionReset'
  | 'closedEarly'
  | 'timeout'
  | 'malformedResponse'
  | 'nameNotFound'
  | 'tlsError'
  | 'noFreePort'
  | 'tooManyOpenFiles'
  | 'networkError'
  | 'status4xx'
  | 'status5xx';

/** The part that one pod had, as its answers said in the pod header. */
export interface PodLoad {
  readonly requests: number;
  /** Connections on which this pod answered. */
  readonly connections: number;
  /** Of all answers that named a pod, 0 to 1. */
  readonly share: number;
  /** Since the start of the run. */
  readonly firstResponseAtMs: number;
  /** From the intended start. In the result only. */
  readonly latencyMs?: Percentiles;
  /** When the cluster first said that it is ready, since the start of the run; absent without a cluster. */
  readonly readyAtMs?: number;
}

/**
 * How evenly the pods were loaded, over the longest stretch (5 s at least where there is one) in which the most pods
 * answered. `maxOverMean` and `jainIndex` tell of requests: what the pods felt. `test` tells whether chance explains it.
 */
export interface Balance {
  /** Pods that answered in the stretch, or that were ready in it as the cluster says. */
  readonly pods: number;
  /** The busiest pod's requests over the mean: 1 is even. `null` when no answer named a pod. */
  readonly maxOverMean: number | null;
  /** Jain's fairness index of requests: 1 is even, 1/pods is all on one. */
  readonly jainIndex: number | null;
  readonly fromMs: number;
  readonly toMs: number;
  /**
   * fair: chance explains the differences. uneven: it does not, at 5 %. tooFew: not enough to tell. onePod, unknown: there
   * is nothing to compare. affinity: the service keeps clients on their pods, so that nothing was to be spread.
   */
  readonly verdict: 'fair' | 'uneven' | 'tooFew' | 'onePod' | 'unknown' | 'affinity';
  /** The verdict in words. */
  readonly words: string;
  /** Absent where there is nothing to compare. */
  readonly test?: BalanceTest;
}

/** Pearson's chi-square test that the pods have equal chances. */
export interface BalanceTest {
  /**
   * What the balancer spreads: connections opened in the stretch for an L4 target (requests on one connection are not
   * independent), requests for an L7 target.
   */
  readonly unit: 'connections' | 'requests';
  readonly counts: Readonly<Record<string, number>>;
  /** Each pod's part of the units, with its 95 % interval. */
  readonly shares: Readonly<
    Record<string, { readonly share: number; readonly low: number; readonly high: number }>
  >;
  readonly maxOverMean: number | null;
  readonly jainIndex: number | null;
  readonly chiSquare: number;
  /** The probability of differences this large or larger with a fair balancer. */
  readonly pValue: number;
}

/** A stretch of the run, one second unless the run is longer than an hour. */
export interface LoadSample {
  readonly fromMs: number;
  readonly toMs: number;
  readonly offeredPerSecond: number;
  readonly donePerSecond: number;
  readonly failed: number;
  readonly dropped: number;
  /** Connections opened. */
  readonly opened: number;
  readonly latencyMs: Percentiles;
  readonly sendLagMs: Percentiles;
  /**
   * The generator was late by more than it may be, or answers to what it took up late came in: what it measured here tells of
   * itself, and is left out of `judged`.
   */
  readonly lagging: boolean;
  /** Answers by pod; pods without one are absent. */
  readonly pods: Readonly<Record<string, number>>;
}

/**
 * What expectations of times, rate and drops look at: the run without the samples that are lagging. Failed requests count
 * always, since a generator that is late makes no server fail.
 */
export interface Judged {
  /** 0 when nothing was left out: then all of this is of the whole run. */
  readonly leftOutMs: number;
  /** Of all requests: those that were lost or dropped took endlessly long, and a percentile that is one of these is null. */
  readonly latencyMs: Percentiles;
  readonly serviceMs: Percentiles;
  readonly donePerSecond: number;
  readonly dropped: number;
  /** Failed without an answer. */
  readonly lost: number;
}

/** Answers by when they came and how long they took; `counts` has a row for each sample of the timeline. */
export interface Heatmap {
  /** The least latency of each column, in milliseconds; each is at most 1.5 times the one before. */
  readonly lowMs: readonly number[];
  readonly counts: readonly (readonly number[])[];
}

/** What the run cost in pods, and what it got for it. Only the last part needs no cluster. */
export interface LoadCost {
  /** Pods that were asked for or still ready, times how long; null when the replicas are not known. */
  readonly podSeconds: number | null;
  /**
   * The least with which the metric would always have been at its target or below, had pods come and gone at once; null
   * when it cannot be told: no metric, or a closed loop.
   */
  readonly neededPodSeconds: number | null;
  /** How often the way of the replicas turned: up and later down is one. */
  readonly flaps: number | null;
  /** How long requests were lost, or a latency was over what was expected of it (`p99<200ms`); seconds of the timeline. */
  readonly badMs: number;
}

/** Whether the generator kept up with what was asked of it. */
export interface GeneratorHealth {
  /** It did not: the result tells of the generator, and the verdicts are void. */
  readonly saturated: boolean;
  /** Why, in words; empty when it kept up. */
  readonly reasons: readonly string[];
  /** How late the event loop ran what was due; null where it was not measured. */
  readonly eventLoopDelayMs: { readonly p50: number; readonly p99: number; readonly max: number } | null;
  /** 0 to 1: 1 is a thread that never rested; null where it was not measured. */
  readonly eventLoopUtilization: number | null;
}

/** An expectation and whether it was met. */
export interface Verdict {
  /** As it was given: `p99<200ms`. */
  readonly expect: string;
  /** null: void, as the generator was saturated, or late all the time. */
  readonly met: boolean | null;
  /** What was measured, in milliseconds, a ratio, a count or a rate; null when there is nothing to tell. */
  readonly actual: number | string | null;
  /** In words. */
  readonly words: string;
}

/** All that is needed to repeat a run. */
export interface LoadRunInfo {
  readonly url: string;
  readonly method: string;
  /** Values of headers that hold credentials are left out, and of parameters of the URL; see load/secrets.ts. */
  readonly headers: readonly string[];
  readonly bodyBytes: number;
  /** Of the body, in hex; absent without one. */
  readonly bodySha256?: string;
  readonly mode: 'open' | 'closed';
  readonly durationMs: number;
  /** null in a closed loop. `--profile @FILE` reads it from a file that holds this result. */
  readonly profile: Profile | null;
  /** Draws Poisson arrivals and the rotation of connections. */
  readonly seed: number;
  readonly connections: number;
  readonly rotate: string;
  readonly timeoutMs: number;
  readonly podHeader: string;
  readonly maxLagMs: number;
  readonly startedAt: string;
  /** What the command adds: its own version, Node's, the machine, its arguments. */
  readonly versions?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
}

/** The result of a load run, as `plimsoll load --output json` prints it. */
export interface LoadResult {
  readonly requests: RequestCounts;
  /** Per second, over the run: arrivals of the schedule, and answers that were ok. */
  readonly rate: { readonly offered: number; readonly done: number };
  /**
   * From the intended start of each request to the end of its answer, waiting included. Answers only. In a closed loop
   * nothing has an intended start: it is the time from the moment when a connection was free.
   */
  readonly latencyMs: Percentiles;
  /** From the write of the request to the end of its answer. */
  readonly serviceMs: Percentiles;
  /** From the intended start to the moment the generator took it up: its own lateness. Waiting for a free connection is in latencyMs. */
  readonly sendLagMs: Percentiles;
  /** Opening a connection, TLS included; a part of the latency of the request that needed it. */
  readonly connectMs: Percentiles;
  readonly perPod: Readonly<Record<string, PodLoad>>;
  readonly balance: Balance;
  /** Expectations met and not met; empty without any. */
  readonly verdicts: readonly Verdict[];
  /** What the reader should know, in words: pinning, connections that were kept, a generator that was too slow. */
  readonly warnings: readonly string[];
  /** Failed requests by class; classes without one are absent. */
  readonly failures: Readonly<Partial<Record<FailureClass, number>>>;
  /** Answers of each status from 400 on, by status; those that did not come are absent. */
  readonly failedStatuses: Readonly<Record<string, number>>;
  readonly connections: ConnectionCounts;
  readonly generator: GeneratorHealth;
  /** The run was ended before its time; what is here is what was measured until then. */
  readonly interrupted: boolean;
  readonly timeline: readonly LoadSample[];
  /** [percentile, milliseconds] of latency and service time, for their whole shape. */
  readonly spectrum: { readonly latencyMs: Spectrum; readonly serviceMs: Spectrum };
  readonly heatmap: Heatmap;
  readonly judged: Judged;
  readonly cost: LoadCost;
  /** Absent when no cluster was watched. */
  readonly cluster?: LoadCluster;
  /** Absent when no cluster was watched. */
  readonly reactions?: LoadReactions;
  readonly run: LoadRunInfo;
}

export type Spectrum = readonly (readonly [percentile: number, ms: number])[];

export interface ConnectionCounts {
  readonly opened: number;
  /** Requests repeated once on a new connection, as the server had closed the kept one just as they were sent. */
  readonly retried: number;
}

/** How a run stands, at intervals while it goes on. */
export interface LoadProgress {
  /** Since the start of the run. */
  readonly atMs: number;
  readonly durationMs: number;
  /** Over the last interval: arrivals, and answers that were ok. */
  readonly offeredPerSecond: number;
  readonly donePerSecond: number;
  /** Since the start. */
  readonly requests: RequestCounts;
  readonly failures: Readonly<Partial<Record<FailureClass, number>>>;
  /** Over the last interval. */
  readonly latencyMs: Percentiles;
  readonly serviceMs: Percentiles;
  /** Since the start. */
  readonly sendLagMs: Percentiles;
  readonly perPod: Readonly<Record<string, PodLoad>>;
  /** What should be known already. */
  readonly warnings: readonly string[];
  /** What the cluster told so far; absent when none is watched. */
  readonly cluster?: LoadCluster;
}
