import { needsGate } from '../from-hpa.ts';
import type { Remarks } from '../remarks.ts';
import type { ScaledObjectSpec } from './scaled-object.ts';
import type { Behavior } from '../../api/generated/custom-autoscaler.ts';

/** Of KEDA, and of the HPA's scale down: seconds. */
const defaultCooldownSeconds = 300;
const defaultWindowSeconds = 300;
const maxWindowSeconds = 3600;

/** The minimum of a target that a metric may scale to zero, or not. */
export function minReplicasOf(spec: ScaledObjectSpec, hasSignal: boolean, remarks: Remarks): number {
  const { minReplicaCount = 0, idleReplicaCount } = spec;
  if (idleReplicaCount !== undefined)
    remarks.notKept(
      'spec.idleReplicaCount',
      `an idle target keeps minReplicaCount: ${minReplicaCount}; there is no lower count for idle times`,
    );
  if (minReplicaCount > 0) return minReplicaCount;
  if (hasSignal) remarks.changed('spec.minReplicaCount', needsGate, ['spec', 'minReplicas']);
  return hasSignal ? 0 : 1;
}

/**
 * What becomes of cooldownPeriod: a target goes to zero when the scale-down window has seen nothing else. The window is made as long
 * as the period, unless the ScaledObject has a window of its own.
 */
export function cooldown(spec: ScaledObjectSpec, behavior: Behavior | undefined, remarks: Remarks) {
  const { cooldownPeriod = defaultCooldownSeconds } = spec;
  const own = behavior?.scaleDown?.stabilizationWindowSeconds;
  const window = own ?? defaultWindowSeconds;
  if (cooldownPeriod === window) return behavior;
  if (own !== undefined || cooldownPeriod < window) {
    remarks.changed(
      'spec.cooldownPeriod',
      `zero is reached when scaleDown.stabilizationWindowSeconds (${window} s) has seen nothing else, not after ${cooldownPeriod} s`,
      own === undefined ? ['spec', 'minReplicas'] : ['spec', 'behavior', 'scaleDown'],
    );
    return behavior;
  }
  const stabilizationWindowSeconds = Math.min(cooldownPeriod, maxWindowSeconds);
  remarks.changed(
    'spec.cooldownPeriod',
    `${cooldownPeriod} s became the window of every scale down, of which there is one for zero and all other counts`,
    ['spec', 'behavior', 'scaleDown'],
  );
  return { ...behavior, scaleDown: { ...behavior?.scaleDown, stabilizationWindowSeconds } };
}
