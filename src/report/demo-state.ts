import type { DemoEvent, DemoSample } from './demo-result.ts';
import type { LoadProgress } from './load-result.ts';

export interface DemoPod {
  readonly name: string;
  readonly state: 'Starting' | 'Ready' | 'Stopping';
}

/** Requests a second of one pod on average, as the autoscaler saw them. */
export interface DemoRequests {
  /** Null before the first reading. */
  readonly perSecond: number | null;
  readonly targetPerSecond: number;
}

/** How the demo stands, for its live view. */
export interface DemoState {
  /** What is scaled: `deployment/walkthrough`. */
  readonly title: string;
  /** What the load is doing now, in words: `ramp to 45 requests/s`. */
  readonly phase: string;
  readonly elapsedMs: number;
  readonly durationMs: number;
  /** All samples so far, the last one is now; empty before the first. */
  readonly samples: readonly DemoSample[];
  /** Absent until the load has told how it stands. */
  readonly load?: LoadProgress;
  /** Absent where something else than CPU scales. */
  readonly cpuTargetPercent?: number;
  /** Present where requests scale. */
  readonly requests?: DemoRequests;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly pods: readonly DemoPod[];
  /** Events that no line has told of yet. */
  readonly freshEvents: readonly DemoEvent[];
  /** All events so far, oldest first. */
  readonly events: readonly DemoEvent[];
}
