import { askedBy } from './combine.ts';
import type { History, MetricMemory } from './history.ts';
import type { Policy } from './policy.ts';
import type { Proposals } from './propose.ts';
import type { MetricReading, Snapshot } from './snapshot.ts';
import type { AlreadyActedOn } from './trace.ts';
import { metricIds } from './trust/remember-metrics.ts';

/** What of a tick tells whether its samples are new. */
interface Sampled {
  readonly policy: Policy;
  readonly snapshot: Snapshot;
  /** As of before the tick. */
  readonly history: History;
  readonly nowMs: number;
}

/** What is asked for in place of what an old sample asks for. */
interface Acted {
  readonly mark: AlreadyActedOn;
  readonly replicas: number;
  /** Index into proposals: of the metric that asks for it; absent where the replicas stay. */
  readonly winner?: number;
}

/**
 * Whether the metric that decides shows nothing newer than what has led to a rescale: with a sync period shorter than the
 * metrics' own, the same measurement would scale again and again. Then all stays, but for what a newer sample of another metric
 * asks for on the way up. Of samples of many pods the newest counts, as a source takes them together. What bears no time counts as new.
 */
export function alreadyActedOn(
  tick: Sampled,
  { replicas: from = 0, winner, proposals }: Proposals,
  currentReplicas: number,
): Acted | undefined {
  if (tick.policy.requireFreshSamples !== true || winner === undefined || from === currentReplicas)
    return undefined;
  const sampleAtMs = actedSampleMs(tick, winner, proposals);
  if (sampleAtMs === undefined) return undefined;
  let next: { readonly replicas: number; readonly winner?: number } = { replicas: currentReplicas };
  for (const [index, proposal] of proposals.entries()) {
    const asked = askedBy(proposal);
    if (asked === undefined || asked <= next.replicas || actedSampleMs(tick, index, proposals) !== undefined)
      continue;
    next = { replicas: asked, winner: index };
  }
  // On the way down the smaller proposals of others are no reason to go.
  return { mark: { metric: winner, sampleAtMs, from, to: next.replicas }, ...next };
}

/**
 * The newest sample of a metric where it has led to a rescale. One from before that counts as new where the other lies ahead: then a
 * clock was set back, and nothing would be new for as long as it ran ahead.
 */
function actedSampleMs(
  { policy, snapshot, history, nowMs }: Sampled,
  index: number,
  proposals: Proposals['proposals'],
): number | undefined {
  if (proposals[index]?.ok !== true) return undefined; // A fallback goes by no sample.
  const actedMs = history.metrics?.[metricIds(policy.metrics)[index] ?? '']?.actedSampleAtMs;
  const sampleAtMs = newestSampleMs(snapshot.metrics[index]);
  if (actedMs === undefined || sampleAtMs === undefined || sampleAtMs > actedMs) return undefined;
  return sampleAtMs < actedMs && actedMs > nowMs ? undefined : sampleAtMs;
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
