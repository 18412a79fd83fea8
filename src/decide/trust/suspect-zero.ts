import type { MetricMemory } from '../history.ts';
import type { Tick } from '../metrics/tick.ts';
import type { MetricOptions } from '../policy.ts';
import type { Proposal } from '../proposal.ts';

/** A metric's answer. */
export type Good = Extract<Proposal, { ok: true }>;

/** Whether all that a metric showed is zero: less than any target, whatever it is compared with. */
export function showsZero({ inputs, status }: Good): boolean {
  const { compared } = inputs;
  if (compared.of !== 'utilization') return compared.milli === 0n;
  return 'averageMilli' in status && status.averageMilli === 0n; // Percent are cut off.
}

/**
 * Since when a zero is suspected: a metric that was above zero when it was last good is not believed to be gone before it has shown
 * nothing but zeros for `suspectZeroMs`.
 *
 *     value     5   5   0   0   x   0   0   0        x: an error begins the wait anew
 *     zeroSince         t2  t2      t5  t5  -        believed once now - zeroSince reaches suspectZeroMs
 *
 * @returns undefined when there is no zero, or it is believed, or there are no replicas that it could take away
 */
export function suspectedSince(
  proposal: Good,
  { suspectZeroMs }: MetricOptions,
  { lastGood, zeroSinceMs }: MetricMemory,
  { nowMs, scale }: Tick,
): number | undefined {
  if (suspectZeroMs === undefined || scale.specReplicas === 0) return undefined;
  if (lastGood?.nonZero !== true || !showsZero(proposal)) return undefined;
  const sinceMs = Math.min(zeroSinceMs ?? nowMs, nowMs);
  return nowMs - sinceMs < suspectZeroMs ? sinceMs : undefined;
}
