import type { MetricTarget } from '../policy.ts';
import type { FailedProposal, Proposal } from '../proposal.ts';
import type { PodUsage, Reading } from '../snapshot.ts';
import type { MetricStatus } from '../status.ts';
import type { Samples } from './group-pods.ts';
import { proposeByAverage } from './pod-average.ts';
import type { PodAverage } from './pod-average.ts';
import { failed } from './tick.ts';
import type { Tick } from './tick.ts';
import { plainAverage, utilization } from './yardsticks.ts';
import type { Yardstick } from './yardsticks.ts';

/** What Resource and ContainerResource differ in. */
export interface UsageMetric {
  readonly resource: string;
  readonly container?: string;
  readonly target: MetricTarget;
  readonly samples: (pods: readonly PodUsage[]) => Samples;
  readonly reason: string;
  readonly error: string;
  readonly description: string;
  readonly status: (value: UsageStatus) => MetricStatus;
}

interface UsageStatus {
  readonly averageMilli: bigint;
  readonly averageUtilization?: number;
}

const noTarget =
  'invalid resource metric source: neither an average utilization target nor an average value (usage) target was set';

/** A metric of metrics.k8s.io. `averageValue` wins over `averageUtilization` where both are set. */
export function proposeByUsage(
  tick: Tick,
  usage: Reading<readonly PodUsage[]>,
  metric: UsageMetric,
): Proposal {
  const { averageMilli, averageUtilization } = metric.target;
  if (averageMilli !== undefined) return byAverageValue(tick, usage, metric, averageMilli);
  if (averageUtilization !== undefined) return byUtilization(tick, usage, metric, averageUtilization);
  return failure(metric, noTarget);
}

function byAverageValue(
  tick: Tick,
  usage: Reading<readonly PodUsage[]>,
  metric: UsageMetric,
  targetMilli: bigint,
): Proposal {
  const format = metric.resource === 'memory' ? 'BinarySI' : 'DecimalSI';
  const found = average(tick, usage, metric, plainAverage(targetMilli, format));
  if (!found.ok) return failure(metric, `failed to get ${metric.resource} usage: ${found.message}`);
  const { replicas, measured, inputs } = found.value;
  const status = metric.status({ averageMilli: BigInt(measured.averageMilli) });
  return { ok: true, replicas, description: `${metric.resource} resource`, status, inputs };
}

function byUtilization(
  tick: Tick,
  usage: Reading<readonly PodUsage[]>,
  metric: UsageMetric,
  targetPercent: number,
): Proposal {
  const { resource, container } = metric;
  const podLevelResources = tick.options.featureGates.PodLevelResources;
  const yardstick = utilization({ resource, container, podLevelResources }, targetPercent);
  const found = average(tick, usage, metric, yardstick);
  if (!found.ok) return failure(metric, `failed to get ${resource} utilization: ${found.message}`);
  const { replicas, measured, inputs } = found.value;
  const averageMilli = BigInt(measured.averageMilli);
  const percent =
    measured.compared.of === 'utilization' ? { averageUtilization: measured.compared.percent } : {};
  return {
    ok: true,
    replicas,
    description: metric.description,
    status: metric.status({ averageMilli, ...percent }),
    inputs,
  };
}

function average(
  tick: Tick,
  usage: Reading<readonly PodUsage[]>,
  metric: UsageMetric,
  yardstick: Yardstick,
): Reading<PodAverage> {
  const unable = `unable to get metrics for resource ${metric.resource}`;
  if (!usage.ok) {
    return {
      ok: false,
      message: `${unable}: unable to fetch metrics from resource metrics API: ${usage.message}`,
    };
  }
  if (usage.value.length === 0) {
    return { ok: false, message: `${unable}: no metrics returned from resource metrics API` };
  }
  return proposeByAverage(tick, metric.samples(usage.value), metric.resource === 'cpu', yardstick);
}

function failure(metric: UsageMetric, message: string): FailedProposal {
  return failed(metric.reason, message, `${metric.error}: ${message}`);
}
