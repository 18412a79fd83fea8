import { isDeepStrictEqual } from 'node:util';
import type { LoadCluster, ReplicaSample } from '../report/load-result.ts';

/** What the load generator needs to know of a cluster. Whoever watches one tells it; the generator asks nobody. */
export interface ClusterFeed {
  /** Tells the present state at once, if it is known, and each change of it. Returns how to end that. */
  watch(listener: ClusterListener): () => void;
}

export interface ClusterListener {
  changed(state: ClusterState): void;
  /** A decision or another event about the autoscaler or its target. */
  happened(event: { type: string; reason: string; message: string }): void;
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

/** Writes down what a cluster tells, with the times of the run. */
export class ClusterLog implements ClusterListener {
  readonly #elapsedMs: () => number;
  readonly #onMorePods: (ratio: number) => void;
  readonly #replicas: ReplicaSample[] = [];
  readonly #events: LoadCluster['events'][number][] = [];
  readonly #readyAtMs = new Map<string, number>();
  #state: ClusterState | undefined;
  #podsChangedAtMs = 0;
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
    if (before === undefined) return;
    const fresh = readyPods.filter((pod) => !before.readyPods.includes(pod)).length;
    if (fresh > 0 || readyPods.length !== before.readyPods.length) this.#podsChangedAtMs = atMs;
    if (fresh === 0) return;
    this.#moreAtMs = atMs;
    this.#onMorePods(fresh / readyPods.length);
  }

  happened(event: { type: string; reason: string; message: string }): void {
    this.#events.push({ atMs: Math.round(this.#elapsedMs()), ...event });
  }

  /** Undefined until the cluster told something. */
  get state(): ClusterState | undefined {
    return this.#state;
  }

  /** Since the start of the run; 0 when the pods are those of the start. */
  get podsChangedAtMs(): number {
    return this.#podsChangedAtMs;
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
    return { replicas: this.#replicas, events: this.#events };
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
