import type { PodFacts, PodMetricSample, ScrapeProblem } from '../../decide/snapshot.ts';
import type { Counters } from './rate.ts';

/** What one scrape of one pod came to. */
export type Outcome =
  | { readonly ok: true; readonly sample: PodMetricSample }
  | { readonly ok: false; readonly problem: ScrapeProblem; readonly detail: string };

/** What is kept of one pod and metric. */
export interface KeptPod {
  /** Of the pod: one of the same name is another. */
  readonly identity: string;
  /** Who wanted it last will have wanted it again by then. */
  keepUntilMs: number;
  /** When the last scrape was begun. */
  begunMs: number;
  outcome: Promise<Outcome>;
  /** When the last scrape came to its turn; undefined while it waits for one. */
  askedMs?: number | undefined;
  /** The last ones that were read. */
  counters?: Counters;
  /** It did not answer in time, so that others are asked before it. */
  isSlow: boolean;
}

type PodsByName = Map<string, KeptPod>;

/** Between two looks for what nobody wants any more. */
const sweepMs = 10_000;

/** What is kept of pods from one scrape to the next: a few numbers for each series, until nobody wants the pod any more. */
export class ScrapeMemory {
  readonly #byMetric = new Map<string, PodsByName>();
  #sweptMs = -Infinity;

  /** Pods that something is kept of, once for each metric. */
  get size(): number {
    let size = 0;
    for (const pods of this.#byMetric.values()) size += pods.size;
    return size;
  }

  /** The pods of one metric. */
  of(metric: string, nowMs: number): PodsByName {
    this.#sweep(nowMs);
    const pods = this.#byMetric.get(metric) ?? new Map<string, KeptPod>();
    this.#byMetric.set(metric, pods);
    return pods;
  }

  #sweep(nowMs: number): void {
    if (nowMs - this.#sweptMs < sweepMs) return;
    this.#sweptMs = nowMs;
    for (const [metric, pods] of this.#byMetric) {
      for (const [name, { keepUntilMs }] of pods) if (nowMs >= keepUntilMs) pods.delete(name);
      if (pods.size === 0) this.#byMetric.delete(metric);
    }
  }
}

/** What tells a pod from a later one of its name, as a StatefulSet makes them. */
export function identityOf({ ip, createdAtMs, startedAtMs }: PodFacts): string {
  return JSON.stringify([ip, createdAtMs, startedAtMs]);
}
