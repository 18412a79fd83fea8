import type { ControllerOptions, Policy } from '../../decide/policy.ts';
import type { Profile } from '../../lib/load-profile.ts';
import { defaultFeatureGates } from '../abilities.ts';

/**
 * What is simulated: a policy, a load over time, and a model of the app and of how it is measured. Everything else (decisions,
 * writes, conditions, memory) is the operator's own code.
 */
export interface SimulationInput {
  readonly policy: Policy;
  readonly profile: Profile;
  readonly app: AppModel;
  /** When the load begins, in milliseconds since 1970: what schedules go by. */
  readonly startMs: number;
  /** Of everything that comes by chance: 0 to 2^32 - 1, default 1. */
  readonly seed?: number;
  /** Default: the policy's minimum at the start, at least 1. */
  readonly startReplicas?: number;
  /** The operator's `--sync-period`, default 15; a policy's own goes before it. */
  readonly syncPeriodSeconds?: number;
  /** Default: the HPA controller's. */
  readonly options?: ControllerOptions;
  readonly measuring?: Measuring;
  /** What each metric of the policy reads, by its index; default `Load` for what belongs to no pod. */
  readonly signals?: readonly (Signal | undefined)[];
  readonly outages?: readonly Outage[];
  readonly strangers?: readonly Strangers[];
  /** Other autoscalers of the same target, such as the HPA beside a dry run. They read the same metrics. */
  readonly beside?: readonly Policy[];
}

/** An app whose ready pods share the load evenly. */
export interface AppModel {
  /** Requests or messages a second that a ready pod handles at most; above 0. */
  readonly capacityPerSecond: number;
  /** CPU request of a pod, in millicores, default 1000. */
  readonly cpuRequestMillis?: number;
  /** What a pod uses at its capacity, in millicores; default all of its request. Idle it uses none. */
  readonly cpuBusyMillis?: number;
  /** Memory of a pod, in bytes. Default: 256 MiB requested, of which it uses a quarter idle and three quarters at its capacity. */
  readonly memory?: MemoryModel;
  /** Default: ready after 20 s, without using CPU until then. */
  readonly start?: StartModel;
  /** Work waits for its turn. Absent: what comes while no pod has capacity for it is lost. */
  readonly queue?: {
    /** Seconds for which work may wait: longer is short of capacity. */
    readonly patienceSeconds: number;
  };
}

interface MemoryModel {
  readonly requestBytes: number;
  readonly idleBytes: number;
  readonly busyBytes: number;
}

interface StartModel {
  /** From the scale's write to the first request, with scheduling and pulling the image. */
  readonly readySeconds: number;
  /** Each pod takes up to so much longer, by chance. Default 0. */
  readonly spreadSeconds?: number;
  /** Millicores that a pod uses until it is ready. Default 0. */
  readonly cpuMillis?: number;
  /** It is ready for a moment so long after its start, and then not until `readySeconds`: its port opens before it is warm. */
  readonly firstReadySeconds?: number;
}

/** How pods are measured, as metrics-server and Prometheus do: an average over each period, some time after its end. */
export interface Measuring {
  /** Default 15. */
  readonly everySeconds: number;
  /** From a measurement to when it can be read. Default 5. */
  readonly delaySeconds: number;
}

/** What a metric that belongs to no pod reads: requests or messages a second that come, or how many wait. */
export type Signal = 'Load' | 'Backlog';

/** A time in which a metric cannot be read, or reads zero whatever it is. */
export interface Outage {
  /** Index of the metric in the policy. */
  readonly metric: number;
  readonly reads: 'Error' | 'Zero';
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** Pods that the selector matches and the target does not own: a job, say. */
export interface Strangers {
  readonly count: number;
  readonly cpuMillis: number;
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** As the HPA controller of Kubernetes 1.36 has them. */
export const defaultSimulationOptions: ControllerOptions = {
  tolerance: 0.1,
  downscaleStabilizationMs: 300_000,
  cpuInitializationPeriodMs: 300_000,
  initialReadinessDelayMs: 30_000,
  featureGates: defaultFeatureGates,
};

export const defaultSyncPeriodSeconds = 15;

/** The model with its defaults. */
export interface App {
  readonly capacityPerSecond: number;
  readonly cpuRequestMillis: number;
  readonly cpuBusyMillis: number;
  readonly memory: MemoryModel;
  readonly start: Required<Omit<StartModel, 'firstReadySeconds'>> & Pick<StartModel, 'firstReadySeconds'>;
  readonly patienceSeconds: number | undefined;
}

const mebi = 2 ** 20;

export function appOf({
  capacityPerSecond,
  cpuRequestMillis = 1000,
  cpuBusyMillis,
  ...model
}: AppModel): App {
  const { memory, start, queue } = model;
  return {
    capacityPerSecond,
    cpuRequestMillis,
    cpuBusyMillis: cpuBusyMillis ?? cpuRequestMillis,
    memory: memory ?? { requestBytes: 256 * mebi, idleBytes: 64 * mebi, busyBytes: 192 * mebi },
    start: { spreadSeconds: 0, cpuMillis: 0, ...(start ?? { readySeconds: 20 }) },
    patienceSeconds: queue?.patienceSeconds,
  };
}
