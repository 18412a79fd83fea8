import type { PodMetricsJson } from '../api/types.ts';
import type { PodFacts, PodUsage, Reading } from '../decide/snapshot.ts';
import type { KubeClient } from '../kube/client.ts';
import { isKubeError } from '../kube/errors.ts';
import type { Clock } from '../lib/clock.ts';
import type { Selector } from '../lib/selector.ts';
import { isClusterWideCheaper } from './list-scope.ts';
import type { PodTable } from './pod-table.ts';
import { reading } from './reading.ts';
import type { SourceLimits } from './source-limits.ts';
import { UsageIndex } from './usage-index.ts';

export interface ResourceMetricsOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly limits: SourceLimits;
  /** Time between two questions of one autoscaler, in milliseconds. */
  readonly syncPeriodMs: number;
  /** How many pods there are: what the choice between lists of a namespace and of the cluster goes by. */
  readonly pods: Pick<PodTable, 'size' | 'sizeOf'>;
  /** False where the operator may read one namespace only. */
  readonly mayListAll: boolean;
  /** Gives up when the operator does. */
  readonly signal: AbortSignal;
}

type Lists = Reading<ReadonlyMap<string, UsageIndex>>;

interface SharedList {
  readonly atMs: number;
  readonly usage: Promise<Lists>;
}

const everywhere = '';
/** After a refusal to list the whole cluster it is not tried again for so long. */
const refusedMs = 600_000;

/**
 * metrics.k8s.io, listed once a namespace and tick, or now and then for the whole cluster where that is cheaper; a list, also one
 * that failed, is shared by all who ask within half a sync period of their own, 5 s at most.
 */
export class ResourceMetrics {
  readonly #options: ResourceMetricsOptions;
  readonly #shareMs: number;
  readonly #lists = new Map<string, SharedList>();
  /** When each namespace was asked for last. */
  readonly #askedMs = new Map<string, number>();
  #refusedMs = -Infinity;

  constructor(options: ResourceMetricsOptions) {
    this.#options = options;
    this.#shareMs = shareMsOf(options.syncPeriodMs);
  }

  /**
   * The usage of the pods that a selector matches.
   * @param periodMs time between two questions of this autoscaler, where it has a period of its own
   */
  async read(
    namespace: string,
    selector: Selector,
    pods: readonly PodFacts[],
    periodMs = this.#options.syncPeriodMs,
  ): Promise<Reading<readonly PodUsage[]>> {
    const list = await this.#find(namespace, periodMs);
    if (!list.ok) return list;
    return list.value.get(namespace)?.select(selector, pods) ?? { ok: true, value: [] };
  }

  async #find(namespace: string, periodMs: number): Promise<Lists> {
    const nowMs = this.#options.clock.monotonicMs();
    const isFirst = !this.#askedMs.has(namespace);
    this.#askedMs.delete(namespace);
    this.#askedMs.set(namespace, nowMs); // whoever was not asked for longest stays first
    this.#forget(nowMs);
    const shared = (place: string): Promise<Lists> | undefined => this.#shared(place, nowMs, periodMs);
    const own = shared(namespace);
    if (own !== undefined) return own;
    const all = shared(everywhere);
    // The cluster is not listed at the pace of one that is faster than the others.
    const isHasty = periodMs < this.#options.syncPeriodMs;
    const isCheaper = !isFirst && !isHasty && this.#isClusterWideCheaper();
    if (!isCheaper && all === undefined) return this.#list(namespace, nowMs);
    const list = await (all ?? this.#list(everywhere, nowMs));
    return this.#isRefused() ? (shared(namespace) ?? this.#list(namespace, nowMs)) : list;
  }

  #isRefused(): boolean {
    return this.#options.clock.monotonicMs() - this.#refusedMs <= refusedMs;
  }

  #isClusterWideCheaper(): boolean {
    const { syncPeriodMs, pods, mayListAll } = this.#options;
    if (!mayListAll || this.#isRefused()) return false;
    let podsThere = 0;
    for (const namespace of this.#askedMs.keys()) podsThere += pods.sizeOf(namespace);
    return isClusterWideCheaper({
      namespaces: this.#askedMs.size,
      podsThere,
      podsInAll: pods.size,
      listsPerPeriod: Math.ceil(syncPeriodMs / this.#shareMs),
    });
  }

  /** A list that is new enough for who asks with such a period. */
  #shared(namespace: string, nowMs: number, periodMs: number): Promise<Lists> | undefined {
    const list = this.#lists.get(namespace);
    const shareMs = Math.min(shareMsOf(periodMs), this.#shareMs);
    return list !== undefined && nowMs - list.atMs < shareMs ? list.usage : undefined;
  }

  async #list(namespace: string, nowMs: number): Promise<Lists> {
    const usage = reading(() => this.#fetch(namespace));
    this.#lists.set(namespace, { atMs: nowMs, usage });
    return usage;
  }

  async #fetch(namespace: string): Promise<ReadonlyMap<string, UsageIndex>> {
    const { client, limits, signal, clock } = this.#options;
    const place = namespace === everywhere ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
    try {
      const path = `/apis/metrics.k8s.io/v1beta1${place}/pods`;
      const list = await client.get(path, { signal, pool: 'metrics.k8s.io', ...limits });
      return byNamespace((list as { items?: readonly PodMetricsJson[] }).items ?? [], namespace);
    } catch (error) {
      if (namespace === everywhere && isKubeError(error, 'Forbidden')) {
        this.#refusedMs = clock.monotonicMs();
        this.#lists.delete(everywhere); // nobody else needs to see that refusal
      }
      throw error;
    }
  }

  /** What is too old to share is too large to keep; who does not ask any more counts no more. */
  #forget(nowMs: number): void {
    for (const [namespace, { atMs }] of this.#lists)
      if (nowMs - atMs >= this.#shareMs) this.#lists.delete(namespace);
    for (const [namespace, askedMs] of this.#askedMs) {
      if (nowMs - askedMs <= 2 * this.#options.syncPeriodMs) return;
      this.#askedMs.delete(namespace);
    }
  }
}

/** How long an answer is shared: half a period at most, since the next tick must not see this one's. */
export function shareMsOf(periodMs: number): number {
  return Math.min(periodMs / 2, 5000);
}

function byNamespace(items: readonly PodMetricsJson[], asked: string): ReadonlyMap<string, UsageIndex> {
  const namespaces = new Map<string, UsageIndex>();
  for (const item of items) {
    const namespace = item.metadata?.namespace ?? asked;
    const index = namespaces.get(namespace) ?? new UsageIndex();
    index.add(item);
    namespaces.set(namespace, index);
  }
  return namespaces;
}
