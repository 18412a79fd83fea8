import { systemClock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/logger.ts';
import type { KubeClient } from '../../kube/client.ts';
import { type Reflector, startReflector } from '../../kube/reflector.ts';
import type { DemoEvent } from '../../report/demo-result.ts';
import type { DemoPod } from '../../report/demo-state.ts';

/** What the demo knows of the cluster at a moment, by watching the API as anyone could. */
export interface Observed {
  /** Pods that the autoscaler asks for; the target's own count before its first decision. */
  readonly desiredReplicas: number;
  readonly readyReplicas: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Percent of the request, as in the autoscaler's status; null before the first reading. */
  readonly cpuPercent: number | null;
  readonly cpuTargetPercent: number;
  readonly pods: readonly DemoPod[];
}

interface TimedEvent extends Omit<DemoEvent, 'atMs'> {
  readonly name: string;
  readonly atEpochMs: number;
}

/* eslint-disable @typescript-eslint/no-explicit-any -- objects as the API sends them, each read in one place below */

/** Watches the walkthrough's objects and keeps the latest of each. */
export class Observer {
  readonly #autoscaler: Latest;
  readonly #deployment: Latest;
  readonly #pods: Latest;
  readonly #events: Latest;
  readonly #reflectors: readonly Reflector[];

  constructor(client: KubeClient, options: { namespace: string; name: string; logger: Logger; signal: AbortSignal }) {
    const { namespace, name, logger, signal } = options;
    const watch = (path: string, keep: (object: any) => boolean): Latest => new Latest(path, keep);
    const named = (object: any): boolean => object.metadata.name === name;
    this.#autoscaler = watch(`/apis/plimsoll.dev/v1/namespaces/${namespace}/customautoscalers`, named);
    this.#deployment = watch(`/apis/apps/v1/namespaces/${namespace}/deployments`, named);
    this.#pods = watch(`/api/v1/namespaces/${namespace}/pods`, () => true);
    this.#events = watch(
      `/apis/events.k8s.io/v1/namespaces/${namespace}/events`,
      (event) => event.regarding?.kind === 'CustomAutoscaler' && event.regarding.name === name,
    );
    const random = Math.random;
    this.#reflectors = [this.#autoscaler, this.#deployment, this.#pods, this.#events].map((latest) =>
      startReflector({
        client,
        path: latest.path,
        project: (object) => (latest.keep(object) ? object : undefined),
        handler: latest,
        clock: systemClock,
        random,
        logger,
        signal,
      }),
    );
  }

  /** Resolves when the signal has ended every watch. */
  async done(): Promise<void> {
    await Promise.all(this.#reflectors.map((reflector) => reflector.done));
  }

  now(): Observed {
    const autoscaler = this.#autoscaler.first();
    const deployment = this.#deployment.first();
    const cpu = autoscaler?.status?.currentMetrics?.find((metric: any) => metric.resource?.name === 'cpu');
    return {
      desiredReplicas: deployment?.spec?.replicas ?? 0,
      readyReplicas: deployment?.status?.readyReplicas ?? 0,
      minReplicas: autoscaler?.spec?.minReplicas ?? 1,
      maxReplicas: autoscaler?.spec?.maxReplicas ?? 1,
      cpuPercent: cpu?.resource.current.averageUtilization ?? null,
      cpuTargetPercent: autoscaler?.spec?.metrics?.[0]?.resource?.target?.averageUtilization ?? 0,
      pods: this.#pods.all().map((pod) => ({ name: pod.metadata.name as string, state: podState(pod) })),
    };
  }

  /** Events about the autoscaler, oldest first; times in milliseconds since `startEpochMs`. */
  events(startEpochMs: number): DemoEvent[] {
    return this.#events
      .all()
      .map(timedEvent)
      .sort((a, b) => a.atEpochMs - b.atEpochMs)
      .map(({ atEpochMs, type, reason, message }) => ({ atMs: Math.round(atEpochMs - startEpochMs), type, reason, message }));
  }
}

/** The objects of one watch, by name. */
class Latest {
  readonly path: string;
  readonly keep: (object: any) => boolean;
  readonly #byName = new Map<string, any>();

  constructor(path: string, keep: (object: any) => boolean) {
    this.path = path;
    this.keep = keep;
  }

  replace(items: readonly any[]): void {
    this.#byName.clear();
    for (const item of items) this.upsert(item);
  }

  upsert(item: any): void {
    this.#byName.set(item.metadata.name as string, item);
  }

  remove(item: any): void {
    this.#byName.delete(item.metadata.name as string);
  }

  all(): any[] {
    return [...this.#byName.values()];
  }

  first(): any {
    return this.all()[0];
  }
}

function podState(pod: any): DemoPod['state'] {
  if (pod.metadata.deletionTimestamp !== undefined) return 'Stopping';
  const ready = pod.status?.conditions?.some((one: any) => one.type === 'Ready' && one.status === 'True');
  return ready === true ? 'Ready' : 'Starting';
}

function timedEvent(event: any): TimedEvent {
  const time = event.eventTime ?? event.deprecatedFirstTimestamp ?? event.metadata.creationTimestamp;
  return {
    name: event.metadata.name as string,
    atEpochMs: Date.parse(time as string),
    type: event.type as string,
    reason: event.reason as string,
    message: (event.note ?? '') as string,
  };
}
