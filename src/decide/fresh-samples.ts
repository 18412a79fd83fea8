import type { AlreadyActedOn, History, MetricMemory } from './decision.ts';
import type { Policy } from './policy.ts';
import type { Proposals } from './propose.ts';
import type { MetricReading, Snapshot } from './snapshot.ts';
import { metricIds } from './trust/remember-metrics.ts';

/**
 * Whether the metric that decides shows nothing newer than what has led to a rescale: with a sync period shorter than the
 * metrics' own, the same measurement would scale again and again. Of samples of many pods the newest counts, as a source
 * takes them together. What bears no time counts as new.
 */
export function alreadyActedOn(
  policy: Policy,
  { metrics }: Snapshot,
  history: History,
  { replicas: from = 0, winner, proposals }: Proposals,
  currentReplicas: number,
): AlreadyActedOn | undefined {
  if (policy.requireFreshSamples !== true || winner === undefined || from === currentReplicas)
    return undefined;
  if (proposals[winner]?.ok !== true) return undefined; // A fallback goes by no sample.
  const id = metricIds(policy.metrics)[winner] ?? '';
  const actedMs = history.metrics?.[id]?.actedSampleAtMs;
  const sampleAtMs = newestSampleMs(metrics[winner]);
  if (actedMs === undefined || sampleAtMs === undefined || sampleAtMs > actedMs) return undefined;
  return { metric: winner, sampleAtMs, from, to: currentReplicas };
}

/** The history once a rescale is written: the samples of every metric that had an answer have led to it. */
export function rememberSamples(
  policy: Policy,
  { metrics }: Snapshot,
  history: History,
  proposals: Proposals['proposals'],
): History {
  if (policy.requireFreshSamples !== true) return history;
  const acted: Record<string, MetricMemory> = { ...history.metrics };
  for (const [index, id] of metricIds(policy.metrics).entries()) {
    const actedSampleAtMs = newestSampleMs(metrics[index]);
    if (proposals[index]?.ok !== true || actedSampleAtMs === undefined) continue;
    acted[id] = { ...acted[id], actedSampleAtMs };
  }
  return Object.keys(acted).length === 0 ? history : { ...history, metrics: acted };
}

/** Undefined where there is no sample, or none that bears a time (before 1970: Go's zero time). */
function newestSampleMs(reading: MetricReading | undefined): number | undefined {
  let newestMs = -1;
  for (const timestampMs of timesOf(reading)) if (timestampMs > newestMs) newestMs = timestampMs;
  return newestMs < 0 ? undefined : newestMs;
}

function timesOf(reading: MetricReading | undefined): readonly number[] {
  if (reading === undefined) return [];
  if ('usage' in reading) return reading.usage.ok ? reading.usage.value.map(timeOf) : [];
  if ('samples' in reading) return reading.samples.ok ? reading.samples.value.map(timeOf) : [];
  return 'timestampMs' in reading ? [reading.timestampMs] : [];
}

function timeOf({ timestampMs }: { readonly timestampMs: number }): number {
  return timestampMs;
}
