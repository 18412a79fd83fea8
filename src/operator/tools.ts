import type { EventRecorder } from '../act/events.ts';
import type { ControllerOptions } from '../decide/policy.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Clock } from '../lib/clock.ts';
import type { Sources } from '../observe/observe.ts';
import type { AutoscalerTable } from './autoscaler-table.ts';

/** What a reconcile works with. */
export interface Tools {
  readonly client: KubeClient;
  readonly sources: Sources;
  readonly table: AutoscalerTable;
  readonly events: EventRecorder;
  readonly controller: ControllerOptions;
  readonly clock: Clock;
  /** Ends requests when the operator will wait no longer. */
  readonly signal: AbortSignal;
}
