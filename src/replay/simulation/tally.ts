import { explain } from '../../decide/explain.ts';
import type { Ticked } from './controller.ts';
import type { Served } from './traffic.ts';

/** What stands at one decision, and what came until the next one. */
export interface SimulationSample {
  /** Milliseconds since the start of the load. */
  readonly atMs: number;
  /** Requests or messages a second at that moment. */
  readonly loadPerSecond: number;
  /** Once the decision was carried out. */
  readonly replicas: number;
  readonly readyReplicas: number;
  /** What the policy asks for; not the same as `replicas` in a dry run, or while it is paused. */
  readonly desiredReplicas: number;
  readonly backlog: number;
  /** Seconds short of capacity until the next sample. */
  readonly shortSeconds: number;
}

/** A decision for another count. */
export interface Change {
  readonly atMs: number;
  readonly from: number;
  readonly to: number;
  /** As `plimsoll explain` tells it. */
  readonly words: string;
}

export interface SimulationTotals {
  readonly offered: number;
  readonly served: number;
  /** Seconds in which more came than the ready pods could handle; of a queue, in which work waited for longer than it may. */
  readonly shortSeconds: number;
  /** Longest time that work has waited, in seconds; 0 without a queue. */
  readonly longestWaitSeconds: number;
  /** Hours of all replicas together, also of those that start. */
  readonly replicaHours: number;
  readonly leastReplicas: number;
  readonly mostReplicas: number;
  /** Writes of the scale, by whomever. */
  readonly rescales: number;
  /** Replicas that one write added or took away, at most. */
  readonly largestStep: number;
  /** Writes against the direction of the one before, within ten minutes of it. */
  readonly flaps: number;
}

const flapWithinMs = 600_000;

type Open<T> = { -readonly [Key in keyof T]: T[Key] };

/** Counts what happens. */
export class Tally {
  readonly samples: SimulationSample[] = [];
  readonly changes: Change[] = [];
  readonly totals: SimulationTotals;
  readonly #open: Open<SimulationTotals>;
  #sample: Open<SimulationSample> | undefined;
  #lastWrite: { readonly atMs: number; readonly up: boolean } | undefined;
  #wished: number | undefined;

  constructor(replicas: number) {
    this.#open = {
      offered: 0,
      served: 0,
      shortSeconds: 0,
      longestWaitSeconds: 0,
      replicaHours: 0,
      leastReplicas: replicas,
      mostReplicas: replicas,
      rescales: 0,
      largestStep: 0,
      flaps: 0,
    };
    this.totals = this.#open;
  }

  wrote(atMs: number, from: number, to: number): void {
    const up = to > from;
    const last = this.#lastWrite;
    this.#lastWrite = { atMs, up };
    this.#open.rescales += 1;
    this.#open.largestStep = Math.max(this.totals.largestStep, Math.abs(to - from));
    if (last !== undefined && last.up !== up && atMs - last.atMs <= flapWithinMs) this.#open.flaps += 1;
  }

  /** A decision of the policy: each count that it asks for is told once. */
  decided({ decision, scaledTo }: Ticked, sample: SimulationSample): void {
    this.#sample = { ...sample };
    this.samples.push(this.#sample);
    const { currentReplicas: from, desiredReplicas: to, rescale } = decision;
    if (scaledTo !== undefined || (rescale && this.#wished !== to))
      this.changes.push({ atMs: sample.atMs, from, to, words: explain(decision) });
    this.#wished = rescale ? to : undefined;
  }

  second({ offered, served, short, waitSeconds }: Served, replicas: number): void {
    const open = this.#open;
    open.offered += offered;
    open.served += served;
    open.longestWaitSeconds = Math.max(open.longestWaitSeconds, waitSeconds);
    open.replicaHours += replicas / 3600;
    open.leastReplicas = Math.min(open.leastReplicas, replicas);
    open.mostReplicas = Math.max(open.mostReplicas, replicas);
    if (!short) return;
    open.shortSeconds += 1;
    if (this.#sample !== undefined) this.#sample.shortSeconds += 1;
  }
}
