import type { DemoEvent, DemoResult, DemoSample } from '../../src/report/demo-result.ts';
import type { DemoState } from '../../src/report/demo-state.ts';
import { steady } from '../../src/lib/load-profile.ts';
import type {
  Balance,
  LoadProgress,
  LoadResult,
  LoadRunInfo,
  PodLoad,
} from '../../src/report/load-result.ts';

const times = { p50: 1.2, p90: 3, p99: 14.6, p999: 120, max: 1234 };

export const podNames = [0, 1, 2, 3, 4, 5].map((index) => `walkthrough-7c9d8f6b5-2xk${index}z`);

function perPod(count: number): Record<string, PodLoad> {
  return Object.fromEntries(
    podNames.slice(0, count).map((name, index) => [
      name,
      {
        requests: 300 - 40 * index,
        connections: 60 - index,
        share: 1 / count,
        firstResponseAtMs: index * 4000,
      },
    ]),
  );
}

/** The balance of a run in which no answer named a pod. */
export const noPods: Balance = {
  ...{ pods: 0, maxOverMean: null, jainIndex: null, fromMs: 0, toMs: 0 },
  ...{ verdict: 'unknown', words: 'no answer named its pod' },
};

export const loadRunInfo: LoadRunInfo = {
  url: 'http://127.0.0.1:8080/',
  method: 'GET',
  headers: [],
  bodyBytes: 0,
  mode: 'open',
  durationMs: 120_000,
  profile: { segments: [steady(20, 120_000)], arrivals: 'constant' },
  seed: 7,
  connections: 50,
  rotate: 'age=2.5s',
  timeoutMs: 10_000,
  podHeader: 'X-Pod-Name',
  maxLagMs: 10,
  startedAt: '2030-01-01T00:00:00.000Z',
};

export function loadResult(changes: Partial<LoadResult> = {}): LoadResult {
  const result = {
    requests: { sent: 1200, ok: 1200, failed: 0, dropped: 0 },
    rate: { offered: 20, done: 20 },
    latencyMs: times,
    serviceMs: times,
    sendLagMs: { ...times, p999: null },
    perPod: perPod(6),
    connectMs: times,
    balance: {
      ...{ pods: 6, maxOverMean: 1.21, jainIndex: 0.972, fromMs: 40_000, toMs: 80_000 },
      ...{ verdict: 'fair', words: 'fair: chance explains how connections were spread (p 0.672)' },
    },
    verdicts: [],
    warnings: [],
    failures: {},
    failedStatuses: {},
    connections: { opened: 300, retried: 0 },
    generator: {
      saturated: false,
      reasons: [],
      eventLoopDelayMs: { p50: 0.1, p99: 1, max: 3 },
      eventLoopUtilization: 0.1,
    },
    interrupted: false,
    timeline: [],
    spectrum: { latencyMs: [], serviceMs: [] },
    heatmap: { lowMs: [], counts: [] },
    cost: { podSeconds: null, neededPodSeconds: null, flaps: null, badMs: 0 },
    run: loadRunInfo,
    ...changes,
  } satisfies Omit<LoadResult, 'judged'>;
  const { latencyMs, serviceMs, rate, requests } = result;
  const judged = {
    leftOutMs: 0,
    latencyMs,
    serviceMs,
    donePerSecond: rate.done,
    dropped: requests.dropped,
    lost: 0,
  };
  return { judged, ...result };
}

export function loadProgress(changes: Partial<LoadProgress> = {}): LoadProgress {
  return {
    atMs: 36_000,
    durationMs: 120_000,
    offeredPerSecond: 38.1,
    donePerSecond: 38,
    requests: { sent: 700, ok: 700, failed: 0, dropped: 0 },
    failures: {},
    latencyMs: times,
    serviceMs: { ...times, p99: 9.5 },
    sendLagMs: times,
    warnings: [],
    perPod: perPod(4),
    ...changes,
  };
}

/** Two minutes, a sample a second: idle, ramp from 15 s to 40 s, peak until 80 s, quiet; 1 -> 4 -> 6 -> 3 -> 1. */
export const timeline: DemoSample[] = Array.from({ length: 120 }, (_, second) => {
  const offered = offeredAt(second);
  const ready = stepsAt(second, [28, 4], [38, 6], [87, 3], [97, 1]);
  return {
    atMs: second * 1000,
    offeredPerSecond: offered,
    donePerSecond: offered,
    cpuPercent: second < 5 ? null : (offered * 10) / ready,
    desiredReplicas: stepsAt(second, [25, 4], [35, 6], [85, 3], [95, 1]),
    readyReplicas: ready,
  };
});

function offeredAt(second: number): number {
  if (second < 15 || second >= 80) return 2;
  return second < 40 ? 2 + ((second - 15) * 43) / 25 : 45;
}

function stepsAt(second: number, ...steps: [fromSecond: number, replicas: number][]): number {
  return steps.findLast(([from]) => second >= from)?.[1] ?? 1;
}

const rescaled = (atMs: number, replicas: number, direction: string): DemoEvent => ({
  atMs,
  type: 'Normal',
  reason: 'SuccessfulRescale',
  message: `New size: ${replicas}; reason: cpu resource utilization (percentage of request) ${direction} target`,
});

export const events: DemoEvent[] = [
  rescaled(24_800, 4, 'above'),
  rescaled(34_900, 6, 'above'),
  rescaled(84_700, 3, 'below'),
  rescaled(94_600, 1, 'below'),
];

export function demoResult(changes: Partial<DemoResult> = {}): DemoResult {
  const load = loadResult();
  return { replicas: { start: 1, peak: 6, end: 1 }, timeline, events, load, perPod: load.perPod, ...changes };
}

/** The demo after 36 s, on its way from 4 to 6. */
export function demoState(changes: Partial<DemoState> = {}): DemoState {
  return {
    title: 'deployment/walkthrough',
    phase: 'ramp to 45 requests/s',
    elapsedMs: 36_500,
    durationMs: 120_000,
    samples: timeline.slice(0, 37),
    load: loadProgress(),
    cpuTargetPercent: 80,
    minReplicas: 1,
    maxReplicas: 6,
    pods: podNames.map((name, index) => ({ name, state: index < 4 ? 'Ready' : 'Starting' })),
    events: events.slice(0, 2),
    freshEvents: [],
    ...changes,
  };
}
