import type { ActivationMark } from '../limiter-marks.ts';
import type { MetricOptions } from '../policy.ts';
import type { Proposal } from '../proposal.ts';
import type { MetricReading } from '../snapshot.ts';
import { totalMilli } from './readings.ts';

/** At zero replicas, a value that does not reach beyond `activationMilli` asks for none. Anywhere else it says nothing. */
export function activated(
  proposal: Proposal,
  { activationMilli }: MetricOptions,
  reading: MetricReading,
  currentReplicas: number,
): Proposal {
  if (activationMilli === undefined || currentReplicas > 0 || !proposal.ok) return proposal;
  const total = totalMilli(reading);
  if (total === undefined || total > activationMilli) return proposal;
  return { ...proposal, replicas: 0, inputs: { ...proposal.inputs, held: 'BelowActivation' } };
}

/** The proposals that `activated` held at zero. */
export function activationMarks(
  proposals: readonly Proposal[],
  metrics: readonly MetricOptions[],
): readonly ActivationMark[] {
  return proposals.flatMap((proposal, metric) => {
    const activationMilli = metrics[metric]?.activationMilli;
    if (!proposal.ok || proposal.inputs.held !== 'BelowActivation' || activationMilli === undefined)
      return [];
    const { held: reason, askedReplicas: from } = proposal.inputs;
    return [{ limiter: 'activation', from, to: 0, reason, metric, activationMilli }];
  });
}
