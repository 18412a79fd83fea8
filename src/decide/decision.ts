import type { AutoscalerStatus, Condition, MetricStatus, Rival } from './snapshot.ts';

/** What an autoscaler remembers between ticks. Immutable: each tick returns the next one. */
export interface History {
  readonly recommendations: readonly Recommendation[];
  readonly scaleUps: readonly ScaleEvent[];
  readonly scaleDowns: readonly ScaleEvent[];
}

export interface Recommendation {
  readonly atMs: number;
  readonly replicas: number;
}

export interface ScaleEvent {
  readonly atMs: number;
  /** Pods added or removed; positive in both lists. */
  readonly change: number;
  /** Older than every policy's period of its direction: the last such place is written over. */
  readonly outdated: boolean;
}

export interface EventRecord {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** One metric's answer, with the inputs that led to it. */
export type Proposal =
  | {
      readonly ok: true;
      readonly replicas: number;
      /** As upstream names it in messages: `cpu resource utilization (percentage of request)`. */
      readonly description: string;
      readonly status: MetricStatus;
      readonly inputs: MetricInputs;
    }
  | FailedProposal;

/** A metric that could not be evaluated: never a zero. */
export interface FailedProposal {
  readonly ok: false;
  /** As in the condition and the event: `FailedGetResourceMetric`. */
  readonly reason: string;
  /** As in the event of this metric. */
  readonly message: string;
  /** As upstream wraps it in `invalid metrics (1 invalid out of 1), first error is: ...`. */
  readonly error: string;
}

/** What a metric showed against what its target asks for. */
export type Comparison =
  | { readonly of: 'utilization'; readonly percent: number; readonly targetPercent: number }
  | {
      readonly of: 'average' | 'value';
      readonly milli: bigint;
      readonly targetMilli: bigint;
      /** How people write it: memory in BinarySI, all else in DecimalSI. */
      readonly format: 'DecimalSI' | 'BinarySI';
    };

/** The arithmetic behind a proposal, for people. */
export interface MetricInputs {
  readonly compared: Comparison;
  /** Usage over target, before missing and unready pods are filled in. */
  readonly usageRatio: number;
  /** The ratio that decided, after filling in; the same as usageRatio where nothing was filled in. */
  readonly decidingRatio: number;
  readonly withinTolerance: boolean;
  readonly pods?: {
    readonly ready: number;
    readonly unready: readonly string[];
    readonly missing: readonly string[];
    readonly ignored: readonly string[];
  };
}

/** A step that changed the number, or could have; each leaves one mark, in the order in which it ran. */
export interface LimiterMark {
  readonly limiter: 'range' | 'stabilization' | 'rate' | 'bounds';
  readonly from: number;
  readonly to: number;
  /** The condition reason that goes with it: `ScaleDownStabilized`, `TooManyReplicas`... */
  readonly reason: string;
}

/** Why the decision is what it is, as data. */
interface Trace {
  readonly proposals: readonly Proposal[];
  /** Index into proposals; absent when none was valid or metrics were not looked at. */
  readonly winner?: number;
  readonly limiters: readonly LimiterMark[];
  /** Whom else the target listens to; present exactly when the verdict is `Contested`. */
  readonly rivals?: readonly Rival[];
}

/**
 * How far a tick came.
 * - TargetUnreadable: the scale could not be read; nothing but a condition changes.
 * - Contested: other autoscalers scale the same target; nothing is computed while both would write.
 * - Disabled: the target is at zero, which switches autoscaling off.
 * - OutOfRange: current replicas lie outside min and max; straight back in, without metrics.
 * - MetricsFailed: nothing to go by, or too little to scale down by.
 * - Computed: the metrics decided.
 */
export type Verdict =
  'TargetUnreadable' | 'Contested' | 'Disabled' | 'OutOfRange' | 'MetricsFailed' | 'Computed';

/** The result of one tick, before anything was written. */
export interface Decision {
  readonly atMs: number;
  readonly verdict: Verdict;
  /** 0 when the target could not be read. */
  readonly currentReplicas: number;
  readonly desiredReplicas: number;
  /** True when the target should have another count: then the scale is written, but for a dry run. */
  readonly rescale: boolean;
  /** The mode is `DryRun`: the other count is reported and never written. Only where `rescale` is true. */
  readonly dryRun?: true;
  /** As in the event: `cpu resource utilization (percentage of request) above target`. Empty without a rescale. */
  readonly reason: string;
  /** Conditions as they stand before the write of the scale. */
  readonly conditions: readonly Condition[];
  readonly currentMetrics: readonly MetricStatus[] | null;
  /** Events in upstream's order, without the one that tells how the write went. */
  readonly events: readonly EventRecord[];
  /** History with this tick's recommendation; undefined as long as the target was never read. */
  readonly history: History | undefined;
  /** What stands instead once the scale is written; present exactly when `rescale` is true. */
  readonly afterRescale?: { readonly conditions: readonly Condition[]; readonly history: History };
  readonly trace: Trace;
}

/** A write that the plan asks for. */
export type Action = { readonly type: 'Scale'; readonly replicas: number; readonly resourceVersion?: string };

/** How the write of the scale went. */
export type Outcome =
  | { readonly type: 'NotNeeded' }
  /** Another count was asked for, and not written as the mode is `DryRun`. */
  | { readonly type: 'DryRun' }
  | { readonly type: 'Scaled' }
  | { readonly type: 'Refused'; readonly message: string };

/** What stands after the write: the next status, its events and the next History. */
export interface Settlement {
  readonly status: AutoscalerStatus;
  /** False when the status is semantically equal to the one read: then nothing is written. */
  readonly statusChanged: boolean;
  readonly events: readonly EventRecord[];
  readonly history: History | undefined;
}
