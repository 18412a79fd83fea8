import type { Action, Decision, Outcome } from './decision.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * The writes that bring the target to the decision; empty when it is there already, whatever was decided before,
 * in a dry run, and where a pause holds the change back.
 */
export function plan(decision: Decision, snapshot: Snapshot): Action[] {
  if (!decision.rescale || isWithheld(decision) || !snapshot.target.ok) return [];
  const { specReplicas, resourceVersion } = snapshot.target.value;
  if (specReplicas === decision.desiredReplicas) return [];
  const lock = resourceVersion === undefined ? {} : { resourceVersion };
  return [{ type: 'Scale', replicas: decision.desiredReplicas, ...lock }];
}

/** Does the mode keep it from being written? */
function isWithheld({ dryRun, suspended }: Decision): boolean {
  return dryRun === true || suspended === true;
}

/** How a write went that the plan did not ask for. */
export function withoutWrite({ dryRun, suspended }: Decision): Outcome {
  if (suspended === true) return { type: 'Suspended' };
  return { type: dryRun === true ? 'DryRun' : 'NotNeeded' };
}
