import type { AutoscalerStatus } from './status.ts';

/**
 * What one tick saw: everything that a decision may depend on, as plain data.
 *
 * Glossary (Kubernetes' own terms):
 * - target: the object with a scale subresource whose replicas are computed.
 * - current replicas: `spec.replicas` of the target's scale, as the HPA uses it everywhere but in rule "AverageValue".
 * - utilization: usage in percent of the request; a ratio inside (`usageRatio`), percent only in the API.
 * - proposal: the replica count that one metric asks for.
 * - recommendation: the proposal that won a tick, before stabilization and limits; remembered in History.
 * - window: the time span that a metric sample averages over.
 * - milli: thousandths of a unit, an integer: CPU in millicores, memory in thousandths of a byte.
 */

/**
 * A value that could not be had is a value too: never an exception, never a zero.
 * The message is the bare cause (`connection refused`); decide/ words what it means (`unable to fetch metrics from ...`).
 */
export type Reading<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

/** The target's scale subresource at this tick. */
export interface TargetScale {
  /** `spec.replicas`: what the target was asked to run. */
  readonly specReplicas: number;
  /** `status.replicas`: what the target says it runs. */
  readonly statusReplicas: number;
  /** `status.selector` as text, unparsed; empty when the target has none. */
  readonly selector: string;
  /** resourceVersion of the scale, sent back with the write as an optimistic lock. Absent in recordings. */
  readonly resourceVersion?: string;
  /** Of the target; absent where it was not read from the target itself. */
  readonly createdAtMs?: number;
  /** Who else than this operator owns `spec.replicas` by the target's managedFields; absent where those are not seen. */
  readonly replicaWriters?: readonly FieldWriter[];
}

/** A client that owns a field: one entry of managedFields. */
export interface FieldWriter {
  /** As it calls itself: `kubectl-client-side-apply`. */
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  /** Through which it wrote; absent: the object itself. */
  readonly subresource?: string;
  /** When it last changed what it owns. */
  readonly atMs?: number;
}

/** One container of a pod, as far as requests go. */
export interface ContainerFacts {
  readonly name: string;
  /** Milli units by resource name (`cpu`, `memory`); a resource without a request is absent. */
  readonly requests: Readonly<Record<string, number>>;
}

/** One pod that the target's selector matches, projected to what a decision reads. */
export interface PodFacts {
  readonly name: string;
  readonly phase: string;
  readonly deleting: boolean;
  /** `metadata.creationTimestamp`; absent in recordings. No decision depends on it. */
  readonly createdAtMs?: number;
  /** `status.startTime`; absent before the kubelet has seen the pod. */
  readonly startedAtMs?: number;
  /** The Ready condition; absent when the pod has none. */
  readonly ready?: { readonly status: 'True' | 'False' | 'Unknown'; readonly sinceMs: number };
  /** Containers and restartable init containers (`restartPolicy: Always`). */
  readonly containers: readonly ContainerFacts[];
  /**
   * Plain init containers: they count only in the scheduler's formula for pod-level requests. Each with the
   * requests of the restartable init containers before it added, as they run beside it (PodRequests of
   * k8s.io/component-helpers/resource).
   */
  readonly initContainers: readonly ContainerFacts[];
  /** `spec.resources.requests` and `spec.overhead`, in milli units by resource name; absent when not set. */
  readonly podRequests?: Readonly<Record<string, number>>;
  readonly overhead?: Readonly<Record<string, number>>;
  /** Labels, for the look at other autoscalers' selectors. */
  readonly labels: Readonly<Record<string, string>>;
  /** uid of the object that controls the pod; absent for a pod that nobody does, and in recordings. */
  readonly ownerUid?: string;
  /** `status.podIP`; absent before the pod has one, and in recordings. */
  readonly ip?: string;
  /** TCP ports of its containers by their name; absent when none has a name. */
  readonly ports?: Readonly<Record<string, number>>;
}

/** One PodMetrics object of metrics.k8s.io, projected. */
export interface PodUsage {
  readonly name: string;
  readonly timestampMs: number;
  readonly windowMs: number;
  /** Milli units by resource name, each rounded up as `MilliValue` does. */
  readonly containers: readonly { readonly name: string; readonly usage: Readonly<Record<string, number>> }[];
}

/** One sample of a custom metric that describes a pod. */
export interface PodMetricSample {
  readonly podName: string;
  readonly timestampMs: number;
  readonly windowMs: number;
  readonly milli: bigint;
}

/** Why a pod that runs gave no sample when its Prometheus endpoint was read. */
export type ScrapeProblem =
  /** It has no address yet, or one that is never asked: see observe/pod-scrape/address.ts. */
  | 'NoAddress'
  | 'ForeignAddress'
  /** None of its containers has a port of that name. */
  | 'NoPort'
  /** Nothing listens, or the connection broke. */
  | 'Unreachable'
  /** It did not answer in its own time; the time for all pods was over before it had its turn or had answered. */
  | 'TimedOut'
  | 'OutOfTime'
  /** Another status than 200 (a redirect is not followed), or another content than an exposition. */
  | 'Refused'
  /** More bytes, or more series, than are read of a pod. */
  | 'TooLarge'
  | 'Malformed'
  /** No series of that name and with those labels. */
  | 'NoSeries'
  /** NaN or infinite. */
  | 'NotFinite'
  /** The first sample of a counter, which has no rate yet. */
  | 'FirstSample';

/** Pods without a sample, by why. */
export interface NotScraped {
  readonly reason: ScrapeProblem;
  readonly count: number;
  /** The first of them, at most 10. */
  readonly names: readonly string[];
  /** What is to be known of the first of them besides: `answered 302`. */
  readonly detail?: string;
}

/**
 * What was read for one metric of the policy. Resource and ContainerResource share one list of PodMetrics.
 * An empty list is a reading; that it is a failure ("no metrics returned") is for decide/ to say.
 */
export type MetricReading =
  | { readonly type: 'Resource' | 'ContainerResource'; readonly usage: Reading<readonly PodUsage[]> }
  | { readonly type: 'Pods'; readonly samples: Reading<readonly PodMetricSample[]> }
  | {
      readonly type: 'PodScrape';
      readonly samples: Reading<readonly PodMetricSample[]>;
      /** Running pods that gave none: at most one entry for each reason, the most pods first. Absent: there are none. */
      readonly notScraped?: readonly NotScraped[];
    }
  /** `timestampMs`: of the value, of the oldest of several; absent where it is not known. Nothing is decided by it. */
  | { readonly type: 'Object'; readonly milli: Reading<bigint>; readonly timestampMs?: number }
  | { readonly type: 'External'; readonly milli: Reading<readonly bigint[]>; readonly timestampMs?: number }
  /** `timestampMs`: of the sample where the query names a series, else when the server evaluated it. */
  | { readonly type: 'Prometheus'; readonly milli: Reading<bigint>; readonly timestampMs?: number }
  | { readonly type: 'Unknown' };

/** Another autoscaler of the same namespace, by the selector that it learnt at its own last reconcile. */
export interface OtherAutoscaler {
  readonly namespace: string;
  readonly name: string;
  readonly selector: string;
}

/** Another autoscaler that scales the same target: one of the two would undo what the other does. */
export interface Rival {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Whom it belongs to, as people know it: `ScaledObject orders` for the HorizontalPodAutoscaler that KEDA made. */
  readonly owner?: string;
  /** What it says it wants; present exactly where it is a HorizontalPodAutoscaler. */
  readonly wanted?: WantedScale;
}

/** What another autoscaler last computed. */
export interface WantedScale {
  /** Absent before its first evaluation. */
  readonly replicas?: number;
  /** From its conditions. */
  readonly reason: string;
  /** Which spec that is of: another text is another spec. */
  readonly spec: string;
}

/** Everything observed for one autoscaler at one tick. */
export interface Snapshot {
  readonly target: Reading<TargetScale>;
  /** Pods of the namespace that the target's selector matches, in a stable order; empty when the target failed. */
  readonly pods: readonly PodFacts[];
  /** One entry for each metric of the policy, in its order. */
  readonly metrics: readonly MetricReading[];
  readonly otherAutoscalers: readonly OtherAutoscaler[];
  /**
   * uids of what owns pods of the target, newest first: for a Deployment its ReplicaSets, always the target itself too. Absent when
   * it is not known: the ReplicaSets are not seen, or something in between owns the pods that is not watched.
   */
  readonly owners?: readonly string[];
  /** Other autoscalers of the same target; absent is the same as none. */
  readonly rivals?: readonly Rival[];
  /** The status of the autoscaler as it was read, the base that conditions and differences are computed from. */
  readonly status: AutoscalerStatus;
}
