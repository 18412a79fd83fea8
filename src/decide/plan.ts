import type { Action, Decision } from './decision.ts';
import type { Snapshot } from './snapshot.ts';

/** The writes that bring the target to the decision; empty when it is there already, whatever was decided before. */
export function plan(decision: Decision, snapshot: Snapshot): Action[] {
  if (!decision.rescale || !snapshot.target.ok) return [];
  const { specReplicas, resourceVersion } = snapshot.target.value;
  if (specReplicas === decision.desiredReplicas) return [];
  const lock = resourceVersion === undefined ? {} : { resourceVersion };
  return [{ type: 'Scale', replicas: decision.desiredReplicas, ...lock }];
}
