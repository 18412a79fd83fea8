import type { DemoEvent, DemoSample } from './demo-result.ts';
import type { LoadProgress } from './load-result.ts';

export interface DemoPod {
  readonly name: string;
  readonly state: 'Starting' | 'Ready' | 'Stopping';
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
  readonly cpuTargetPercent: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly pods: readonly DemoPod[];
  /** All events so far, oldest first. */
  readonly events: readonly DemoEvent[];
}
