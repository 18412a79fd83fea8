import type { WireStatus } from '../api/status.ts';
import type { AutoscalerObject } from '../api/to-policy.ts';
import type {
  ExternalMetricValueJson,
  MetricValueJson,
  PodJson,
  PodMetricsJson,
  ScaleJson,
} from '../api/types.ts';
import type { LabelSelector } from '../decide/references.ts';
import type { OtherAutoscaler } from '../decide/snapshot.ts';

/**
 * The replay format: one autoscaler and the ticks that its controller lived through, one scenario a line.
 * docs/replay.md says what each key means; src/replay/schema.ts what each may hold.
 */
export interface Scenario {
  readonly name: string;
  /** Abilities without which a replayer must skip the scenario. */
  readonly requires?: readonly string[];
  readonly featureGates?: Readonly<Record<string, boolean>>;
  /** What the controller remembered before the first tick; absent: nothing. */
  readonly initialState?: {
    readonly recommendations?: readonly ReplicasAt[];
    readonly scaleUpEvents?: readonly ReplicasAt[];
    readonly scaleDownEvents?: readonly ReplicasAt[];
  };
  readonly controller: {
    readonly syncPeriodSeconds: number;
    readonly tolerance: number;
    readonly downscaleStabilizationSeconds: number;
    readonly cpuInitializationPeriodSeconds: number;
    readonly initialReadinessDelaySeconds: number;
  };
  readonly otherAutoscalers?: readonly OtherAutoscaler[];
  readonly autoscaler: AutoscalerObject & { readonly kind?: string; readonly status?: WireStatus };
  readonly ticks: readonly RecordedTick[];
}

export interface ReplicasAt {
  /** RFC 3339. */
  readonly time: string;
  readonly replicas: number;
}

/** What the controller saw at one tick, and what the recorded one did. A list that is absent is empty. */
export interface RecordedTick {
  /** RFC 3339. */
  readonly time: string;
  /** The spec was replaced before this tick. */
  readonly autoscalerUpdate?: { readonly generation?: number; readonly spec: AutoscalerObject['spec'] };
  /** One of the two is there. */
  readonly scale?: ScaleJson;
  readonly scaleError?: string;
  /** The write of this tick was refused, in these words. */
  readonly scaleUpdateError?: string;
  readonly statusUpdateError?: string;
  readonly notes?: readonly string[];
  readonly pods?: readonly PodJson[];
  readonly resourceMetrics?: readonly PodMetricsJson[];
  readonly resourceMetricsError?: string;
  readonly customMetrics?: readonly CustomMetric[];
  readonly customMetricsError?: string;
  readonly externalMetrics?: readonly ExternalMetricValueJson[];
  readonly externalMetricsError?: string;
  readonly expect?: Expectation;
}

/** custom.metrics.k8s.io MetricValue, with the metric that it is a value of. */
export interface CustomMetric extends MetricValueJson {
  readonly metric?: { readonly name?: string; readonly selector?: LabelSelector | null };
}

/** What the recorded controller did at a tick. */
export interface Expectation {
  readonly scaledTo: number | null;
  readonly statusWritten: boolean;
  readonly status: {
    readonly currentReplicas?: number;
    readonly desiredReplicas?: number;
    readonly lastScaleTime?: string | null;
    readonly currentMetrics?: readonly object[] | null;
    readonly conditions?: readonly object[] | null;
  };
  readonly events?: readonly object[] | null;
}
