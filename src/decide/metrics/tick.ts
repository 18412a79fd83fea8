import type { EventRecord } from '../decision.ts';
import type { ControllerOptions } from '../policy.ts';
import type { FailedProposal } from '../proposal.ts';
import type { MetricIdentifier } from '../references.ts';
import type { PodFacts, TargetScale } from '../snapshot.ts';
import type { Tolerance } from '../tolerance.ts';
import { SelectorError, selectorFromLabelSelector } from '../../lib/selector.ts';

/** What every metric of one tick has in common. */
export interface Tick {
  readonly namespace: string;
  readonly scale: TargetScale;
  readonly pods: readonly PodFacts[];
  readonly tolerance: Tolerance;
  readonly options: ControllerOptions;
  readonly nowMs: number;
}

export const noPods = 'no pods returned by selector while calculating replica count';
export const noMetricsForPods = 'did not receive metrics for targeted pods (pods might be unready)';

/** @param wrapped how upstream passes the error on; the message itself where it adds nothing */
export function failed(reason: EventRecord['reason'], message: string, wrapped = message): FailedProposal {
  return { ok: false, reason, message, error: wrapped };
}

/** What is wrong with a metric's selector; undefined when nothing is. The API accepts values that no label can have. */
export function selectorProblem(metric: MetricIdentifier): string | undefined {
  if (metric.selector === undefined) return undefined;
  try {
    selectorFromLabelSelector(metric.selector);
    return undefined;
  } catch (error) {
    if (error instanceof SelectorError) return error.message;
    throw error;
  }
}

/** A label selector as Go prints it; upstream's messages hold it in this form. */
export function selectorText({ selector }: MetricIdentifier): string {
  if (selector === undefined) return 'nil';
  const labels = Object.entries(selector.matchLabels ?? {})
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}: ${value},`);
  const expressions = (selector.matchExpressions ?? []).map(
    ({ key, operator, values }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${(values ?? []).join(' ')}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`;
}
