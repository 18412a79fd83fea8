import type { Action, Decision, Outcome } from './decision.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * The writes that bring the target to the decision; empty when it is there already, whatever was decided before,
 * and in a dry run.
 */
export function plan(decision: Decision, snapshot: Snapshot): Action[] {
  if (!decision.rescale || decision.dryRun === true || !snapshot.target.ok) return [];
  const { specReplicas, resourceVersion } = snapshot.target.value;
  if (specReplicas === decision.desiredReplicas) return [];
  const lock = resourceVersion === undefined ? {} : { resourceVersion };
  return [{ type: 'Scale', replicas: decision.desiredReplicas, ...lock }];
}

/** How a write went that the plan did not ask for. */
export function withoutWrite({ dryRun }: Decision): Outcome {
  return { type: dryRun === true ? 'DryRun' : 'NotNeeded' };
}
