import type { MetricIdentifier, ObjectReference } from './references.ts';

/** An autoscaler's spec with units normalised and every default applied. Made by api/; never holds an invalid value. */
export interface Policy {
  readonly namespace: string;
  readonly name: string;
  readonly target: ObjectReference;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** At least one: an empty list becomes CPU at 80 % of the request. */
  readonly metrics: readonly MetricSpec[];
  /** Absent means the older path without `behavior`, which is not numerically the same. */
  readonly behavior?: Behavior;
  /** `DryRun` decides and reports all the same, and never writes the scale. Absent: `Active`. */
  readonly mode?: Mode;
  /** What is held back; present exactly when the mode is `Paused`. */
  readonly suspend?: Suspension;
  /** Windows of time with bounds of their own; at most 20, names unique. Absent: none. */
  readonly schedules?: readonly ScheduleSpec[];
  /** `Owned` counts only pods that the target owns (pod-selection.ts). Absent: `Selector`, all that its selector matches. */
  readonly podSelection?: 'Selector' | 'Owned';
  /** Seconds between two decisions, 1 to 300. Absent: the operator's `--sync-period`. */
  readonly syncPeriodSeconds?: number;
  /** Seconds, 0 to 3600. Absent: the operator's `--cpu-initialization-period`. */
  readonly initializationPeriodSeconds?: number;
  /** Seconds, 0 to 3600. Absent: the operator's `--initial-readiness-delay`. */
  readonly readinessDelaySeconds?: number;
  /** What to do while no pod is ready and the metrics fail for it (step-up.ts). Absent: `Hold`. */
  readonly onAllPodsUnready?: 'Hold' | 'StepUp';
  /** A sample that has led to a rescale is not acted on again (fresh-samples.ts). Absent: false. */
  readonly requireFreshSamples?: boolean;
}

export type Mode = 'Active' | 'DryRun' | 'Paused';

/** What a pause holds back: at least one direction. */
export interface Suspension {
  readonly scaleUp: boolean;
  readonly scaleDown: boolean;
  /** From then on the autoscaler is active again; absent: until the mode is changed. */
  readonly untilMs?: number;
  /** In the words of whoever paused it. */
  readonly reason?: string;
}

/** Windows that open again and again. While one is open, its counts are the bounds; see schedules/bounds.ts. */
export interface ScheduleSpec {
  readonly name: string;
  /** The minutes, on the clocks of `timeZone`, at which a window opens. */
  readonly start: CronFields;
  /** A zone that Intl knows: `Europe/Berlin`. */
  readonly timeZone: string;
  /** Time that passes until a window closes, in milliseconds; above 0, at most 31 days. */
  readonly durationMs: number;
  /** At least one of the counts is there; `replicas` excludes the two others. None is above the policy's maxReplicas. */
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  /** Exactly so many; 0 switches the target off for the time. */
  readonly replicas?: number;
  /** In so many milliseconds from its opening a window's bounds are reached. Default 0: at once. */
  readonly rampUpMs?: number;
  /** In so many milliseconds before its closing a window's bounds are left. Default 0; both ramps fit into durationMs. */
  readonly rampDownMs?: number;
  /** `2026-12-25`, on the calendar of `timeZone`: a window that would open on that day does not. */
  readonly excludeDates?: readonly string[];
}

/**
 * A cron expression, as node-cron's `parse` gives it: each field as the list of what it matches, names and steps resolved. A day
 * must match both `dayOfMonth` and `dayOfWeek`.
 */
export interface CronFields {
  /** 0 to 59, in any order. */
  readonly minute: readonly number[];
  /** 0 to 23. */
  readonly hour: readonly number[];
  /** 1 to 31; `L` the last day, `L-3` three days before it, `15W` the weekday nearest to the 15th, `LW` the last weekday. */
  readonly dayOfMonth: readonly (number | string)[];
  /** 1 to 12. */
  readonly month: readonly number[];
  /** 0 (Sunday) to 6; `5L` the month's last Friday, `1#2` its second Monday. */
  readonly dayOfWeek: readonly (number | string)[];
}

/** What is done with one metric whatever its type; all absent: as the HPA does. */
export interface MetricOptions {
  /** Absent: `Hold`. */
  readonly onError?: OnError;
  /** An older sample is an error: that pod has none; where no pod has one, or there is but one value, the metric failed. */
  readonly maxAgeMs?: number;
  /** For so long a zero, where the last good value was above zero, is an error. */
  readonly suspectZeroMs?: number;
  /** At zero replicas, a value at or below it asks for none. Object, External and Prometheus only. */
  readonly activationMilli?: bigint;
}

/** What is done with a metric that has failed for `afterMs`; until then it is held. */
export type OnError =
  /** As the HPA does: it may forbid scaling down, and when no metric is left all stays as it is. */
  | { readonly type: 'Hold' }
  /** As if the metric was not there. */
  | { readonly type: 'Ignore'; readonly afterMs: number }
  | {
      readonly type: 'Fallback';
      readonly afterMs: number;
      /** 1 to maxReplicas. */
      readonly replicas: number;
      readonly behavior: FallbackBehavior;
    };

/** Static proposes the fallback's replicas, the others the current ones: always, or the higher or lower of both. */
export type FallbackBehavior =
  'Static' | 'CurrentReplicas' | 'CurrentReplicasIfHigher' | 'CurrentReplicasIfLower';

export type MetricSpec = MetricSource & MetricOptions;

/** What a metric is read from. */
export type MetricSource =
  | { readonly type: 'Resource'; readonly resource: string; readonly target: MetricTarget }
  | {
      readonly type: 'ContainerResource';
      readonly resource: string;
      readonly container: string;
      readonly target: MetricTarget;
    }
  | { readonly type: 'Pods'; readonly metric: MetricIdentifier; readonly target: MetricTarget }
  | {
      readonly type: 'Object';
      readonly metric: MetricIdentifier;
      readonly describedObject: ObjectReference;
      readonly target: MetricTarget;
    }
  | { readonly type: 'External'; readonly metric: MetricIdentifier; readonly target: MetricTarget }
  /** Read from the pods' own Prometheus endpoint. */
  | {
      readonly type: 'PodScrape';
      /** The name of a container port, or its number. */
      readonly port: string | number;
      /** Begins with one `/`, never with two; may have a query. */
      readonly path: string;
      /** The selector is of the labels of the series; those of one pod that match are summed. */
      readonly metric: MetricIdentifier;
      /** True: per second. Absent: a counter per second, all else as it is, by the TYPE that the endpoint tells. */
      readonly rate?: boolean;
      readonly target: MetricTarget;
    }
  /** A query to a Prometheus server that the operator was started with. */
  | {
      readonly type: 'Prometheus';
      readonly server: string;
      readonly query: string;
      readonly target: MetricTarget;
    }
  /** A type that the upstream controller does not know: a failed metric with reason InvalidMetricSourceType. */
  | { readonly type: 'Unknown'; readonly given: string };

/** The target as sent: `type` and the field that is set need not agree, and upstream reads the fields. */
export interface MetricTarget {
  readonly type: string;
  /** Percent of the request. */
  readonly averageUtilization?: number;
  readonly averageMilli?: bigint;
  readonly valueMilli?: bigint;
}

export interface Behavior {
  readonly scaleUp: ScalingRules;
  readonly scaleDown: ScalingRules;
}

export interface ScalingRules {
  /** Seconds, 0 to 3600. Absent (scale-down only): the controller's downscale stabilization. */
  readonly stabilizationWindowSeconds?: number;
  readonly selectPolicy: 'Max' | 'Min' | 'Disabled';
  readonly policies: readonly ScalingPolicy[];
  /** Ratio by which usage may differ from the target without scaling; absent: the controller's tolerance. */
  readonly tolerance?: number;
}

export interface ScalingPolicy {
  readonly type: 'Pods' | 'Percent';
  /** Pods, or percent of the replicas at the start of the period. */
  readonly value: number;
  readonly periodSeconds: number;
}

/** The controller's flags, the same for every autoscaler that it serves. */
export interface ControllerOptions {
  /** Ratio; default 0.1. */
  readonly tolerance: number;
  /** Default 300,000. */
  readonly downscaleStabilizationMs: number;
  /** Default 300,000. */
  readonly cpuInitializationPeriodMs: number;
  /** Default 30,000. */
  readonly initialReadinessDelayMs: number;
  readonly featureGates: {
    /** Default false, as in Kubernetes 1.36. */
    readonly HPAScaleToZero: boolean;
    /** Default true. */
    readonly HPAConfigurableTolerance: boolean;
    /** Default true. */
    readonly PodLevelResources: boolean;
  };
}
