import type { ControllerOptions } from '../decide/policy.ts';

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
  /** Autoscalers decided at the same time, at least 1. The HPA's is 5; the demanding part here is waiting. */
  readonly concurrentSyncs: number;
  /** Where `/healthz`, `/readyz` and `/metrics` are served; port 0 takes a free one. Undefined: nowhere. */
  readonly bindAddress: { readonly host: string; readonly port: number } | undefined;
  /** The flags that decisions depend on. */
  readonly controller: ControllerOptions;
}

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
  bindAddress: { host: '127.0.0.1', port: 8080 },
  controller: defaultControllerOptions,
};
