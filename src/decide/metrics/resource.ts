import { add } from '../int64.ts';
import type { Int64 } from '../int64.ts';
import type { MetricSpec } from '../policy.ts';
import type { Proposal } from '../proposal.ts';
import type { PodUsage, Reading } from '../snapshot.ts';
import type { Sample, Samples } from './group-pods.ts';
import { proposeByUsage } from './usage.ts';
import type { Tick } from './tick.ts';

type ResourceSpec = Extract<MetricSpec, { type: 'Resource' }>;

/** CPU or memory of whole pods. */
export function proposeResource(
  spec: ResourceSpec,
  usage: Reading<readonly PodUsage[]>,
  tick: Tick,
): Proposal {
  const { resource, target } = spec;
  return proposeByUsage(tick, usage, {
    resource,
    target,
    samples: (pods) => podSamples(pods, resource),
    reason: 'FailedGetResourceMetric',
    error: `failed to get ${resource} resource metric value`,
    description: `${resource} resource utilization (percentage of request)`,
    status: (value) => ({ type: 'Resource', resource, ...value }),
  });
}

/** The sum over a pod's containers; no sample where one container lacks the resource, or there is no container. */
function podSamples(pods: readonly PodUsage[], resource: string): Samples {
  const samples = new Map<string, Sample>();
  for (const pod of pods) {
    const value = podSum(pod, resource);
    if (value === undefined) continue;
    samples.set(pod.name, { value, timestampMs: pod.timestampMs, windowMs: pod.windowMs });
  }
  return samples;
}

function podSum(pod: PodUsage, resource: string): Int64 | undefined {
  if (pod.containers.length === 0) return undefined;
  let sum: Int64 = 0;
  for (const container of pod.containers) {
    const usage = container.usage[resource];
    if (usage === undefined) return undefined;
    sum = add(sum, usage);
  }
  return sum;
}
