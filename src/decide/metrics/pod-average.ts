import type { Comparison, MetricInputs } from '../decision.ts';
import { ceilToReplicas } from '../int64.ts';
import type { Int64 } from '../int64.ts';
import type { Reading } from '../snapshot.ts';
import { isWithin } from '../tolerance.ts';
import { groupPods } from './group-pods.ts';
import type { PodGroups, Samples } from './group-pods.ts';
import { noMetricsForPods, noPods } from './tick.ts';
import type { Tick } from './tick.ts';

/** How samples are held against a target: percent of requests, or a plain average. */
export interface Yardstick {
  readonly measure: (samples: Samples) => Reading<Measurement>;
  /** What a pod without a sample is taken to use when its absence could let replicas go. */
  readonly assumedUsage: (podName: string) => Int64;
}

export interface Measurement {
  readonly usageRatio: number;
  readonly averageMilli: Int64;
  readonly compared: Comparison;
}

/** A proposal from samples that belong to pods. */
export interface PodAverage {
  readonly replicas: number;
  readonly measured: Measurement;
  readonly inputs: MetricInputs;
}

/**
 * The replicas at which the average of the pods meets its target. The samples are used up.
 * @param yardstickFor called once the samples are known to be of use
 */
export function proposeByAverage(
  tick: Tick,
  samples: Samples,
  cpu: boolean,
  yardstickFor: () => Reading<Yardstick>,
): Reading<PodAverage> {
  if (tick.pods.length === 0) return { ok: false, message: noPods };
  const groups = groupPods(tick.pods, samples, { cpu, options: tick.options, nowMs: tick.nowMs });
  for (const name of groups.ignored) samples.delete(name);
  for (const name of groups.unready) samples.delete(name);
  if (samples.size === 0) return { ok: false, message: noMetricsForPods };
  const yardstick = yardstickFor();
  if (!yardstick.ok) return yardstick;
  const measured = yardstick.value.measure(samples);
  if (!measured.ok) return measured;
  const { replicas, decidingRatio } = propose(tick, samples, groups, yardstick.value, measured.value);
  return { ok: true, value: average(tick, groups, measured.value, replicas, decidingRatio) };
}

function average(
  tick: Tick,
  groups: PodGroups,
  measured: Measurement,
  replicas: number,
  decidingRatio: number,
): PodAverage {
  const { usageRatio, compared } = measured;
  const withinTolerance = isWithin(tick.tolerance, decidingRatio);
  const { readyCount: ready, unready, missing, ignored } = groups;
  const pods = { ready, unready, missing, ignored };
  return { replicas, measured, inputs: { compared, usageRatio, decidingRatio, withinTolerance, pods } };
}

interface Ratioed {
  readonly replicas: number;
  readonly decidingRatio: number;
}

function propose(
  tick: Tick,
  samples: Samples,
  groups: PodGroups,
  yardstick: Yardstick,
  { usageRatio }: Measurement,
): Ratioed {
  const current = tick.scale.specReplicas;
  const idle = usageRatio > 1 ? groups.unready : [];
  if (idle.length === 0 && groups.missing.length === 0) {
    const within = isWithin(tick.tolerance, usageRatio);
    return {
      replicas: within ? current : ceilToReplicas(usageRatio * groups.readyCount),
      decidingRatio: usageRatio,
    };
  }
  fillIn(samples, groups.missing, assumption(yardstick, usageRatio));
  fillIn(samples, idle, () => 0);
  const filled = yardstick.measure(samples);
  const decidingRatio = filled.ok ? filled.value.usageRatio : usageRatio;
  return { replicas: cautiously(tick, usageRatio, decidingRatio, samples.size), decidingRatio };
}

/** Missing pods are taken to use what speaks against a change: all on the way down, nothing on the way up. */
function assumption(yardstick: Yardstick, usageRatio: number): ((podName: string) => Int64) | undefined {
  if (usageRatio < 1) return yardstick.assumedUsage;
  return usageRatio > 1 ? () => 0 : undefined;
}

function fillIn(
  samples: Samples,
  names: readonly string[],
  usage: ((podName: string) => Int64) | undefined,
): void {
  if (usage === undefined) return;
  for (const name of names) samples.set(name, { value: usage(name), timestampMs: 0, windowMs: 0 });
}

/** Stays at the current replicas where filled-in pods level or reverse what the measured ones asked for. */
function cautiously(tick: Tick, measuredRatio: number, filledRatio: number, podCount: number): number {
  const current = tick.scale.specReplicas;
  const reversed = (measuredRatio < 1 && filledRatio > 1) || (measuredRatio > 1 && filledRatio < 1);
  if (reversed || isWithin(tick.tolerance, filledRatio)) return current;
  const replicas = ceilToReplicas(filledRatio * podCount);
  const backwards = (filledRatio < 1 && replicas > current) || (filledRatio > 1 && replicas < current);
  return backwards ? current : replicas;
}
