import type { DemoResult, DemoSample } from '../../report/demo-result.ts';
import type { LoadProgress } from '../../report/load-result.ts';
import type { Observed } from './observer.ts';

/** One sample a second of load and replicas on one time axis, from the moment it is made. */
export class Timeline {
  readonly startEpochMs = Date.now();
  readonly samples: DemoSample[] = [];
  readonly #startMs = performance.now();

  elapsedMs(): number {
    return Math.round(performance.now() - this.#startMs);
  }

  add(observed: Observed, load: LoadProgress | undefined): void {
    this.samples.push({
      atMs: this.elapsedMs(),
      offeredPerSecond: round(load?.offeredPerSecond ?? 0),
      donePerSecond: round(load?.donePerSecond ?? 0),
      cpuPercent: observed.cpuPercent,
      desiredReplicas: observed.desiredReplicas,
      readyReplicas: observed.readyReplicas,
    });
  }

  /** The counts that were asked for: at the start, at most, and now. */
  replicas(): DemoResult['replicas'] {
    const desired = this.samples.map((sample) => sample.desiredReplicas);
    return { start: desired[0] ?? 0, peak: Math.max(0, ...desired), end: desired.at(-1) ?? 0 };
  }
}

function round(perSecond: number): number {
  return Math.round(perSecond * 10) / 10;
}
