import { ceilToReplicas, maxInt64 } from '../int64.ts';
import type { Comparison, CountedPods, MetricInputs } from '../proposal.ts';
import type { PodFacts, Reading } from '../snapshot.ts';
import { isWithin } from '../tolerance.ts';
import { podGroup } from './pod-group.ts';
import { noPods } from './tick.ts';
import type { Tick } from './tick.ts';

/** A proposal from one number that belongs to no pod: an object's metric, or a sum of external series. */
export interface TotalProposal {
  readonly replicas: number;
  readonly inputs: MetricInputs;
}

/** The whole number against a target: the ready pods times the ratio. From zero, the ratio itself is the count. */
export function proposeByValue(tick: Tick, totalMilli: bigint, targetMilli: bigint): Reading<TotalProposal> {
  const usageRatio = Number(totalMilli) / Number(targetMilli);
  const current = tick.scale.specReplicas;
  const compared = { of: 'value', milli: totalMilli, targetMilli, format: 'DecimalSI' } as const;
  const ratios = { compared, usageRatio, decidingRatio: usageRatio };
  if (current === 0) {
    const replicas = ceilToReplicas(usageRatio);
    return { ok: true, value: { replicas, inputs: { ...ratios, askedReplicas: replicas } } };
  }
  const within = isWithin(tick.tolerance, usageRatio);
  if (tick.pods.length === 0 && !within) {
    return { ok: false, message: `unable to calculate ready pods: ${noPods}` };
  }
  const pods = readyPods(tick.pods);
  const askedReplicas = ceilToReplicas(usageRatio * pods.ready.count);
  const inputs = { ...ratios, askedReplicas, pods };
  return within
    ? { ok: true, value: { replicas: current, inputs: { ...inputs, held: 'WithinTolerance' } } }
    : { ok: true, value: { replicas: askedReplicas, inputs } };
}

/** Readiness alone counts here; the others are left out. */
function readyPods(pods: readonly PodFacts[]): CountedPods {
  const [ready, unready]: [PodFacts[], PodFacts[]] = [[], []];
  for (const pod of pods) (isReady(pod) ? ready : unready).push(pod);
  return { ready: podGroup(ready), unready: podGroup(unready), missing: podGroup([]), ignored: podGroup([]) };
}

function isReady(pod: PodFacts): boolean {
  return pod.phase === 'Running' && pod.ready?.status === 'True';
}

/** Per replica against a target, by the target's own count (`status.replicas`): no pod is looked at. */
export function proposeByAverageValue(
  tick: Tick,
  totalMilli: bigint,
  targetMilli: bigint,
): TotalProposal & { readonly averageMilli: bigint } {
  const { statusReplicas } = tick.scale;
  const total = Number(totalMilli);
  const target = Number(targetMilli);
  const usageRatio = total / (target * statusReplicas);
  const averageMilli = perReplicaMilli(totalMilli, statusReplicas);
  const compared: Comparison =
    statusReplicas === 0 // There is no average, and what upstream makes of it says nothing to people.
      ? { of: 'total', milli: totalMilli, targetMilli, format: 'DecimalSI' }
      : { of: 'average', milli: averageMilli, targetMilli, format: 'DecimalSI' };
  const askedReplicas = ceilToReplicas(total / target);
  const inputs = { compared, usageRatio, decidingRatio: usageRatio, askedReplicas };
  return isWithin(tick.tolerance, usageRatio)
    ? { averageMilli, replicas: statusReplicas, inputs: { ...inputs, held: 'WithinTolerance' } }
    : { averageMilli, replicas: askedReplicas, inputs };
}

/** Rounded up. Over no replicas at all upstream converts infinity to an integer: the smallest int64 on amd64. */
function perReplicaMilli(totalMilli: bigint, statusReplicas: number): bigint {
  const average = Math.ceil(Number(totalMilli) / statusReplicas);
  if (!Number.isFinite(average)) return -(2n ** 63n);
  const milli = BigInt(average);
  return milli > maxInt64 ? maxInt64 : milli;
}
