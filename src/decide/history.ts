/** What an autoscaler remembers between ticks. Immutable: each tick returns the next one. */
export interface History {
  readonly recommendations: readonly Recommendation[];
  readonly scaleUps: readonly ScaleEvent[];
  readonly scaleDowns: readonly ScaleEvent[];
  /** By the metric's identity (metric-id.ts); absent where nothing of the policy needs a memory of metrics. */
  readonly metrics?: Readonly<Record<string, MetricMemory>>;
  /** When the replicas were last stepped up as no pod was ready; absent once one is (step-up.ts). */
  readonly steppedUpAtMs?: number;
  /** When the target was brought up from zero; absent once a pod is ready (cold-start.ts). */
  readonly wokeAtMs?: number;
}

/** What is remembered of one metric. */
export interface MetricMemory {
  readonly failingSinceMs?: number;
  readonly zeroSinceMs?: number;
  readonly lastGood?: LastGood;
  /** Of the newest sample that has led to a rescale; kept with `requireFreshSamples` only (fresh-samples.ts). */
  readonly actedSampleAtMs?: number;
}

/** The last time that a metric could be evaluated. */
export interface LastGood {
  readonly atMs: number;
  /** What it asked for. */
  readonly replicas: number;
  /** Usage was above the target, and not within the tolerance. */
  readonly aboveTarget: boolean;
  /** The value was above zero. */
  readonly nonZero: boolean;
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
