import type { LastGood, MetricMemory } from '../history.ts';
import { evaluate } from '../metrics/evaluate.ts';
import type { Tick } from '../metrics/tick.ts';
import type { MetricOptions, MetricSpec } from '../policy.ts';
import type { FailedProposal, Failing, Proposal } from '../proposal.ts';
import type { MetricReading } from '../snapshot.ts';
import { isWithin } from '../tolerance.ts';
import { activated } from './activation.ts';
import { freshReading } from './fresh-reading.ts';
import { metricName } from './metric-name.ts';
import { meanwhileOf } from './on-error.ts';
import { causeOf, withoutValue } from './readings.ts';
import { showsZero, suspectedSince } from './suspect-zero.ts';
import type { Good } from './suspect-zero.ts';
import { timeText } from './time-text.ts';

/** One metric of a policy and what is known of it. */
export interface Metric {
  readonly id: string;
  readonly spec: MetricSpec;
  readonly reading: MetricReading | undefined;
  readonly memory: MetricMemory;
  /** The policy needs the last good evaluation, whatever the metric itself asks for. */
  readonly wantsLastGood: boolean;
}

export interface Judged {
  readonly proposal: Proposal;
  /** What to remember of the metric. */
  readonly memory: MetricMemory;
}

/**
 * What one metric asks for, and how far that is to be trusted. In order:
 *
 * | step                | what it does                                                                      |
 * |---------------------|-----------------------------------------------------------------------------------|
 * | maxAge              | leaves out samples that are too old; no sample left is a failure                  |
 * | evaluate            | the HPA's own arithmetic                                                          |
 * | suspectZero         | a sudden zero is a failure until it has lasted                                    |
 * | onError             | says what is done with a failure, by its length                                   |
 * | activation          | at zero replicas, a small value asks for none                                     |
 *
 * A metric without any of these is evaluated and nothing else, and nothing of it is remembered.
 */
export function judge(metric: Metric, tick: Tick): Judged {
  const { spec, reading: given, memory } = metric;
  if (given === undefined) return { proposal: evaluate(spec, given, tick), memory: {} };
  const { reading, stale } = freshReading(given, spec.maxAgeMs, tick.nowMs);
  const found = evaluate(spec, reading, tick);
  if (!found.ok) return failed(metric, found, causeOf(reading) ?? found.message, tick);
  const zeroSinceMs = suspectedSince(found, spec, memory, tick);
  if (zeroSinceMs !== undefined) return suspected(metric, reading, zeroSinceMs, tick);
  const told = stale === undefined ? found : { ...found, inputs: { ...found.inputs, stale } };
  const proposal = activated(told, spec, reading, tick.scale.specReplicas);
  const lastGood = remembersGood(metric) ? { lastGood: goodness(found, tick) } : {};
  return { proposal, memory: { ...actedSample(memory), ...lastGood } };
}

/** Like a source that fails: what it would have asked for is told nowhere. */
function suspected(metric: Metric, reading: MetricReading, zeroSinceMs: number, tick: Tick): Judged {
  const untilMs = zeroSinceMs + (metric.spec.suspectZeroMs ?? 0);
  const cause = `a sudden zero, not believed before ${timeText(untilMs)}`;
  const found = evaluate(metric.spec, withoutValue(reading, cause), tick);
  const { proposal, memory } = found.ok
    ? { proposal: found, memory: {} }
    : failed(metric, found, cause, tick);
  return { proposal, memory: { ...memory, zeroSinceMs } };
}

function failed(metric: Metric, proposal: FailedProposal, cause: string, tick: Tick): Judged {
  const { id, spec, reading, memory } = metric;
  if (tick.scale.specReplicas === 0 && isOfPods(reading)) return { proposal, memory: actedSample(memory) };
  const { lastGood } = memory;
  const kept = { ...actedSample(memory), ...(lastGood && remembersGood(metric) ? { lastGood } : {}) };
  if (!isWatched(spec)) return { proposal, memory: kept };
  const failingSinceMs = Math.min(memory.failingSinceMs ?? tick.nowMs, tick.nowMs);
  const meanwhile = meanwhileOf(spec.onError, failingSinceMs, tick.scale.specReplicas, tick.nowMs);
  const failing: Failing = { metric: id, name: metricName(spec), sinceMs: failingSinceMs, cause, meanwhile };
  return { proposal: { ...proposal, failing }, memory: { ...kept, failingSinceMs } };
}

/** Whether the policy asks for more than the HPA does with a metric that fails. */
function isWatched({ onError, maxAgeMs, suspectZeroMs }: MetricOptions): boolean {
  return onError !== undefined || maxAgeMs !== undefined || suspectZeroMs !== undefined;
}

/** Where no pod is wanted there is none to be measured: that is no failure that a fallback could be for. */
function isOfPods(reading: MetricReading | undefined): boolean {
  return reading !== undefined && ('usage' in reading || 'samples' in reading);
}

function remembersGood({ spec, wantsLastGood }: Metric): boolean {
  return wantsLastGood || spec.suspectZeroMs !== undefined;
}

function actedSample({ actedSampleAtMs }: MetricMemory): MetricMemory {
  return actedSampleAtMs === undefined ? {} : { actedSampleAtMs };
}

function goodness(proposal: Good, { tolerance, nowMs: atMs }: Tick): LastGood {
  const { usageRatio } = proposal.inputs;
  return {
    atMs,
    replicas: proposal.replicas,
    aboveTarget: usageRatio > 1 && !isWithin(tolerance, usageRatio),
    nonZero: !showsZero(proposal),
  };
}
