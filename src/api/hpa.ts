import type { CustomAutoscalerSpec, MetricSpec } from './generated/custom-autoscaler.ts';

/** The kind whose spec ours shares, and adds to. */
export const hpaKind = 'HorizontalPodAutoscaler';

/** What a HorizontalPodAutoscaler has of our spec: the fields of autoscaling/v2, without any that are ours alone. */
export function hpaSpec(spec: CustomAutoscalerSpec): CustomAutoscalerSpec {
  const { scaleTargetRef, minReplicas, maxReplicas, metrics, behavior } = spec;
  return {
    scaleTargetRef,
    maxReplicas,
    ...(typeof minReplicas === 'number' && { minReplicas }),
    ...(metrics && { metrics: metrics.map(hpaMetric) }),
    ...(behavior && { behavior }),
  };
}

function hpaMetric(metric: MetricSpec): MetricSpec {
  const { type, resource, containerResource, pods, object, external } = metric;
  return {
    type,
    ...(resource && { resource }),
    ...(containerResource && { containerResource }),
    ...(pods && { pods }),
    ...(object && { object }),
    ...(external && { external }),
  };
}
