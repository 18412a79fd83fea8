import type { BalanceTest, Heatmap, LoadResult, LoadSample } from '../../../src/report/load-result.ts';
import { events, loadResult, loadRunInfo, podNames, timeline } from '../samples.ts';

const times = { p50: 4, p90: 9, p99: 40, p999: 80, max: 95 };

/** A sample a second, with answers of every pod. */
export function loadSamples(seconds: number, pods: readonly string[] = podNames): LoadSample[] {
  return Array.from({ length: seconds }, (_, second) => ({
    fromMs: second * 1000,
    toMs: second * 1000 + 1000,
    offeredPerSecond: 20 + (second % 7),
    donePerSecond: 20 + (second % 5),
    failed: 0,
    dropped: 0,
    opened: 8,
    latencyMs: { ...times, p99: 40 + (second % 11), max: 95 + (second % 13) },
    sendLagMs: { ...times, p99: 0.4 },
    lagging: false,
    pods: Object.fromEntries(pods.map((pod, index) => [pod, 3 + ((second + index) % 4)])),
  }));
}

const spectrum = [50, 75, 90, 99, 99.9, 100].map((percentile) => [percentile, percentile * 1.5] as const);

function balanceTest(pods: readonly string[]): BalanceTest {
  const share = 1 / pods.length;
  return {
    unit: 'connections',
    counts: Object.fromEntries(pods.map((pod) => [pod, 50])),
    shares: Object.fromEntries(pods.map((pod) => [pod, { share, low: share * 0.8, high: share * 1.2 }])),
    ...{ maxOverMean: 1, jainIndex: 1, chiSquare: 3.1, pValue: 0.68 },
  };
}

/** Most answers in two columns, some slower ones now and then. */
function heatmapOf(seconds: number): Heatmap {
  const lowMs = [1.024, 1.536, 2.048, 3.072, 4.096, 6.144];
  const counts = Array.from({ length: seconds }, (_, second) => [
    0,
    9,
    7,
    second % 5,
    0,
    second % 9 === 0 ? 1 : 0,
  ]);
  return { lowMs, counts };
}

/** A run with everything that a report can show. */
export function fullResult(changes: Partial<LoadResult> = {}): LoadResult {
  const plain = loadResult();
  return {
    ...plain,
    timeline: loadSamples(120),
    spectrum: { latencyMs: spectrum, serviceMs: spectrum },
    heatmap: heatmapOf(120),
    cost: { podSeconds: 345, neededPodSeconds: 290, flaps: 1, badMs: 4000 },
    balance: { ...plain.balance, test: balanceTest(podNames) },
    verdicts: [
      { expect: 'p99<200ms', met: true, actual: 14.6, words: 'it was 14.6 ms' },
      { expect: 'errors=0', met: false, actual: 3, words: 'it was 3' },
    ],
    cluster: {
      replicas: timeline.map(({ atMs, desiredReplicas, readyReplicas }) => ({
        atMs,
        desiredReplicas,
        readyReplicas,
      })),
      events,
      recommendations: [],
    },
    run: {
      ...loadRunInfo,
      command: ['plimsoll', 'load', 'http://127.0.0.1:8080/', '--profile', "it's 20/s for 2m"],
      versions: { plimsoll: '0.1.0', node: 'v24.0.0' },
    },
    ...changes,
  };
}
