import type { EventRecorder } from '../act/events.ts';
import type { WriteOptions } from '../act/scale.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Clock } from '../lib/clock.ts';
import type { Sources } from '../observe/observe.ts';
import type { AutoscalerTable } from './autoscaler-table.ts';
import type { OperatorOptions } from './options.ts';
import type { TargetIndex } from './target-index.ts';

/** What the reconciles of one term of leading work with. */
export interface Tools {
  readonly client: KubeClient;
  readonly sources: Sources;
  readonly table: AutoscalerTable;
  readonly targets: TargetIndex;
  /** Why there may be other autoscalers of a target that are not seen; undefined when all are. */
  readonly rivalsUnseen: () => string | undefined;
  readonly events: EventRecorder;
  readonly options: Pick<OperatorOptions, 'controller' | 'statusMetricsIntervalMs' | 'syncPeriodMs'>;
  readonly clock: Clock;
  /** Ends requests when this process leads no more, or will wait no longer; the fence stops each write that must not begin. */
  readonly write: WriteOptions & { readonly signal: AbortSignal };
}
