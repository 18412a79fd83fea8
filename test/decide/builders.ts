import type { DecideInput } from '../../src/decide/decide-input.ts';
import type { History } from '../../src/decide/history.ts';
import type {
  Behavior,
  ControllerOptions,
  MetricSpec,
  Policy,
  ScalingRules,
} from '../../src/decide/policy.ts';
import type { MetricReading, PodFacts, PodUsage, Snapshot, TargetScale } from '../../src/decide/snapshot.ts';
import type { AutoscalerStatus } from '../../src/decide/status.ts';

/** 2000-01-01T12:00:00Z, when every test takes place. */
export const now = Date.UTC(2000, 0, 1, 12);
export const seconds = 1000;
export const minutes = 60 * seconds;

export const options: ControllerOptions = {
  tolerance: 0.1,
  downscaleStabilizationMs: 5 * minutes,
  cpuInitializationPeriodMs: 5 * minutes,
  initialReadinessDelayMs: 30 * seconds,
  featureGates: { HPAScaleToZero: false, HPAConfigurableTolerance: true, PodLevelResources: true },
};

export const scaleToZero: ControllerOptions = {
  ...options,
  featureGates: { ...options.featureGates, HPAScaleToZero: true },
};

/** A pod that has been running for an hour, with a request of 1 core and 1 GB. */
export function pod(name: string, changes: Partial<PodFacts> = {}): PodFacts {
  return {
    name,
    phase: 'Running',
    deleting: false,
    startedAtMs: now - 60 * minutes,
    ready: { status: 'True', sinceMs: now - 59 * minutes },
    containers: [{ name: 'app', requests: { cpu: 1000, memory: 1e12 } }],
    initContainers: [],
    labels: { app: 'web' },
    ...changes,
  };
}

/** A pod of which nothing is known but that it runs. */
export const bare: PodFacts = {
  name: 'web-0',
  phase: 'Running',
  deleting: false,
  containers: [],
  initContainers: [],
  labels: {},
};

/** `count` pods: `web-0`, `web-1`... */
export function pods(count: number, changes: Partial<PodFacts> = {}): PodFacts[] {
  return Array.from({ length: count }, (_, index) => pod(`web-${index}`, changes));
}

/** Usage of a pod's only container, in milli units. */
export function usage(name: string, cpu: number, changes: Partial<PodUsage> = {}): PodUsage {
  return {
    name,
    timestampMs: now - 10 * seconds,
    windowMs: 15 * seconds,
    containers: [{ name: 'app', usage: { cpu, memory: cpu * 1e9 } }],
    ...changes,
  };
}

/** Each of the pods `web-0`, `web-1`... at so many millicores, as a reading. */
export function usages(...cpu: number[]): MetricReading {
  return {
    type: 'Resource',
    usage: { ok: true, value: cpu.map((millicores, index) => usage(`web-${index}`, millicores)) },
  };
}

export const cpuAt50Percent: MetricSpec = {
  type: 'Resource',
  resource: 'cpu',
  target: { type: 'Utilization', averageUtilization: 50 },
};

/** A queue of which each replica takes 10. */
export const queueOf10: MetricSpec = {
  type: 'External',
  metric: { name: 'queue' },
  target: { type: 'AverageValue', averageMilli: 10_000n },
};

export function queue(length: number): MetricReading {
  return { type: 'External', milli: { ok: true, value: [BigInt(length) * 1000n] } };
}

export function policy(changes: Partial<Policy> = {}): Policy {
  return {
    namespace: 'default',
    name: 'web',
    target: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    minReplicas: 1,
    maxReplicas: 10,
    metrics: [cpuAt50Percent],
    ...changes,
  };
}

export function behavior(
  scaleUp: Partial<ScalingRules> = {},
  scaleDown: Partial<ScalingRules> = {},
): Behavior {
  return {
    scaleUp: {
      stabilizationWindowSeconds: 0,
      selectPolicy: 'Max',
      policies: [
        { type: 'Pods', value: 4, periodSeconds: 15 },
        { type: 'Percent', value: 100, periodSeconds: 15 },
      ],
      ...scaleUp,
    },
    scaleDown: {
      selectPolicy: 'Max',
      policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
      ...scaleDown,
    },
  };
}

export const noStatus: AutoscalerStatus = { desiredReplicas: 0, currentMetrics: null, conditions: [] };

export function scale(replicas: number, changes: Partial<TargetScale> = {}): TargetScale {
  return { specReplicas: replicas, statusReplicas: replicas, selector: 'app=web', ...changes };
}

/** A target of so many replicas whose pods all run. */
export function snapshot(
  replicas: number,
  metrics: readonly MetricReading[],
  changes: Partial<Snapshot> = {},
): Snapshot {
  return {
    target: { ok: true, value: scale(replicas) },
    pods: pods(replicas),
    metrics,
    otherAutoscalers: [],
    status: noStatus,
    ...changes,
  };
}

export const noHistory: History = { recommendations: [], scaleUps: [], scaleDowns: [] };

export function history(changes: Partial<History>): History {
  return { ...noHistory, ...changes };
}

/** One tick: a pod at half its request, and nothing remembered. */
export function input(changes: Partial<DecideInput> = {}): DecideInput {
  return {
    policy: policy(),
    snapshot: snapshot(1, [usages(500)]),
    history: noHistory,
    options,
    nowMs: now,
    ...changes,
  };
}
