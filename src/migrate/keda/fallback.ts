import type { Remarks } from '../remarks.ts';
import type { Fallback, ScaledObjectSpec } from './scaled-object.ts';
import type { MetricSpec, OnMetricError } from '../../api/generated/custom-autoscaler.ts';

const defaultPollingSeconds = 30;
const maxAfterSeconds = 86_400;

const behaviors: Readonly<Record<string, OnMetricError['behavior']>> = {
  static: 'Static',
  currentReplicas: 'CurrentReplicas',
  currentReplicasIfHigher: 'CurrentReplicasIfHigher',
  currentReplicasIfLower: 'CurrentReplicasIfLower',
};

/** The metrics with what is done when they fail: as in KEDA, those of cpu and memory have no fallback. */
export function withFallback(
  metrics: readonly MetricSpec[],
  spec: ScaledObjectSpec,
  remarks: Remarks,
): MetricSpec[] {
  const { fallback } = spec;
  if (fallback === undefined) return [...metrics];
  const index = metrics.findIndex(({ type }) => type === 'Prometheus');
  if (index < 0) {
    remarks.notKept('spec.fallback', 'no metric is left that it is for');
    return [...metrics];
  }
  const onError = onErrorOf(fallback, spec);
  remarks.changed(
    'spec.fallback',
    `failures are not counted but timed: ${onError.afterSeconds} s for ${fallback.failureThreshold} polls`,
    ['spec', 'metrics', index, 'onError'],
  );
  if (onError.replicas !== fallback.replicas)
    remarks.changed(
      'spec.fallback.replicas',
      `${fallback.replicas} becomes ${onError.replicas}: allowed is 1 to maxReplicas`,
    );
  return metrics.map((metric) => (metric.type === 'Prometheus' ? { ...metric, onError } : metric));
}

function onErrorOf({ failureThreshold, replicas, behavior = 'static' }: Fallback, spec: ScaledObjectSpec) {
  const { pollingInterval = defaultPollingSeconds, maxReplicaCount = 100 } = spec;
  const given = behaviors[behavior];
  return {
    type: 'Fallback',
    afterSeconds: Math.min(failureThreshold * pollingInterval, maxAfterSeconds),
    replicas: Math.min(Math.max(replicas, 1), maxReplicaCount),
    ...(given !== undefined && given !== 'Static' && { behavior: given }),
  } satisfies OnMetricError;
}
