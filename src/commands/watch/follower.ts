import type { KubeClient } from '../../kube/client.ts';
import { Discovery, groupOf, resourcePath } from '../../kube/discovery.ts';
import { type Reflector, startReflector } from '../../kube/reflector.ts';
import { systemClock } from '../../lib/clock.ts';
import { errorMessage } from '../../lib/errors.ts';
import { silentLogger } from '../../lib/logger.ts';
import { collectionPath } from '../../operator/names.ts';
import type { AutoscalerJson, WorkloadJson } from '../load/objects.ts';
import { keyOf, ObjectTable } from './object-table.ts';
import {
  type Usage,
  usageOf,
  type WatchedEvent,
  watchedEvent,
  type WatchedPod,
  watchedPod,
} from './objects.ts';

/** Metrics servers have a new value each 15 s; asked more often, so that it is shown soon. */
const usageEveryMs = 5000;
const retryMs = 5000;

/** Follows what belongs to one autoscaler: its target, the target's pods, what they use, and events. */
export class Follower implements AsyncDisposable {
  readonly key: string;
  readonly #pods: ObjectTable<WatchedPod>;
  readonly #events: ObjectTable<WatchedEvent>;
  readonly #workloads: ObjectTable<WorkloadJson>;
  readonly #client: KubeClient;
  readonly #namespace: string;
  readonly #target: { readonly kind: string; readonly name: string; readonly apiVersion?: string };
  readonly #changed: () => void;
  readonly #stop = new AbortController();
  readonly #reflectors = new Map<string, Reflector>();
  readonly #failures = new Map<string, string>();
  readonly #done: Promise<unknown>;
  #usage: Usage = new Map();

  constructor(client: KubeClient, autoscaler: AutoscalerJson, changed: () => void) {
    this.key = keyOf(autoscaler);
    this.#client = client;
    this.#namespace = autoscaler.metadata?.namespace ?? '';
    this.#target = autoscaler.spec.scaleTargetRef;
    this.#changed = changed;
    this.#pods = new ObjectTable(changed);
    this.#events = new ObjectTable(changed);
    this.#workloads = new ObjectTable(changed);
    this.#watch('events', this.#path('events.k8s.io/v1', 'events'), watchedEvent, this.#events);
    this.#done = this.#followTarget();
  }

  /** Whether the autoscaler still scales what is followed. */
  fits({ spec: { scaleTargetRef } }: AutoscalerJson): boolean {
    return scaleTargetRef.kind === this.#target.kind && scaleTargetRef.name === this.#target.name;
  }

  get pods(): readonly WatchedPod[] {
    return this.#pods.items;
  }

  get events(): readonly WatchedEvent[] {
    return this.#events.items;
  }

  get usage(): Usage {
    return this.#usage;
  }

  /** Undefined until the target was seen. A count of zero is left out by the API. */
  get readyReplicas(): number | undefined {
    const target = this.#workloads.items.find(({ metadata }) => metadata?.name === this.#target.name);
    return target && (target.status?.readyReplicas ?? 0);
  }

  /** What cannot be followed now, in words. */
  get troubles(): string[] {
    const broken = [...this.#reflectors].flatMap(([name, { failure }]) =>
      failure === undefined ? [] : [`watching ${name}: ${failure}`],
    );
    return [...broken, ...[...this.#failures].map(([what, failure]) => `${what}: ${failure}`)];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.all([this.#done, ...[...this.#reflectors.values()].map(({ done }) => done)]);
  }

  #path(groupVersion: string, plural: string): string {
    return collectionPath(groupVersion, plural, this.#namespace);
  }

  #watch<T extends { readonly metadata?: object }>(
    name: string,
    path: string,
    project: (object: unknown) => T,
    handler: ObjectTable<T>,
    labelSelector?: string,
  ): void {
    const reflector = startReflector({
      ...{ client: this.#client, path, project, handler, signal: this.#stop.signal },
      ...{ clock: systemClock, random: Math.random, logger: silentLogger },
      ...(labelSelector === undefined ? {} : { labelSelector }),
    });
    this.#reflectors.set(name, reflector);
  }

  /** The target is found first: its scale says which pods are its own. */
  async #followTarget(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const selector = await this.#try(this.#target.kind, async () => this.#findTarget());
      if (selector !== undefined) {
        if (selector !== '') this.#watch('pods', this.#path('v1', 'pods'), watchedPod, this.#pods, selector);
        return this.#askUsage(selector);
      }
      await systemClock.sleep(retryMs, this.#stop.signal);
    }
  }

  /** @returns the selector of its pods */
  async #findTarget(): Promise<string> {
    const { apiVersion = '', kind, name } = this.#target;
    const discovery = new Discovery({ client: this.#client, clock: systemClock });
    const [resource] = await discovery.resources(groupOf(apiVersion) ?? '', kind);
    if (resource === undefined) throw new Error(`${apiVersion} ${kind} is not served by this cluster`);
    const path = resourcePath(resource, this.#namespace, name);
    const signal = this.#stop.signal;
    const scale = (await this.#client.get(`${path}/scale`, { signal })) as { status?: { selector?: string } };
    const workload = (object: unknown): WorkloadJson => object as WorkloadJson;
    this.#watch(resource.plural, resourcePath(resource, this.#namespace), workload, this.#workloads);
    return scale.status?.selector ?? '';
  }

  async #askUsage(labelSelector: string): Promise<void> {
    const path = this.#path('metrics.k8s.io/v1beta1', 'pods');
    const signal = this.#stop.signal;
    while (!signal.aborted) {
      const items = await this.#try('usage of pods', async () => {
        const answer = await this.#client.get(path, {
          query: { labelSelector },
          signal,
          pool: 'metrics',
          retry: false,
        });
        return (answer as { items?: readonly unknown[] }).items ?? [];
      });
      if (items !== undefined) this.#usage = usageOf(items);
      this.#changed();
      await systemClock.sleep(usageEveryMs, signal);
    }
  }

  /** What failed is told as long as it fails; undefined then. */
  async #try<T>(what: string, ask: () => Promise<T>): Promise<T | undefined> {
    try {
      const answer = await ask();
      this.#failures.delete(what);
      return answer;
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#failures.set(what, errorMessage(error));
      this.#changed();
      return undefined;
    }
  }
}
