import type { LoadCluster } from './load-cluster.ts';
import type { LoadResult, LoadSample } from './load-result.ts';

type Cell = number | boolean | string | null;

const columns: Readonly<Record<string, (sample: LoadSample) => Cell>> = {
  fromMs: ({ fromMs }) => fromMs,
  toMs: ({ toMs }) => toMs,
  offeredPerSecond: ({ offeredPerSecond }) => offeredPerSecond,
  donePerSecond: ({ donePerSecond }) => donePerSecond,
  failed: ({ failed }) => failed,
  dropped: ({ dropped }) => dropped,
  connectionsOpened: ({ opened }) => opened,
  latencyP50Ms: ({ latencyMs }) => latencyMs.p50,
  latencyP90Ms: ({ latencyMs }) => latencyMs.p90,
  latencyP99Ms: ({ latencyMs }) => latencyMs.p99,
  latencyMaxMs: ({ latencyMs }) => latencyMs.max,
  sendLagP99Ms: ({ sendLagMs }) => sendLagMs.p99,
  lagging: ({ lagging }) => lagging,
};

/** Columns that every timeline has; with a cluster there are `clusterColumns`, and then one for each pod. */
export const csvColumns: readonly string[] = Object.keys(columns);

/** Columns that a timeline has when a cluster was watched: at the end of each sample, and the decisions in it. */
export const clusterColumns: readonly string[] = [
  'desiredReplicas',
  'readyReplicas',
  'usageRatio',
  'decisions',
];

/** The timeline, one line a sample, with a header. What was not measured is empty. `replay` in a profile reads it. */
export function renderLoadCsv({ timeline, perPod, cluster }: LoadResult): string[] {
  const pods = Object.keys(perPod);
  const replicaColumns = cluster === undefined ? [] : clusterColumns;
  const header = [...csvColumns, ...replicaColumns, ...pods].map(quote).join(',');
  const lines = timeline.map((sample) => {
    const replicas = cluster === undefined ? [] : scalingIn(cluster, sample);
    const values = [
      ...Object.values(columns).map((read) => read(sample)),
      ...replicas,
      ...pods.map((pod) => sample.pods[pod] ?? 0),
    ];
    return values.map((value) => (value === null ? '' : quote(String(value)))).join(',');
  });
  return [header, ...lines];
}

function scalingIn({ replicas, events }: LoadCluster, { fromMs, toMs }: LoadSample): Cell[] {
  const last = replicas.findLast(({ atMs }) => atMs <= toMs);
  const decisions = events
    .filter(({ atMs, reason }) => reason === 'SuccessfulRescale' && atMs > fromMs && atMs <= toMs)
    .map(({ message }) => message.replaceAll('\n', ' '));
  return [
    last?.desiredReplicas ?? null,
    last?.readyReplicas ?? null,
    last?.usageRatio ?? null,
    decisions.length === 0 ? null : decisions.join(' | '),
  ];
}

function quote(text: string): string {
  return /[",\s]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
