import type { AutoscalerObject } from '../../src/api/to-policy.ts';
import type { PodJson, PodMetricsJson } from '../../src/api/types.ts';

/** One autoscaler at one tick, in the API's own objects: what both sides are given. */
export interface Workload {
  readonly autoscaler: AutoscalerObject;
  readonly pods: readonly PodJson[];
  readonly podMetrics: readonly PodMetricsJson[];
  readonly currentReplicas: number;
  readonly recommendations: readonly ReplicasAt[];
  readonly scaleUps: readonly ReplicasAt[];
  readonly scaleDowns: readonly ReplicasAt[];
}

export interface ReplicasAt {
  readonly atMs: number;
  readonly replicas: number;
}

const second = 1000;
const minute = 60 * second;

/** So many pods, of which some start, lack metrics, are Pending, deleted or Failed; behavior; 21 recommendations. */
export function workload(podCount: number, nowMs: number): Workload {
  const pods = Array.from({ length: podCount }, (_, index) => pod(index, nowMs));
  return {
    autoscaler: autoscaler(podCount),
    pods,
    podMetrics: pods.flatMap((_, index) => (stateOf(index) === 'missing' ? [] : [podMetrics(index, nowMs)])),
    currentReplicas: podCount,
    recommendations: ages(21, 15 * second, nowMs).map((atMs, index) => ({
      atMs,
      replicas: podCount + Math.ceil(podCount / 5) + (index % 4),
    })),
    scaleUps: ages(3, 40 * second, nowMs).map((atMs) => ({ atMs, replicas: 1 })),
    scaleDowns: ages(2, 90 * second, nowMs).map((atMs) => ({ atMs, replicas: 1 })),
  };
}

/** Oldest first; the youngest is a few seconds old, so that a run of some minutes crosses few edges. */
function ages(count: number, stepMs: number, nowMs: number): number[] {
  return Array.from({ length: count }, (_, index) => nowMs - (count - index) * stepMs);
}

function autoscaler(podCount: number): AutoscalerObject {
  return {
    metadata: { namespace: 'default', name: 'web' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 2,
      maxReplicas: 2 * podCount,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
        },
      ],
      behavior: {
        scaleUp: {
          stabilizationWindowSeconds: 60,
          selectPolicy: 'Max',
          policies: [
            { type: 'Pods', value: 4, periodSeconds: 60 },
            { type: 'Percent', value: 100, periodSeconds: 60 },
          ],
        },
        scaleDown: {
          stabilizationWindowSeconds: 300,
          selectPolicy: 'Min',
          policies: [
            { type: 'Pods', value: 2, periodSeconds: 60 },
            { type: 'Percent', value: 10, periodSeconds: 120 },
          ],
        },
      },
    },
  };
}

type State = 'ready' | 'starting' | 'missing' | 'pending' | 'deleted' | 'failed';

function stateOf(index: number): State {
  if (index % 10 === 3) return 'starting';
  if (index % 10 === 4) return 'missing';
  if (index % 25 === 20) return 'pending';
  if (index % 50 === 30) return 'deleted';
  return index % 50 === 41 ? 'failed' : 'ready';
}

const phases: Partial<Record<State, string>> = { pending: 'Pending', failed: 'Failed' };

function pod(index: number, nowMs: number): PodJson {
  const state = stateOf(index);
  const startedAtMs = nowMs - (state === 'starting' ? minute : 60 * minute);
  const ready = state === 'ready' || state === 'missing' || state === 'deleted';
  return {
    metadata: {
      namespace: 'default',
      name: podName(index),
      labels: { app: 'web', 'pod-template-hash': '7d9c5b6f8d' },
      ...(state === 'deleted' ? { deletionTimestamp: time(nowMs) } : {}),
    },
    spec: {
      containers: [
        { name: 'app', resources: { requests: { cpu: '500m', memory: '512Mi' } } },
        { name: 'proxy', resources: { requests: { cpu: '100m', memory: '64Mi' } } },
      ],
    },
    status: {
      phase: phases[state] ?? 'Running',
      startTime: time(startedAtMs),
      conditions: [
        {
          type: 'Ready',
          status: ready ? 'True' : 'False',
          lastTransitionTime: time(startedAtMs + 20 * second),
        },
      ],
    },
  };
}

/** Around 98 % of the request: well above the target, and differently busy. */
function podMetrics(index: number, nowMs: number): PodMetricsJson {
  const busy = 500 + ((index * 37) % 100);
  return {
    metadata: { namespace: 'default', name: podName(index) },
    timestamp: time(nowMs - 10 * second),
    window: '15s',
    containers: [
      { name: 'app', usage: { cpu: `${busy}m`, memory: '300Mi' } },
      { name: 'proxy', usage: { cpu: '40m', memory: '40Mi' } },
    ],
  };
}

function podName(index: number): string {
  return `web-7d9c5b6f8d-${index.toString(36).padStart(5, 'x')}`;
}

function time(ms: number): string {
  return new Date(Math.floor(ms / second) * second).toISOString();
}
