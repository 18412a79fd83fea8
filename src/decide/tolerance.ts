import type { ControllerOptions, Policy } from './policy.ts';

/** How far usage may lie off its target, as ratios, without a change of replicas. */
export interface Tolerance {
  readonly up: number;
  readonly down: number;
}

/** Each direction's own tolerance where `behavior` gives one, else the controller's. */
export function toleranceOf(policy: Policy, options: ControllerOptions): Tolerance {
  const behavior = options.featureGates.HPAConfigurableTolerance ? policy.behavior : undefined;
  return {
    up: behavior?.scaleUp.tolerance ?? options.tolerance,
    down: behavior?.scaleDown.tolerance ?? options.tolerance,
  };
}

/** Both ends count as within. Not a number never does. */
export function isWithin(tolerance: Tolerance, usageRatio: number): boolean {
  return 1 - tolerance.down <= usageRatio && usageRatio <= 1 + tolerance.up;
}
