import { ceilToReplicas } from '../int64.ts';
import type { CountedPods, MetricInputs } from '../proposal.ts';
import type { Reading } from '../snapshot.ts';
import { isWithin } from '../tolerance.ts';
import { groupPods } from './group-pods.ts';
import type { PodGroups, Samples } from './group-pods.ts';
import { podGroup } from './pod-group.ts';
import { noMetricsForPods, noPods } from './tick.ts';
import type { Tick } from './tick.ts';
import { addTotals } from './yardsticks.ts';
import type { Measurement, Total, Yardstick } from './yardsticks.ts';

/** A proposal from samples that belong to pods. */
export interface PodAverage {
  readonly replicas: number;
  readonly measured: Measurement;
  readonly inputs: MetricInputs;
}

/** The replicas at which the average of the pods meets its target. The samples are used up. */
export function proposeByAverage(
  tick: Tick,
  samples: Samples,
  cpu: boolean,
  yardstick: Yardstick,
): Reading<PodAverage> {
  if (tick.pods.length === 0) return { ok: false, message: noPods };
  const groups = groupPods(tick.pods, samples, { cpu, options: tick.options, nowMs: tick.nowMs });
  for (const { name } of groups.ignored) samples.delete(name);
  for (const { name } of groups.unready) samples.delete(name);
  if (samples.size === 0) return { ok: false, message: noMetricsForPods };
  const total = yardstick.total(samples, tick.pods, groups);
  if (!total.ok) return total;
  const measured = yardstick.measure(total.value);
  const pods = countedPods(groups, measured.usageRatio);
  const { replicas, ...arithmetic } = isAssumed(pods)
    ? byAssumed(tick, yardstick, { groups, pods, measured, total: total.value, sampleCount: samples.size })
    : byMeasured(tick, measured, groups);
  const { compared, usageRatio } = measured;
  const age = ageOf(samples, tick.nowMs);
  return {
    ok: true,
    value: { replicas, measured, inputs: { compared, usageRatio, ...arithmetic, ...age, pods } },
  };
}

/**
 * Missing pods are taken to use what speaks against a change: as much as they may on the way down, nothing on the
 * way up. Unready ones count on the way up alone, as idle.
 */
function countedPods(groups: PodGroups, usageRatio: number): CountedPods {
  const speaksAgainst = usageRatio > 1 ? 'Idle' : usageRatio < 1 ? 'Busy' : undefined;
  return {
    ready: podGroup(groups.ready),
    unready: podGroup(groups.unready, usageRatio > 1 ? 'Idle' : undefined),
    missing: podGroup(groups.missing, speaksAgainst),
    ignored: podGroup(groups.ignored),
  };
}

function isAssumed({ unready, missing }: CountedPods): boolean {
  return unready.countedAs !== undefined || missing.countedAs !== undefined;
}

type Arithmetic = { readonly replicas: number } & Pick<
  MetricInputs,
  'decidingRatio' | 'askedReplicas' | 'held'
>;

function byMeasured(tick: Tick, { usageRatio }: Measurement, { ready }: PodGroups): Arithmetic {
  const askedReplicas = ceilToReplicas(usageRatio * ready.length);
  if (!isWithin(tick.tolerance, usageRatio)) {
    return { replicas: askedReplicas, decidingRatio: usageRatio, askedReplicas };
  }
  return {
    replicas: tick.scale.specReplicas,
    decidingRatio: usageRatio,
    askedReplicas,
    held: 'WithinTolerance',
  };
}

interface Measured {
  readonly groups: PodGroups;
  readonly pods: CountedPods;
  readonly measured: Measurement;
  readonly total: Total;
  readonly sampleCount: number;
}

function byAssumed(tick: Tick, yardstick: Yardstick, given: Measured): Arithmetic {
  const { groups, pods, measured } = given;
  const [missing, unready] = (['missing', 'unready'] as const).map((group) => {
    const { countedAs } = pods[group];
    return countedAs === undefined ? nothing : yardstick.assume(groups[group], countedAs);
  }) as [Total, Total];
  const total = addTotals(given.total, addTotals(missing, unready));
  const decidingRatio = yardstick.measure(total).usageRatio;
  const podCount = given.sampleCount + missing.count + unready.count;
  const askedReplicas = ceilToReplicas(decidingRatio * podCount);
  const held = whyHeld(tick, measured.usageRatio, decidingRatio, askedReplicas);
  if (held === undefined) return { replicas: askedReplicas, decidingRatio, askedReplicas };
  const byMeasuredAlone = ceilToReplicas(measured.usageRatio * groups.ready.length);
  const asked = held === 'PodsWithoutUsage' ? byMeasuredAlone : askedReplicas;
  return { replicas: tick.scale.specReplicas, decidingRatio, askedReplicas: asked, held };
}

const nothing: Total = { usage: 0, requested: 0, count: 0 };

/** Replicas stay where assumed usage levels or reverses what the measured one asked for. */
function whyHeld(
  tick: Tick,
  measuredRatio: number,
  ratio: number,
  askedReplicas: number,
): MetricInputs['held'] {
  if (isWithin(tick.tolerance, ratio)) return 'WithinTolerance';
  const current = tick.scale.specReplicas;
  const reversed = (measuredRatio < 1 && ratio > 1) || (measuredRatio > 1 && ratio < 1);
  const backwards = (ratio < 1 && askedReplicas > current) || (ratio > 1 && askedReplicas < current);
  return reversed || backwards ? 'PodsWithoutUsage' : undefined;
}

/** Of the oldest sample; of one that came without a time (before 1970: Go's zero time) nothing is known. */
function ageOf(samples: Samples, nowMs: number): { readonly sampleAgeMs?: number } {
  let oldestMs = Infinity;
  for (const { timestampMs } of samples.values()) if (timestampMs < oldestMs) oldestMs = timestampMs;
  return oldestMs < 0 ? {} : { sampleAgeMs: nowMs - oldestMs };
}
