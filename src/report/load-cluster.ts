/** The replicas at a moment, as the cluster told. */
export interface ReplicaSample {
  readonly atMs: number;
  readonly desiredReplicas: number | null;
  readonly readyReplicas: number | null;
  /** The autoscaler's metric that is farthest above its target, over that target; absent while none is known. */
  readonly usageRatio?: number;
  /** All its metrics as `kubectl get cas` prints them, `cpu: 73%/50%`; absent while none is known. */
  readonly targets?: string;
}

/** What the cluster told while the run went on. Times are since the start of the run. */
export interface LoadCluster {
  readonly replicas: readonly ReplicaSample[];
  readonly events: readonly {
    readonly atMs: number;
    readonly type: string;
    readonly reason: string;
    readonly message: string;
  }[];
  /**
   * The counts that the metrics asked for, before limits, at the autoscaler's own times; only those that its status keeps.
   */
  readonly recommendations: readonly { readonly atMs: number; readonly replicas: number }[];
}

/**
 * The chain from the load to pods that share it, and back; since the start of the run, null for what did not happen. Times
 * of the cluster are those at which a watch told of it.
 */
export interface LoadReactions {
  /** When the profile first rose; the start for one that never does. */
  readonly loadRoseAtMs: number | null;
  /** When the metrics first asked for more, as the autoscaler's status tells, or the first step up if that was seen first. */
  readonly metricSeenAtMs: number | null;
  /** The first decision for more replicas. */
  readonly firstStepUpAtMs: number | null;
  /** The first pod that was ready after it. */
  readonly podReadyAtMs: number | null;
  /** The first answer of a pod that was not ready before it. */
  readonly firstResponseAtMs: number | null;
  /** As many pods were ready as were asked for at most. */
  readonly peakReadyAtMs: number | null;
  /** Each of those pods had at least half of its even share. */
  readonly balancedAtMs: number | null;
  readonly loadFellAtMs: number | null;
  readonly firstStepDownAtMs: number | null;
  /** As few replicas as at the start, or fewer, were asked for and ready. */
  readonly backAtStartAtMs: number | null;
}
