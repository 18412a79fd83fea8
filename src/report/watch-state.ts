import type { ScalingState } from './scaling-state.ts';

/** An autoscaler and what belongs to it, as the watch shows it at one moment. Whatever is not known is absent. */
export interface WatchState {
  readonly atMs: number;
  readonly namespace: string;
  readonly name: string;
  /** What is scaled: `Deployment/web`. */
  readonly target: string;
  readonly mode: string;
  readonly state: ScalingState;
  readonly replicas: WatchReplicas;
  readonly lastScaleAtMs?: number;
  /** Why the last decision came out as it did, in words. */
  readonly why: string;
  /** When that was decided. */
  readonly whyAtMs?: number;
  /** The steps that changed the count after the metrics. */
  readonly limits: readonly WatchLimit[];
  readonly next: WatchNext;
  readonly metrics: readonly WatchMetric[];
  /** TARGETS as `kubectl get` prints them. */
  readonly targets: string;
  readonly pods: readonly WatchPod[];
  /** Oldest first. */
  readonly events: readonly WatchEvent[];
  readonly conditions: readonly WatchCondition[];
}

export interface WatchReplicas {
  /** The count that the target was asked for when it was last looked at. */
  readonly current?: number;
  readonly desired?: number;
  readonly ready?: number;
  readonly min: number;
  readonly max: number;
}

export interface WatchLimit {
  /** `stabilization`, `rate`, `bounds`... */
  readonly limiter: string;
  readonly reason?: string;
  readonly from: number;
  readonly to: number;
  readonly untilMs?: number;
  readonly message?: string;
}

export interface WatchNext {
  /** Only where the object says how often it is decided. */
  readonly decisionAtMs?: number;
  readonly transition?: { readonly schedule: string; readonly type: string; readonly atMs: number };
  readonly suspendedUntilMs?: number;
}

export interface WatchMetric {
  /** `cpu`. */
  readonly name: string;
  /** `Resource`. */
  readonly type: string;
  /** What it shows: `186%`. */
  readonly current?: string;
  readonly target?: string;
  /** How many replicas it asks for. */
  readonly wants?: number;
  /** Its count was taken. */
  readonly wins: boolean;
  /** Why it could not be read. */
  readonly message?: string;
  /** What it showed, oldest first, one value a part of the time shown; null where nothing is known. */
  readonly samples: readonly (number | null)[];
}

export type PodState = 'Ready' | 'NotReady' | 'Starting' | 'Pending' | 'Failing' | 'Finished' | 'Stopping';

export interface WatchPod {
  readonly name: string;
  readonly state: PodState;
  readonly createdAtMs: number;
  readonly restarts: number;
  readonly node?: string;
  readonly cpuMillis?: number;
  readonly memoryBytes?: number;
  /** Why it does not run: `CrashLoopBackOff`. */
  readonly note?: string;
}

export interface WatchEvent {
  readonly atMs: number;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
}

export interface WatchCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}
