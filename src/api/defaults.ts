import type { Behavior, CustomAutoscalerSpec, MetricSpec } from './generated/custom-autoscaler.ts';

/** Each default is made anew, as whoever gets the spec may write to it. */
const defaultMetric = (): MetricSpec => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
});

const defaultScaleUp = (): NonNullable<Behavior['scaleUp']> => ({
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
});

/** Without a stabilization window: absent, the controller's own flag holds. */
const defaultScaleDown = (): NonNullable<Behavior['scaleDown']> => ({
  selectPolicy: 'Max',
  policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
});

/**
 * The spec with every default of autoscaling/v2. Idempotent; the spec that is passed in stays as it is.
 * - `minReplicas` absent: 1
 * - `metrics` absent or empty: CPU at 80 % of the request
 * - `behavior` present, even `{}`: both directions, field by field (`policies` as a whole); absent: nothing, since the
 *   controller then takes another path with other numbers
 */
export function applyDefaults(spec: CustomAutoscalerSpec): CustomAutoscalerSpec {
  const { behavior, ...rest } = spec;
  const metrics = spec.metrics ?? [];
  return {
    ...rest,
    minReplicas: spec.minReplicas ?? 1,
    metrics: metrics.length > 0 ? metrics : [defaultMetric()],
    ...(behavior && { behavior: behaviorDefaults(behavior) }),
  };
}

function behaviorDefaults({ scaleUp, scaleDown }: Behavior): Behavior {
  return {
    scaleUp: { ...defaultScaleUp(), ...scaleUp },
    scaleDown: { ...defaultScaleDown(), ...scaleDown },
  };
}
