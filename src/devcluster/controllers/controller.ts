import type { ClusterApi, KubeObject, ResourceName, WatchEvent } from '../cluster-api.ts';
import type { EventRecorder } from './events.ts';
import { createEventRecorder } from './events.ts';
import { createKeyQueue } from './queue.ts';

/** What every controller is given. */
export interface ControllerContext {
  readonly api: ClusterApi;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: (line: string) => void;
}

/** What one reconcile works with. */
export interface Reconciler extends ControllerContext {
  readonly events: EventRecorder;
}

export interface Stoppable {
  stop(): void;
}

export interface ControllerOptions {
  readonly name: string;
  /** Which keys an event of a resource makes dirty. */
  readonly watches: Readonly<
    Record<ResourceName, (object: KubeObject, type: WatchEvent['type']) => Iterable<string>>
  >;
  /** Brings the world closer to what the object of the key says; says when to look again though nothing changes. */
  readonly reconcile: (context: Reconciler, key: string) => { requeueAfterMs?: number } | undefined;
}

/**
 * Runs a controller: watch events make keys dirty, each dirty key is reconciled over what is stored now. Since
 * reads are never stale here, no controller needs to remember what it wrote.
 */
export function runController(context: ControllerContext, options: ControllerOptions): Stoppable {
  const { name, watches, reconcile } = options;
  const events = createEventRecorder(context, { component: name });
  const reconciler = { ...context, events };
  const queue = createKeyQueue({ name, log: context.log, work: (key) => reconcile(reconciler, key) });
  const running = Object.entries(watches).map(([resource, keysOf]) =>
    context.api.watch(resource, ({ type, object }) => {
      for (const key of keysOf(object, type)) queue.add(key);
    }),
  );
  return {
    stop() {
      for (const watch of running) watch.stop();
      queue.stop();
    },
  };
}
