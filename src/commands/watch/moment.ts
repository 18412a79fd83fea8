import type { AutoscalerJson } from '../load/objects.ts';
import type { Usage, WatchedEvent, WatchedPod } from './objects.ts';

/** What was known of the cluster at one moment. Objects are shared between moments: none of them is ever changed. */
export interface Moment {
  readonly atMs: number;
  readonly autoscalers: readonly AutoscalerJson[];
  /** The autoscaler that the pods, the usage and the events belong to, as `namespace/name`. */
  readonly followed?: string;
  readonly pods: readonly WatchedPod[];
  readonly usage: Usage;
  readonly events: readonly WatchedEvent[];
  readonly readyReplicas?: number;
}

const keptMs = 15 * 60_000;

/** The moments of the last quarter of an hour, oldest first. */
export class Memory {
  #moments: Moment[] = [];

  add(moment: Moment): void {
    this.#moments.push(moment);
    const from = this.#moments.findIndex(({ atMs }) => moment.atMs - atMs <= keptMs);
    // A removal from the front copies the rest: done now and then.
    if (from > 60) this.#moments = this.#moments.slice(from);
  }

  get oldestMs(): number | undefined {
    const latest = this.#moments.at(-1)?.atMs ?? 0;
    return this.#moments.find(({ atMs }) => latest - atMs <= keptMs)?.atMs;
  }

  /** What was known at a time: the last moment up to then, or the first one. */
  at(ms: number): Moment | undefined {
    return this.#moments.findLast(({ atMs }) => atMs <= ms) ?? this.#moments[0];
  }

  /** Those of a stretch of time that ends at a moment. */
  until(ms: number, forMs: number): readonly Moment[] {
    return this.#moments.filter(({ atMs }) => atMs <= ms && atMs > ms - forMs);
  }
}
