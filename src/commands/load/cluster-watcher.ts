import { isDeepStrictEqual } from 'node:util';
import type { ReflectorHandler } from '../../kube/reflector.ts';
import type { ClusterFeed, ClusterListener, ClusterState } from '../../load/cluster-feed.ts';
import type { AutoscalerJson, EndpointSliceJson, EventJson, WorkloadJson } from './objects.ts';
import { usageRatio } from './usage-ratio.ts';

/** What is watched, as it was found at the start. */
export interface Watched {
  readonly autoscaler: string;
  readonly target: { readonly kind: string; readonly name: string };
  /** Of the way in. */
  readonly sessionAffinity: boolean;
  /** Absent when the address is none that the cluster knows. */
  readonly balances?: 'connections' | 'requests';
}

type Named = { readonly metadata?: { readonly name?: string } };

/** Makes what reflectors tell of single objects into what a load run wants to know, told only when it differs. */
export class ClusterWatcher implements ClusterFeed {
  readonly autoscalers: ReflectorHandler<AutoscalerJson>;
  readonly workloads: ReflectorHandler<WorkloadJson>;
  readonly slices: ReflectorHandler<EndpointSliceJson>;
  readonly events: ReflectorHandler<EventJson>;
  readonly #watched: Watched;
  readonly #listeners = new Set<ClusterListener>();
  readonly #autoscaler = new Map<string, AutoscalerJson>();
  readonly #workload = new Map<string, WorkloadJson>();
  readonly #slices = new Map<string, EndpointSliceJson>();
  /** How often each event happened; undefined before the first list, whose events are of the time before. */
  #counts: Map<string, number> | undefined;
  #told: ClusterState | undefined;
  /** By their times. */
  readonly #recommended = new Set<string>();

  constructor(watched: Watched) {
    this.#watched = watched;
    const tell = (): void => this.#tell();
    this.autoscalers = keep(this.#autoscaler, () => {
      tell();
      this.#tellRecommendations();
    });
    this.workloads = keep(this.#workload, tell);
    this.slices = keep(this.#slices, tell);
    this.events = {
      replace: (events) => this.#listed(events),
      upsert: (event) => this.#happened(event),
      remove: () => undefined, // Events are forgotten after a while; they happened all the same.
    };
  }

  watch(listener: ClusterListener): () => void {
    this.#listeners.add(listener);
    if (this.#told !== undefined) listener.changed(this.#told);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    const state = this.#state();
    if (isDeepStrictEqual(state, this.#told)) return;
    this.#told = state;
    for (const listener of this.#listeners) listener.changed(state);
  }

  /** Those that the status was not seen with before; the first ones are of the time before, and told to nobody. */
  #tellRecommendations(): void {
    const { history } = this.#autoscaler.get(this.#watched.autoscaler)?.status ?? {};
    for (const { time, replicas } of history?.recommendations ?? []) {
      const agoMs = Date.now() - Date.parse(time);
      if (this.#recommended.has(time) || Number.isNaN(agoMs)) continue;
      this.#recommended.add(time);
      for (const listener of this.#listeners) listener.recommended({ agoMs, replicas });
    }
  }

  #state(): ClusterState {
    const { autoscaler: name, target, sessionAffinity, balances } = this.#watched;
    const autoscaler = this.#autoscaler.get(name);
    const workload = this.#workload.get(target.name);
    const readyPods = readyPodsOf([...this.#slices.values()]);
    const ratio = autoscaler === undefined ? undefined : usageRatio(autoscaler);
    const targets = autoscaler?.status?.targets;
    return {
      desiredReplicas: workload?.spec?.replicas ?? null,
      // A count of zero is left out by the API; a kind of its own may have none.
      readyReplicas: workload === undefined ? null : (workload.status?.readyReplicas ?? readyPods.length),
      ...{ readyPods, sessionAffinity },
      ...(balances === undefined ? {} : { balances }),
      ...(ratio === undefined ? {} : { usageRatio: ratio }),
      ...(targets === undefined ? {} : { targets }),
    };
  }

  #listed(events: readonly EventJson[]): void {
    if (this.#counts === undefined)
      this.#counts = new Map(events.map((event) => [nameOf(event), countOf(event)]));
    else for (const event of events) this.#happened(event);
  }

  #happened(event: EventJson): void {
    const { regarding, type = 'Normal', reason = '', note = '' } = event;
    const [name, count] = [nameOf(event), countOf(event)];
    if (count <= (this.#counts?.get(name) ?? 0)) return;
    this.#counts?.set(name, count);
    const { autoscaler, target } = this.#watched;
    const isOurs = [{ kind: 'CustomAutoscaler', name: autoscaler }, target].some(
      (one) => regarding?.kind === one.kind && regarding.name === one.name,
    );
    if (!isOurs) return;
    for (const listener of this.#listeners) listener.happened({ type, reason, message: note });
  }
}

/** Keeps the latest of each object, by name. */
function keep<T extends Named>(byName: Map<string, T>, changed: () => void): ReflectorHandler<T> {
  return {
    replace(items) {
      byName.clear();
      for (const item of items) byName.set(nameOf(item), item);
      changed();
    },
    upsert(item) {
      byName.set(nameOf(item), item);
      changed();
    },
    remove(item) {
      byName.delete(nameOf(item));
      changed();
    },
  };
}

/** Those that a balancer may choose. A pod with two addresses stands in two slices. */
function readyPodsOf(slices: readonly EndpointSliceJson[]): string[] {
  const names = slices
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false)
    .flatMap(({ targetRef }) => (targetRef?.kind === 'Pod' ? (targetRef.name ?? []) : []));
  return [...new Set(names)].sort();
}

function nameOf({ metadata }: Named): string {
  return metadata?.name ?? '';
}

function countOf({ series, deprecatedCount }: EventJson): number {
  return series?.count ?? deprecatedCount ?? 1;
}
