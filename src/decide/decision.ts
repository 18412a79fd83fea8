import type { History } from './history.ts';
import type { Transition } from './schedules/next-transition.ts';
import type { AutoscalerStatus, ColdStart, Condition, MetricStatus } from './status.ts';
import type { Trace } from './trace.ts';

export interface EventRecord {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
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
  /** True when the target should have another count: then the scale is written, but for a dry run and a pause. */
  readonly rescale: boolean;
  /** The mode is `DryRun`: the other count is reported and never written. Only where `rescale` is true. */
  readonly dryRun?: true;
  /** A pause holds the other count back: it is reported and not written. Only where `rescale` is true. */
  readonly suspended?: true;
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
  /** Present in the tick in which the first pod is ready after zero. */
  readonly coldStart?: ColdStart;
  /** When a schedule opens or closes next; absent where none does. */
  readonly nextTransition?: Transition;
  readonly trace: Trace;
}

/** A write that the plan asks for. */
export type Action = { readonly type: 'Scale'; readonly replicas: number; readonly resourceVersion?: string };

/** How the write of the scale went. */
export type Outcome =
  | { readonly type: 'NotNeeded' }
  /** Another count was asked for, and not written as the mode is `DryRun`. */
  | { readonly type: 'DryRun' }
  /** Another count was asked for, and not written as a pause holds it back. */
  | { readonly type: 'Suspended' }
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
