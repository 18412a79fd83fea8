import type { LoadResult, PodLoad } from './load-result.ts';

/** One moment of the demo; a value that was not known yet is null, never zero. */
export interface DemoSample {
  /** Since the start of the load. */
  readonly atMs: number;
  readonly offeredPerSecond: number;
  readonly donePerSecond: number;
  /** Average CPU of the pods in percent of their request, as the autoscaler saw it. */
  readonly cpuPercent: number | null;
  readonly desiredReplicas: number;
  readonly readyReplicas: number;
}

export interface DemoEvent {
  /** Since the start of the load. */
  readonly atMs: number;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

/** The result of the walkthrough, as `plimsoll demo --output json` prints it. */
export interface DemoResult {
  readonly replicas: { readonly start: number; readonly peak: number; readonly end: number };
  readonly timeline: readonly DemoSample[];
  readonly events: readonly DemoEvent[];
  readonly load: LoadResult;
  readonly perPod: Readonly<Record<string, PodLoad>>;
}
