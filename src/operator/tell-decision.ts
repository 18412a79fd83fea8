import { wireDecision } from '../api/decision-status.ts';
import type { WireDecision } from '../api/decision-status.ts';
import type { Decision } from '../decide/decision.ts';
import { explain } from '../decide/explain.ts';
import { limiterReason } from '../decide/explain-limiters.ts';
import { metricId } from '../decide/metrics/metric-id.ts';
import type { Policy } from '../decide/policy.ts';

/** A decision with its words, as the status, the log and the ring have it. */
export function tellDecision(decision: Decision, { metrics }: Pick<Policy, 'metrics'>): WireDecision {
  return wireDecision(decision, {
    reason: explain(decision),
    limit: (mark) => limiterReason(mark, decision.atMs),
    metrics: metrics.map(metricId),
  });
}
