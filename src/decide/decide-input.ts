import type { History } from './history.ts';
import type { ControllerOptions, Policy } from './policy.ts';
import type { Snapshot } from './snapshot.ts';

/** What one tick is decided by. */
export interface DecideInput {
  readonly policy: Policy;
  readonly snapshot: Snapshot;
  /** Undefined when nothing is remembered of this autoscaler: then the current count is the first recommendation. */
  readonly history: History | undefined;
  readonly options: ControllerOptions;
  readonly nowMs: number;
}
