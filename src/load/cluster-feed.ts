import { isDeepStrictEqual } from 'node:util';
import type { LoadCluster, ReplicaSample } from '../report/load-cluster.ts';
import { tellingMs } from './telling.ts';

/** What the load generator needs to know of a cluster. Whoever watches one tells it; the generator asks nobody. */
export interface ClusterFeed {
  /** Tells the present state at once, if it is known, and each change of it. Returns how to end that. */
  watch(listener: ClusterListener): () => void;
}

export interface ClusterListener {
  changed(state: ClusterState): void;
  /** A decision or another event about the autoscaler or its target. */
  happened(event: { type: string; reason: string; message: string }): void;
  /** The metrics asked for so many, so long ago by the autoscaler's own clock; each once. */
  recommended(recommendation: { agoMs: number; replicas: number }): void;
}

export interface ClusterState {
  /** Of the autoscaler's target; null when it is not known. */
  readonly desiredReplicas: number | null;
  readonly readyReplicas: number | null;
  /** Pods that the balancer may choose, by the names that they give in the pod header. */
  readonly readyPods: readonly string[];
  /** The service keeps a client on the pod that it first had. */
  readonly sessionAffinity: boolean;
  /** What the way in balances; absent when it is not known. */
  readonly balances?: 'connections' | 'requests';
  /** As in ReplicaSample. */
  readonly usageRatio?: number;
  readonly targets?: string;
}

/** A time in which the ready pods stayed the same. */
export interface Fullest {
  readonly state: ClusterState;
  /** Since the start of the run; 0 when the pods are those of the start. */
  readonly changedAtMs: number;
  /** Absent: to the end. */
  readonly untilMs?: number;
}

/** Writes down what a cluster tells, with the times of the run. */
export class ClusterLog implements ClusterListener {
  readonly #elapsedMs: () => number;
  readonly #onMorePods: (ratio: number) => void;
  readonly #replicas: ReplicaSample[] = [];
  readonly #events: LoadCluster['events'][number][] = [];
  readonly #recommendations: LoadCluster['recommendations'][number][] = [];
  readonly #readyAtMs = new Map<string, number>();
  #state: ClusterState | undefined;
  /** Each set of ready pods, since when. */
  readonly #podSets: { readonly fromMs: number; readonly state: ClusterState }[] = [];
  #moreAtMs: number | undefined;

  /** @param onMorePods told which part of the pods is new, whenever there are more than before */
  constructor(elapsedMs: () => number, onMorePods: (ratio: number) => void) {
    this.#elapsedMs = elapsedMs;
    this.#onMorePods = onMorePods;
  }

  changed(state: ClusterState): void {
    const atMs = Math.round(this.#elapsedMs());
    const before = this.#state;
    this.#state = state;
    const { readyPods } = state;
    const sample = sampleOf(atMs, state);
    if (before === undefined || !isDeepStrictEqual(sample, sampleOf(atMs, before)))
      this.#replicas.push(sample);
    for (const pod of readyPods) if (!this.#readyAtMs.has(pod)) this.#readyAtMs.set(pod, atMs);
    if (!isDeepStrictEqual(readyPods, before?.readyPods))
      this.#podSets.push({ fromMs: before === undefined ? 0 : atMs, state });
    if (before === undefined) return;
    const fresh = readyPods.filter((pod) => !before.readyPods.includes(pod)).length;
    if (fresh === 0) return;
    this.#moreAtMs = atMs;
    this.#onMorePods(fresh / readyPods.length);
  }

  happened(event: { type: string; reason: string; message: string }): void {
    this.#events.push({ atMs: Math.round(this.#elapsedMs()), ...event });
  }

  /** No later than now, however the clocks differ; what was before the run is no part of it. */
  recommended({ agoMs, replicas }: { agoMs: number; replicas: number }): void {
    const atMs = Math.round(this.#elapsedMs() - Math.max(0, agoMs));
    if (atMs >= 0) this.#recommendations.push({ atMs, replicas });
  }

  /** Undefined until the cluster told something. */
  get state(): ClusterState | undefined {
    return this.#state;
  }

  /**
   * The time, 5 s at least where there is one, in which the most pods were ready and stayed the same; the longest of several. Undefined
   * until the cluster told something.
   */
  fullest(elapsedMs: number): Fullest | undefined {
    const sets = this.#podSets.map(({ fromMs, state }, index) => {
      const untilMs = this.#podSets[index + 1]?.fromMs;
      const end = untilMs === undefined ? {} : { untilMs };
      return { state, changedAtMs: fromMs, ...end, lastedMs: (untilMs ?? elapsedMs) - fromMs };
    });
    const telling = sets.filter(({ lastedMs }) => lastedMs >= tellingMs);
    const [fullest] = (telling.length > 0 ? telling : sets).toSorted(
      (a, b) => b.state.readyPods.length - a.state.readyPods.length || b.lastedMs - a.lastedMs,
    );
    return fullest;
  }

  /** When pods were last added; undefined when none were. */
  get moreAtMs(): number | undefined {
    return this.#moreAtMs;
  }

  readyAtMs(pod: string): number | undefined {
    return this.#readyAtMs.get(pod);
  }

  /** When each pod was first told to be ready. */
  get readyTimes(): ReadonlyMap<string, number> {
    return this.#readyAtMs;
  }

  result(): LoadCluster {
    const recommendations = this.#recommendations.toSorted((a, b) => a.atMs - b.atMs);
    return { replicas: this.#replicas, events: this.#events, recommendations };
  }
}

function sampleOf(
  atMs: number,
  { desiredReplicas, readyReplicas, usageRatio, targets }: ClusterState,
): ReplicaSample {
  return {
    ...{ atMs, desiredReplicas, readyReplicas },
    ...(usageRatio === undefined ? {} : { usageRatio }),
    ...(targets === undefined ? {} : { targets }),
  };
}
