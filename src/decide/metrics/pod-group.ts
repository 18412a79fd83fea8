import type { AssumedUsage, PodGroup } from '../proposal.ts';
import type { PodFacts } from '../snapshot.ts';

/** A trace has a size, whatever a target's: the pods after these are told by their number only. */
const maxPodNames = 10;

/** Pods for the trace: how many, the first by name, and what was assumed of them in place of a usage. */
export function podGroup(pods: readonly Pick<PodFacts, 'name'>[], countedAs?: AssumedUsage): PodGroup {
  if (pods.length === 0) return none;
  const names = pods.slice(0, maxPodNames).map(({ name }) => name);
  return countedAs === undefined ? { count: pods.length, names } : { count: pods.length, names, countedAs };
}

const none: PodGroup = { count: 0, names: [] };
