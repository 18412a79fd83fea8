import type { Action, Decision, Outcome } from './decision.ts';
import type { Policy } from './policy.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * The writes that bring the target to the decision; empty when it is there already, whatever was decided before,
 * in a dry run, and where the policy's pause holds the change back.
 */
export function plan(decision: Decision, snapshot: Snapshot, policy: Pick<Policy, 'suspend'> = {}): Action[] {
  if (!decision.rescale || decision.dryRun === true || !snapshot.target.ok) return [];
  if (isHeldBack(policy, decision)) return [];
  const { specReplicas, resourceVersion } = snapshot.target.value;
  if (specReplicas === decision.desiredReplicas) return [];
  const lock = resourceVersion === undefined ? {} : { resourceVersion };
  return [{ type: 'Scale', replicas: decision.desiredReplicas, ...lock }];
}

function isHeldBack({ suspend }: Pick<Policy, 'suspend'>, decision: Decision): boolean {
  if (suspend === undefined || decision.atMs >= (suspend.untilMs ?? Infinity)) return false;
  return decision.desiredReplicas > decision.currentReplicas ? suspend.scaleUp : suspend.scaleDown;
}

/** How a write went that the plan did not ask for. */
export function withoutWrite({ dryRun }: Decision): Outcome {
  return { type: dryRun === true ? 'DryRun' : 'NotNeeded' };
}
