import type { MetricIdentifier, ObjectReference } from './references.ts';

export type ConditionType =
  'AbleToScale' | 'ScalingActive' | 'ScalingLimited' | 'ScaledToZero' | (string & {});

export interface Condition {
  readonly type: ConditionType;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  /** Changes only when `status` changes, as upstream's. */
  readonly lastTransitionAtMs: number;
}

/** A metric's present value as status shows it; `Empty` holds the place of a metric that failed. */
export type MetricStatus =
  | { readonly type: 'Empty' }
  | {
      readonly type: 'Resource';
      readonly resource: string;
      readonly averageMilli: bigint;
      /** Percent of the request, truncated; only for Utilization targets. */
      readonly averageUtilization?: number;
    }
  | {
      readonly type: 'ContainerResource';
      readonly resource: string;
      readonly container: string;
      readonly averageMilli: bigint;
      readonly averageUtilization?: number;
    }
  | { readonly type: 'Pods'; readonly metric: MetricIdentifier; readonly averageMilli: bigint }
  | {
      readonly type: 'Object';
      readonly metric: MetricIdentifier;
      readonly describedObject: ObjectReference;
      readonly valueMilli?: bigint;
      readonly averageMilli?: bigint;
    }
  | {
      readonly type: 'External';
      readonly metric: MetricIdentifier;
      readonly valueMilli?: bigint;
      readonly averageMilli?: bigint;
    }
  | { readonly type: 'PodScrape'; readonly metric: MetricIdentifier; readonly averageMilli: bigint }
  | {
      readonly type: 'Prometheus';
      readonly server: string;
      readonly query: string;
      readonly valueMilli?: bigint;
      readonly averageMilli?: bigint;
    };

/** The part of the status that decisions read and write: the HPA's own fields, and what is measured beside them. */
export interface AutoscalerStatus {
  readonly currentReplicas?: number;
  readonly desiredReplicas: number;
  readonly lastScaleAtMs?: number;
  /** `null` where upstream prints null: no metric was evaluated. */
  readonly currentMetrics: readonly MetricStatus[] | null;
  readonly conditions: readonly Condition[];
  /** Present while the fallback of a metric that fails decides. */
  readonly fallback?: Fallback;
  /** Of the last time that the target was at zero; absent before one was measured. */
  readonly coldStart?: ColdStart;
}

/** A time from zero replicas to the first ready pod. */
export interface ColdStart {
  /** When that pod was ready. */
  readonly atMs: number;
  /** Since the target was brought up. */
  readonly seconds: number;
}

/** What decides in place of a metric. */
export interface Fallback {
  /** The metric's identity: `Resource/cpu`. */
  readonly metric: string;
  readonly replicas: number;
  /** When it began to fail. */
  readonly sinceMs: number;
}
