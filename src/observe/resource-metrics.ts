import { podUsage } from '../api/pod-metrics.ts';
import type { LabelledPodUsage } from '../api/pod-metrics.ts';
import type { PodMetricsJson } from '../api/types.ts';
import type { PodFacts, PodUsage, Reading } from '../decide/snapshot.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Clock } from '../lib/clock.ts';
import type { Selector } from '../lib/selector.ts';
import { reading } from './reading.ts';

export interface ResourceMetricsOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  /** A list is shared by all who ask within this time of its start, in milliseconds. */
  readonly shareMs: number;
}

interface SharedList {
  readonly atMs: number;
  readonly usage: Promise<Reading<readonly LabelledPodUsage[]>>;
}

/** metrics.k8s.io, listed once a namespace and tick, whoever needs it; a failure is shared too. */
export class ResourceMetrics {
  readonly #options: ResourceMetricsOptions;
  readonly #lists = new Map<string, SharedList>();

  constructor(options: ResourceMetricsOptions) {
    this.#options = options;
  }

  /** The usage of the pods that a selector matches. */
  async read(
    namespace: string,
    selector: Selector,
    pods: readonly PodFacts[],
  ): Promise<Reading<readonly PodUsage[]>> {
    const list = await this.#list(namespace);
    if (!list.ok) return list;
    const names = new Set(pods.map(({ name }) => name));
    return { ok: true, value: list.value.filter((usage) => belongs(usage, selector, names)) };
  }

  async #list(namespace: string): Promise<Reading<readonly LabelledPodUsage[]>> {
    const nowMs = this.#options.clock.monotonicMs();
    const shared = this.#lists.get(namespace);
    if (shared !== undefined && nowMs - shared.atMs < this.#options.shareMs) return shared.usage;
    this.#forget(nowMs);
    const usage = reading(() => this.#fetch(namespace));
    this.#lists.set(namespace, { atMs: nowMs, usage });
    return usage;
  }

  async #fetch(namespace: string): Promise<readonly LabelledPodUsage[]> {
    const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${encodeURIComponent(namespace)}/pods`;
    const list = (await this.#options.client.get(path)) as { items?: readonly PodMetricsJson[] };
    return (list.items ?? []).map(podUsage);
  }

  /** What is too old to share is too large to keep. */
  #forget(nowMs: number): void {
    for (const [namespace, { atMs }] of this.#lists) {
      if (nowMs - atMs >= this.#options.shareMs) this.#lists.delete(namespace);
    }
  }
}

/** metrics-server repeats the pod's labels, which is what the HPA selects by; a server that does not leaves the names. */
function belongs(
  { name, labels }: LabelledPodUsage,
  selector: Selector,
  names: ReadonlySet<string>,
): boolean {
  return Object.keys(labels).length > 0 ? selector.matches(labels) : names.has(name);
}
