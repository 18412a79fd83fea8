import type { ControllerOptions } from '../decide/policy.ts';
import type { PrometheusServerOptions } from '../observe/prometheus/server-options.ts';

export interface OperatorOptions {
  /** A kubeconfig file. Default: `$KUBECONFIG`, `~/.kube/config`, or the service account inside a cluster. */
  readonly kubeconfig?: string;
  /** A context of it. Default: its current one. */
  readonly context?: string;
  /** Serve the autoscalers of this namespace only. Default: all namespaces. */
  readonly namespace?: string;
  /** Serve the autoscalers that this label selector matches. Default: all. */
  readonly selector?: string;
  /** Time between two decisions of one autoscaler, in milliseconds; at least 1000. The HPA's is 15,000. */
  readonly syncPeriodMs: number;
  /**
   * Autoscalers decided at the same time of those that read the same sources of metrics, at least 1. The HPA's is 5; the demanding
   * part here is waiting.
   */
  readonly concurrentSyncs: number;
  /** Deadline of each question to a source of metrics, in milliseconds; above 0. */
  readonly metricTimeoutMs: number;
  /** For one pod to answer in when its Prometheus endpoint is read, in milliseconds; above 0. For all of a metric: `metricTimeoutMs`. */
  readonly podScrapeTimeoutMs: number;
  /** Pods that are read at the same time, of all autoscalers; at least 1. */
  readonly podScrapeConcurrency: number;
  /** Servers that metrics of type Prometheus may ask, by unique names. Default: none. */
  readonly prometheusServers: readonly PrometheusServerOptions[];
  /** Metric values that drift alone are written to the status once in this time, in milliseconds; 0: each tick, as the HPA does. */
  readonly statusMetricsIntervalMs: number;
  /** Where `/healthz`, `/readyz` and `/metrics` are served; port 0 takes a free one. Undefined: nowhere. */
  readonly bindAddress: { readonly host: string; readonly port: number } | undefined;
  /** Metrics with a series for each autoscaler. */
  readonly perAutoscalerMetrics: boolean;
  /** Requests a second to the API server in the long run, watches not counted; 0 means no limit. */
  readonly kubeApiQps: number;
  /** Requests at once after a quiet time, at least 1. */
  readonly kubeApiBurst: number;
  /** This process, as events and a lease name it. Default: the host's name. */
  readonly instance?: string;
  /** Undefined: no election, this is the only process that writes. */
  readonly leaderElection: LeaderElectionOptions | undefined;
  /** The flags that decisions depend on. */
  readonly controller: ControllerOptions;
}

/** As kube-controller-manager has them. */
export interface LeaderElectionOptions {
  /** Of the Lease. */
  readonly namespace: string;
  /** Of the Lease. */
  readonly name: string;
  /** How long others wait for a sign of life, in milliseconds. */
  readonly leaseDurationMs: number;
  /** How long after its last renewal a leader may write, in milliseconds; below `leaseDurationMs`. */
  readonly renewDeadlineMs: number;
  /** Between two tries, in milliseconds; below `renewDeadlineMs`. */
  readonly retryPeriodMs: number;
}

/** kube-controller-manager's times. */
export const defaultLeaseTimes = {
  leaseDurationMs: 15_000,
  renewDeadlineMs: 10_000,
  retryPeriodMs: 2000,
} as const satisfies Partial<LeaderElectionOptions>;

/** The HPA controller's defaults, as in Kubernetes 1.36. */
export const defaultControllerOptions: ControllerOptions = {
  tolerance: 0.1,
  downscaleStabilizationMs: 300_000,
  cpuInitializationPeriodMs: 300_000,
  initialReadinessDelayMs: 30_000,
  featureGates: { HPAScaleToZero: false, HPAConfigurableTolerance: true, PodLevelResources: true },
};

export const defaultOperatorOptions: OperatorOptions = {
  syncPeriodMs: 15_000,
  concurrentSyncs: 20,
  metricTimeoutMs: 10_000,
  podScrapeTimeoutMs: 2000,
  podScrapeConcurrency: 100,
  prometheusServers: [],
  statusMetricsIntervalMs: 60_000,
  bindAddress: { host: '127.0.0.1', port: 8080 },
  perAutoscalerMetrics: true,
  kubeApiQps: 400,
  kubeApiBurst: 800,
  leaderElection: undefined,
  controller: defaultControllerOptions,
};
