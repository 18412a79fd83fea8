import type { MetricSpec } from '../policy.ts';
import type { Proposal } from '../proposal.ts';
import type { PodUsage, Reading } from '../snapshot.ts';
import type { Sample, Samples } from './group-pods.ts';
import { proposeByUsage } from './usage.ts';
import type { Tick } from './tick.ts';

type ContainerResourceSpec = Extract<MetricSpec, { type: 'ContainerResource' }>;

/** CPU or memory of one container of each pod. */
export function proposeContainerResource(
  spec: ContainerResourceSpec,
  usage: Reading<readonly PodUsage[]>,
  tick: Tick,
): Proposal {
  const { resource, container, target } = spec;
  return proposeByUsage(tick, usage, {
    resource,
    container,
    target,
    samples: (pods) => containerSamples(pods, resource, container),
    reason: 'FailedGetContainerResourceMetric',
    error: `failed to get ${resource} container metric value`,
    description: `${resource} container resource utilization (percentage of request)`,
    status: (value) => ({ type: 'ContainerResource', resource, container, ...value }),
  });
}

function containerSamples(pods: readonly PodUsage[], resource: string, name: string): Samples {
  const samples = new Map<string, Sample>();
  for (const pod of pods) {
    const value = pod.containers.find((container) => container.name === name)?.usage[resource];
    if (value === undefined) continue;
    samples.set(pod.name, { value, timestampMs: pod.timestampMs, windowMs: pod.windowMs });
  }
  return samples;
}
