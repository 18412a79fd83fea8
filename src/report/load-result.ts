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
}

/** How evenly the pods were loaded, over the longest stretch (5 s at least where there is one) in which the most pods answered. */
export interface Balance {
  /** Pods that answered in the stretch. */
  readonly pods: number;
  /** The busiest pod's requests over the mean: 1 is even. `null` when no answer named a pod. */
  readonly maxOverMean: number | null;
  /** Jain's fairness index of requests: 1 is even, 1/pods is all on one. */
  readonly jainIndex: number | null;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The result of a load run, as `plimsoll load --output json` prints it. */
export interface LoadResult {
  readonly requests: RequestCounts;
  /** Per second, over the run: arrivals of the schedule, and answers that were ok. */
  readonly rate: { readonly offered: number; readonly done: number };
  /** From the intended start of each request to the end of its answer, waiting included. Answers only. */
  readonly latencyMs: Percentiles;
  /** From the write of the request to the end of its answer. */
  readonly serviceMs: Percentiles;
  /** From the intended start to the moment the generator took it up: its own lateness. Waiting for a free connection is in latencyMs. */
  readonly sendLagMs: Percentiles;
  readonly perPod: Readonly<Record<string, PodLoad>>;
  readonly balance: Balance;
  /** Expectations met and not met; empty without any. */
  readonly verdicts: readonly string[];
  /** Failed requests by class; classes without one are absent. */
  readonly failures: Readonly<Partial<Record<FailureClass, number>>>;
  readonly connections: ConnectionCounts;
}

interface ConnectionCounts {
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
  /** Since the start. */
  readonly sendLagMs: Percentiles;
  readonly perPod: Readonly<Record<string, PodLoad>>;
}
