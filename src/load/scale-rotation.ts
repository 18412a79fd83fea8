import type { ClusterLog } from './cluster-feed.ts';
import { tellingMs } from './telling.ts';

/** How long the connections that `on-scale` replaces take to go, so that they do not come back all at once. */
export const redrawMs = 2000;

/**
 * Which part of the connections `on-scale` replaces, and when: as many as the new pods should have, when pods are added; and again
 * while one of them has not answered at all, since a balancer may hear of pods later than we do.
 */
export class ScaleRotation {
  readonly #cluster: Pick<ClusterLog, 'state' | 'readyAtMs'>;
  #againAtMs = Infinity;

  constructor(cluster: Pick<ClusterLog, 'state' | 'readyAtMs'>) {
    this.#cluster = cluster;
  }

  /** Pods were added, and connections are replaced for them. */
  added(elapsedMs: number): void {
    this.#againAtMs = elapsedMs + tellingMs;
  }

  /** Which part to replace now, 0 to 1. To be called now and then. */
  dueRatio(elapsedMs: number, answering: () => ReadonlySet<string>): number {
    if (elapsedMs < this.#againAtMs) return 0;
    const names = answering();
    const pods = this.#cluster.state?.readyPods ?? [];
    const silent = pods.filter((pod) => !names.has(pod)).length;
    // Where no answer names a pod of the cluster, it is not known which pods are silent.
    const isKnown = [...names].some((name) => this.#cluster.readyAtMs(name) !== undefined);
    this.#againAtMs = silent > 0 && isKnown ? elapsedMs + tellingMs : Infinity;
    return silent > 0 && isKnown ? silent / pods.length : 0;
  }
}
