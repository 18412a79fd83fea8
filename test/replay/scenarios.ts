import type { Scenario } from '../../src/replay/scenario.ts';

/** One pod at 80 % of its request against 40 %: two pods are asked for; at the next tick there are two. */
export function scaleUp(name = 'web'): Scenario {
  return {
    name,
    controller: {
      syncPeriodSeconds: 15,
      tolerance: 0.1,
      downscaleStabilizationSeconds: 300,
      cpuInitializationPeriodSeconds: 300,
      initialReadinessDelaySeconds: 30,
    },
    autoscaler: {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        minReplicas: 1,
        maxReplicas: 5,
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 40 } },
          },
        ],
      },
    } as Scenario['autoscaler'],
    ticks: [tick(0, 1, '400m'), tick(15, 2, '200m')],
  };
}

function tick(second: number, replicas: number, usage: string): Scenario['ticks'][number] {
  const time = `2030-01-01T01:00:${String(second).padStart(2, '0')}Z`;
  const names = Array.from({ length: replicas }, (_, index) => `web-${index}`);
  const metadata = (pod: string) => ({ name: pod, namespace: 'shop', labels: { app: 'web' } });
  return {
    time,
    scale: { spec: { replicas }, status: { replicas, selector: 'app=web' } },
    pods: names.map((pod) => ({
      metadata: metadata(pod),
      spec: { containers: [{ name: 'app', resources: { requests: { cpu: '500m' } } }] },
      status: {
        phase: 'Running',
        startTime: '2030-01-01T00:00:00Z',
        conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2030-01-01T00:00:10Z' }],
      },
    })),
    resourceMetrics: names.map((pod) => ({
      metadata: metadata(pod),
      timestamp: time,
      window: '15s',
      containers: [{ name: 'app', usage: { cpu: usage } }],
    })),
    expect: {
      scaledTo: replicas === 1 ? 2 : null,
      statusWritten: true,
      status: {
        currentReplicas: replicas,
        desiredReplicas: 2,
        lastScaleTime: '2030-01-01T01:00:00Z',
        currentMetrics: [
          {
            type: 'Resource',
            resource: {
              name: 'cpu',
              current: { averageUtilization: replicas === 1 ? 80 : 40, averageValue: usage },
            },
          },
        ],
        conditions: [
          {
            type: 'AbleToScale',
            status: 'True',
            reason: replicas === 1 ? 'SucceededRescale' : 'ReadyForNewScale',
          },
          { type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound' },
          { type: 'ScalingLimited', status: 'False', reason: 'DesiredWithinRange' },
        ],
      },
      events: replicas === 1 ? [{ type: 'Normal', reason: 'SuccessfulRescale' }] : [],
    },
  };
}

type Json = Record<string, unknown>;

/**
 * The scenario with one place changed, written as in an error: `ticks[0].scale.spec.replicas`; undefined takes it away.
 * It may be a scenario no more.
 */
export function changed(path: string, value: unknown, scenario: unknown = scaleUp()): unknown {
  return changedAll({ [path]: value }, scenario);
}

export function changedAll(
  changes: Readonly<Record<string, unknown>>,
  scenario: unknown = scaleUp(),
): unknown {
  const copy = structuredClone(scenario) as Json;
  for (const [path, value] of Object.entries(changes)) {
    const keys = [...path.matchAll(/([\w-]+)|\["([^"]+)"\]/g)].map(
      ([, plain, quoted]) => plain ?? quoted ?? '',
    );
    const last = keys.pop() ?? '';
    const parent = keys.reduce<Json>((inner, key) => inner[key] as Json, copy);
    if (value === undefined) Reflect.deleteProperty(parent, last);
    else parent[last] = value;
  }
  return copy;
}

export function jsonLines(...scenarios: readonly unknown[]): string {
  return scenarios.map((scenario) => `${JSON.stringify(scenario)}\n`).join('');
}
