import type { CustomAutoscaler } from '../../api/generated/custom-autoscaler.ts';
import type { CpuReader, PodTemplate } from './cpu-reader.ts';
import { systemClock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/logger.ts';
import type { KubeClient } from '../../kube/client.ts';
import { type Reflector, startReflector } from '../../kube/reflector.ts';
import type { DemoEvent } from '../../report/demo-result.ts';
import type { DemoPod, DemoRequests } from '../../report/demo-state.ts';
import { milliValue, parseQuantity } from '../../lib/quantity.ts';

/** What the demo knows of the cluster at a moment, by watching the API as anyone could. */
export interface Observed {
  /** Pods that the autoscaler asks for; the target's own count before its first decision. */
  readonly desiredReplicas: number;
  readonly readyReplicas: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Percent of the request, as in the autoscaler's status; null before the first reading. */
  readonly cpuPercent: number | null;
  /** Absent where something else than CPU scales. */
  readonly cpuTargetPercent?: number;
  /** Present where requests scale. */
  readonly requests?: DemoRequests;
  readonly pods: readonly DemoPod[];
}

/** The fields that are read here, of objects as the API sends them. */
interface Named {
  readonly metadata: {
    readonly name: string;
    readonly deletionTimestamp?: string;
    readonly creationTimestamp: string;
  };
}

interface Deployment extends Named {
  readonly spec: { readonly replicas?: number; readonly template: PodTemplate };
  readonly status?: { readonly readyReplicas?: number };
}

interface Pod extends Named {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

interface Event extends Named {
  readonly regarding?: { readonly kind?: string; readonly name?: string };
  readonly eventTime: string | null;
  readonly type: string;
  readonly reason: string;
  readonly note?: string;
}

/** Watches the walkthrough's objects and keeps the latest of each. */
export class Observer {
  /** Without an operator that scales by it nobody writes CPU into a status, so it is read here. */
  readonly #cpu: CpuReader | undefined;
  readonly #autoscaler: Latest<CustomAutoscaler & Named>;
  readonly #deployment: Latest<Deployment>;
  readonly #pods = new Latest<Pod>(() => true);
  readonly #events = new Latest<Event>(({ regarding }) => regarding?.kind === 'CustomAutoscaler');
  readonly #reflectors: readonly Reflector[];

  constructor(
    client: KubeClient,
    options: { namespace: string; name: string; logger: Logger; signal: AbortSignal; cpu?: CpuReader },
  ) {
    const { namespace, name, logger, signal } = options;
    this.#cpu = options.cpu;
    this.#autoscaler = new Latest(({ metadata }) => metadata.name === name);
    this.#deployment = new Latest(({ metadata }) => metadata.name === name);
    const watch = <T extends Named>(api: string, plural: string, handler: Latest<T>): Reflector =>
      startReflector<T>({
        client,
        path: `/${api}/namespaces/${namespace}/${plural}`,
        project: (object) => object as T,
        handler,
        clock: systemClock,
        random: Math.random,
        logger,
        signal,
      });
    this.#reflectors = [
      watch('apis/plimsoll.dev/v1', 'customautoscalers', this.#autoscaler),
      watch('apis/apps/v1', 'deployments', this.#deployment),
      watch('api/v1', 'pods', this.#pods),
      watch('apis/events.k8s.io/v1', 'events', this.#events),
    ];
  }

  /** Resolves when the signal has ended every watch. */
  async done(): Promise<void> {
    await Promise.all(this.#reflectors.map((reflector) => reflector.done));
  }

  now(): Observed {
    const [autoscaler] = this.#autoscaler.all();
    const [deployment] = this.#deployment.all();
    const cpu = autoscaler?.status?.currentMetrics?.find((metric) => metric.resource?.name === 'cpu');
    return {
      desiredReplicas: deployment?.spec.replicas ?? 0,
      readyReplicas: deployment?.status?.readyReplicas ?? 0,
      minReplicas: autoscaler?.spec.minReplicas ?? 1,
      maxReplicas: autoscaler?.spec.maxReplicas ?? 1,
      cpuPercent: cpu?.resource?.current?.averageUtilization ?? this.#cpu?.percentOf(deployment) ?? null,
      ...targetOf(autoscaler),
      pods: this.#pods.all().map((pod) => ({ name: pod.metadata.name, state: podState(pod) })),
    };
  }

  /** Events about the autoscaler, oldest first; times in milliseconds since `startEpochMs`. */
  events(startEpochMs: number): DemoEvent[] {
    return this.#events
      .all()
      .map(({ eventTime, metadata, type, reason, note = '' }) => ({
        atMs: Math.round(Date.parse(eventTime ?? metadata.creationTimestamp) - startEpochMs),
        type,
        reason,
        message: note,
      }))
      .sort((a, b) => a.atMs - b.atMs);
  }
}

/** What the autoscaler aims at. */
function targetOf(autoscaler: CustomAutoscaler | undefined): Pick<Observed, 'cpuTargetPercent' | 'requests'> {
  const [metric] = autoscaler?.spec.metrics ?? [];
  const target = metric?.podScrape?.target.averageValue;
  if (target === undefined) return { cpuTargetPercent: metric?.resource?.target.averageUtilization ?? 0 };
  const shown = autoscaler?.status?.currentMetrics?.find(({ type }) => type === 'PodScrape');
  const value = shown?.podScrape?.current?.averageValue;
  const perSecond = value === undefined ? null : unitsOf(value);
  return { requests: { perSecond, targetPerSecond: unitsOf(target) } };
}

function unitsOf(quantity: number | string): number {
  return Number(milliValue(parseQuantity(String(quantity)))) / 1000;
}

/** Those objects of one watch that are to be kept, by name. */
class Latest<T extends Named> {
  readonly #keep: (object: T) => boolean;
  readonly #byName = new Map<string, T>();

  constructor(keep: (object: T) => boolean) {
    this.#keep = keep;
  }

  replace(items: readonly T[]): void {
    this.#byName.clear();
    for (const item of items) this.upsert(item);
  }

  upsert(item: T): void {
    if (this.#keep(item)) this.#byName.set(item.metadata.name, item);
  }

  remove(item: T): void {
    this.#byName.delete(item.metadata.name);
  }

  all(): T[] {
    return [...this.#byName.values()];
  }
}

function podState({ metadata, status }: Pod): DemoPod['state'] {
  if (metadata.deletionTimestamp !== undefined) return 'Stopping';
  const ready = status?.conditions?.some(
    (condition) => condition.type === 'Ready' && condition.status === 'True',
  );
  return ready === true ? 'Ready' : 'Starting';
}
