import { maxInt64 } from '../int64.ts';
import type { MetricSpec } from '../policy.ts';
import type { FailedProposal, Proposal } from '../proposal.ts';
import type { Reading } from '../snapshot.ts';
import { metricName } from '../trust/metric-name.ts';
import { failed } from './tick.ts';
import type { Tick } from './tick.ts';
import { proposeByAverageValue, proposeByValue } from './total.ts';

type PrometheusSpec = Extract<MetricSpec, { type: 'Prometheus' }>;

/** The one number that a query gives, by the arithmetic of an External metric: an average wins over a value where both are set. */
export function proposePrometheus(spec: PrometheusSpec, milli: Reading<bigint>, tick: Tick): Proposal {
  const { averageMilli, valueMilli } = spec.target;
  if (averageMilli === undefined && valueMilli === undefined)
    return failure(spec, 'neither a value target nor an average value target was set');
  if (!milli.ok) return failure(spec, milli.message);
  // As of an External metric: there is no more than the largest int64.
  const totalMilli = milli.value > maxInt64 ? maxInt64 : milli.value;
  if (averageMilli !== undefined) return byAverage(spec, totalMilli, tick, averageMilli);
  return byValue(spec, totalMilli, tick, valueMilli ?? 0n);
}

function byValue(spec: PrometheusSpec, totalMilli: bigint, tick: Tick, targetMilli: bigint): Proposal {
  const found = proposeByValue(tick, totalMilli, targetMilli);
  if (!found.ok) return failure(spec, found.message);
  return { ok: true, ...told(spec, { valueMilli: totalMilli }), ...found.value };
}

function byAverage(spec: PrometheusSpec, totalMilli: bigint, tick: Tick, targetMilli: bigint): Proposal {
  const { averageMilli, replicas, inputs } = proposeByAverageValue(tick, totalMilli, targetMilli);
  return { ok: true, ...told(spec, { averageMilli }), replicas, inputs };
}

function told(spec: PrometheusSpec, value: { valueMilli: bigint } | { averageMilli: bigint }) {
  const { server, query } = spec;
  return { description: metricName(spec), status: { type: 'Prometheus', server, query, ...value } } as const;
}

function failure(spec: PrometheusSpec, cause: string): FailedProposal {
  return failed('FailedGetPrometheusMetric', `${metricName(spec)} of server ${spec.server}: ${cause}`);
}
