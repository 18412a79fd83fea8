import type { LoadResult, LoadSample, ReplicaSample } from './load-result.ts';

type Cell = number | boolean | null;

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

/** Columns that every timeline has; with a cluster there are two more, and then one for each pod. */
export const csvColumns: readonly string[] = Object.keys(columns);

/** The timeline, one line a sample, with a header. What was not measured is empty. `replay` in a profile reads it. */
export function renderLoadCsv({ timeline, perPod, cluster }: LoadResult): string[] {
  const pods = Object.keys(perPod);
  const replicaColumns = cluster === undefined ? [] : ['desiredReplicas', 'readyReplicas'];
  const header = [...csvColumns, ...replicaColumns, ...pods].map(quote).join(',');
  const lines = timeline.map((sample) => {
    const replicas = cluster === undefined ? [] : replicasAt(cluster.replicas, sample.toMs);
    const values = [
      ...Object.values(columns).map((read) => read(sample)),
      ...replicas,
      ...pods.map((pod) => sample.pods[pod] ?? 0),
    ];
    return values.map((value) => (value === null ? '' : String(value))).join(',');
  });
  return [header, ...lines];
}

function replicasAt(samples: readonly ReplicaSample[], atMs: number): Cell[] {
  const last = samples.findLast((sample) => sample.atMs <= atMs);
  return [last?.desiredReplicas ?? null, last?.readyReplicas ?? null];
}

function quote(text: string): string {
  return /[",\s]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
