import type { MetricInputs } from '../decision.ts';
import { ceilToReplicas, maxInt64 } from '../int64.ts';
import type { PodFacts, Reading } from '../snapshot.ts';
import { isWithin } from '../tolerance.ts';
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
  const withinTolerance = current !== 0 && isWithin(tick.tolerance, usageRatio);
  const compared = { of: 'value', milli: totalMilli, targetMilli, format: 'DecimalSI' } as const;
  const inputs = { compared, usageRatio, decidingRatio: usageRatio, withinTolerance };
  if (withinTolerance) return { ok: true, value: { replicas: current, inputs } };
  if (current === 0) return { ok: true, value: { replicas: ceilToReplicas(usageRatio), inputs } };
  if (tick.pods.length === 0) return { ok: false, message: `unable to calculate ready pods: ${noPods}` };
  const ready = tick.pods.filter(isReady).length;
  const pods = { ready, unready: [], missing: [], ignored: [] };
  return { ok: true, value: { replicas: ceilToReplicas(usageRatio * ready), inputs: { ...inputs, pods } } };
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
  const withinTolerance = isWithin(tick.tolerance, usageRatio);
  const averageMilli = perReplicaMilli(totalMilli, statusReplicas);
  const compared = { of: 'average', milli: averageMilli, targetMilli, format: 'DecimalSI' } as const;
  return {
    averageMilli,
    replicas: withinTolerance ? statusReplicas : ceilToReplicas(total / target),
    inputs: { compared, usageRatio, decidingRatio: usageRatio, withinTolerance },
  };
}

/** Rounded up. Over no replicas at all upstream converts infinity to an integer: the smallest int64 on amd64. */
function perReplicaMilli(totalMilli: bigint, statusReplicas: number): bigint {
  const average = Math.ceil(Number(totalMilli) / statusReplicas);
  if (!Number.isFinite(average)) return -(2n ** 63n);
  const milli = BigInt(average);
  return milli > maxInt64 ? maxInt64 : milli;
}
