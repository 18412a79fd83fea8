import { int64 } from '../int64.ts';
import type { MetricSpec } from '../policy.ts';
import type { FailedProposal, Proposal } from '../proposal.ts';
import type { PodMetricSample, Reading } from '../snapshot.ts';
import type { Sample } from './group-pods.ts';
import { proposeByAverage } from './pod-average.ts';
import { failed, selectorProblem } from './tick.ts';
import type { Tick } from './tick.ts';
import { plainAverage } from './yardsticks.ts';

type PodsSpec = Extract<MetricSpec, { type: 'Pods' }>;

/** A custom metric that describes each pod, held against an average. */
export function proposePods(
  spec: PodsSpec,
  samples: Reading<readonly PodMetricSample[]>,
  tick: Tick,
): Proposal {
  const { metric } = spec;
  const problem = selectorProblem(metric);
  if (problem !== undefined) return failure(problem);
  if (!samples.ok) return unable(spec, `unable to fetch metrics from custom metrics API: ${samples.message}`);
  if (samples.value.length === 0) return unable(spec, 'no metrics returned from custom metrics API');
  const byPod = new Map<string, Sample>();
  for (const { podName, milli, timestampMs, windowMs } of samples.value) {
    byPod.set(podName, { value: int64(milli), timestampMs, windowMs });
  }
  const yardstick = plainAverage(spec.target.averageMilli ?? 0n);
  const found = proposeByAverage(tick, byPod, false, yardstick);
  if (!found.ok) return failure(found.message);
  const { replicas, measured, inputs } = found.value;
  const status = { type: 'Pods', metric, averageMilli: BigInt(measured.averageMilli) } as const;
  return { ok: true, replicas, description: `pods metric ${metric.name}`, status, inputs };
}

function unable(spec: PodsSpec, cause: string): FailedProposal {
  return failure(`unable to get metric ${spec.metric.name}: ${cause}`);
}

function failure(message: string): FailedProposal {
  return failed('FailedGetPodsMetric', message, `failed to get pods metric value: ${message}`);
}
