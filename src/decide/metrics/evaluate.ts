import type { MetricSpec } from '../policy.ts';
import type { Proposal } from '../proposal.ts';
import type { MetricReading } from '../snapshot.ts';
import { proposeContainerResource } from './container-resource.ts';
import { proposeExternal } from './external.ts';
import { proposeObject } from './object.ts';
import { proposePodScrape } from './pod-scrape.ts';
import { proposePods } from './pods.ts';
import { proposePrometheus } from './prometheus.ts';
import { proposeResource } from './resource.ts';
import { failed } from './tick.ts';
import type { Tick } from './tick.ts';

type Type = MetricSpec['type'];
type SpecOf<T extends Type> = Extract<MetricSpec, { type: T }>;
type ReadingOf<T extends Type> = T extends 'Resource' | 'ContainerResource'
  ? Extract<MetricReading, { usage: unknown }>
  : Extract<MetricReading, { type: T }>;

/** One file for each type; a new type is a new row. */
const evaluators: { readonly [T in Type]: (spec: SpecOf<T>, reading: ReadingOf<T>, tick: Tick) => Proposal } =
  {
    Resource: (spec, { usage }, tick) => proposeResource(spec, usage, tick),
    ContainerResource: (spec, { usage }, tick) => proposeContainerResource(spec, usage, tick),
    Pods: (spec, { samples }, tick) => proposePods(spec, samples, tick),
    Object: (spec, { milli, timestampMs }, tick) =>
      withAge(proposeObject(spec, milli, tick), tick, timestampMs),
    External: (spec, { milli, timestampMs }, tick) =>
      withAge(proposeExternal(spec, milli, tick), tick, timestampMs),
    PodScrape: (spec, { samples, notScraped }, tick) => proposePodScrape(spec, samples, tick, notScraped),
    Prometheus: (spec, { milli, timestampMs }, tick) =>
      withAge(proposePrometheus(spec, milli, tick), tick, timestampMs),
    Unknown: ({ given }) =>
      failed('InvalidMetricSourceType', `unknown metric source type ${JSON.stringify(given)}`),
  };

/** Metrics of pods tell the age of their samples themselves. */
function withAge(proposal: Proposal, { nowMs }: Tick, timestampMs: number | undefined): Proposal {
  if (!proposal.ok || timestampMs === undefined) return proposal;
  return { ...proposal, inputs: { ...proposal.inputs, sampleAgeMs: nowMs - timestampMs } };
}

/**
 * What one metric asks for.
 * @throws Error when the reading was not taken for this metric: a mistake of the caller
 */
export function evaluate(spec: MetricSpec, reading: MetricReading | undefined, tick: Tick): Proposal {
  if (reading?.type !== spec.type) {
    throw new Error(
      `Cannot evaluate a ${spec.type} metric as its reading is of type ${reading?.type ?? 'none'}`,
    );
  }
  const evaluator = evaluators[spec.type] as (
    spec: MetricSpec,
    reading: MetricReading,
    tick: Tick,
  ) => Proposal;
  return evaluator(spec, reading, tick);
}
