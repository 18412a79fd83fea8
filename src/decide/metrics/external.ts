import { maxInt64 } from '../int64.ts';
import type { MetricSpec } from '../policy.ts';
import type { FailedProposal, Proposal } from '../proposal.ts';
import type { Reading } from '../snapshot.ts';
import { failed, selectorProblem, selectorText } from './tick.ts';
import type { Tick } from './tick.ts';
import { proposeByAverageValue, proposeByValue } from './total.ts';

type ExternalSpec = Extract<MetricSpec, { type: 'External' }>;

/** The sum of series from outside the cluster. An average wins over a value where both are set. */
export function proposeExternal(
  spec: ExternalSpec,
  series: Reading<readonly bigint[]>,
  tick: Tick,
): Proposal {
  const { averageMilli, valueMilli } = spec.target;
  if (averageMilli === undefined && valueMilli === undefined) {
    return failure(
      spec,
      'invalid external metric source: neither a value target nor an average value target was set',
    );
  }
  const readable = readSeries(spec, series, tick);
  if (!readable.ok) {
    return failure(
      spec,
      readable.message,
      `failed to get ${spec.metric.name} external metric: ${readable.message}`,
    );
  }
  if (averageMilli !== undefined) return byAverage(spec, readable.value, tick, averageMilli);
  return byValue(spec, readable.value, tick, valueMilli ?? 0n);
}

function readSeries(
  { metric }: ExternalSpec,
  series: Reading<readonly bigint[]>,
  tick: Tick,
): Reading<readonly bigint[]> {
  const problem = selectorProblem(metric);
  if (problem !== undefined) return { ok: false, message: problem };
  const unable = `unable to get external metric ${tick.namespace}/${metric.name}/${selectorText(metric)}`;
  if (!series.ok) {
    return {
      ok: false,
      message: `${unable}: unable to fetch metrics from external metrics API: ${series.message}`,
    };
  }
  if (series.value.length > 0) return series;
  return { ok: false, message: `${unable}: no metrics returned from external metrics API` };
}

function byValue(spec: ExternalSpec, series: readonly bigint[], tick: Tick, targetMilli: bigint): Proposal {
  const { metric } = spec;
  const totalMilli = series.reduce((sum, milli) => smaller(sum + milli, maxInt64), 0n);
  const found = proposeByValue(tick, totalMilli, targetMilli);
  if (!found.ok) {
    return failure(spec, found.message, `failed to get ${metric.name} external metric: ${found.message}`);
  }
  const status = { type: 'External', metric, valueMilli: totalMilli } as const;
  return { ok: true, description: describe(spec), status, ...found.value };
}

function byAverage(spec: ExternalSpec, series: readonly bigint[], tick: Tick, targetMilli: bigint): Proposal {
  const { metric } = spec;
  const total = cappedTotal(series);
  const found = proposeByAverageValue(tick, total.milli, targetMilli);
  const averageMilli = total.capped ? total.milli : found.averageMilli;
  const status = { type: 'External', metric, averageMilli } as const;
  return { ok: true, description: describe(spec), status, replicas: found.replicas, inputs: found.inputs };
}

/** Upstream takes every negative running sum for an overflow: as much as there can be. */
function cappedTotal(series: readonly bigint[]): { readonly milli: bigint; readonly capped: boolean } {
  let sum = 0n;
  for (const milli of series) {
    sum += milli;
    if (sum < 0n || sum > maxInt64) return { milli: maxInt64, capped: true };
  }
  return { milli: sum, capped: false };
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function describe({ metric }: ExternalSpec): string {
  return `external metric ${metric.name}(${selectorText(metric)})`;
}

function failure({ metric }: ExternalSpec, message: string, error = message): FailedProposal {
  return failed(
    'FailedGetExternalMetric',
    message,
    `failed to get ${metric.name} external metric value: ${error}`,
  );
}
