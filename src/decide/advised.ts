import type { Decision } from './decision.ts';
import type { ControllerOptions, Policy } from './policy.ts';
import type { Snapshot } from './snapshot.ts';

/** What one tick knew and decided. */
export interface Advised {
  readonly policy: Policy;
  readonly snapshot: Snapshot;
  readonly decision: Decision;
  readonly options: ControllerOptions;
}

/** So many are named; the others are counted. */
const maxNames = 5;

/** The first of some names, in an order that does not depend on the given one: `a, b, c, d, e and 3 more`. */
export function someNames(names: readonly string[], separator = ', '): string {
  const sorted = names.toSorted();
  const more = sorted.length > maxNames ? ` and ${sorted.length - maxNames} more` : '';
  return sorted.slice(0, maxNames).join(separator) + more;
}
