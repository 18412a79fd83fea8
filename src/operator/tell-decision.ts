import { wireDecision } from '../api/decision-status.ts';
import type { LimitWords, WireDecision } from '../api/decision-status.ts';
import type { Decision } from '../decide/decision.ts';
import { explain } from '../decide/explain.ts';
import { limiterReason } from '../decide/explain-limiters.ts';
import { deviationReason } from '../decide/explain-pods.ts';
import { limiterEndMs } from '../decide/limiter-end.ts';
import { metricId } from '../decide/metrics/metric-id.ts';
import type { Policy } from '../decide/policy.ts';
import { changedBy, deviationsOf } from '../decide/trace.ts';

/** A decision with its words, as the status, the log and the ring have it. */
export function tellDecision(decision: Decision, { metrics }: Pick<Policy, 'metrics'>): WireDecision {
  return wireDecision(decision, {
    reason: explain(decision),
    limits: limitsOf(decision),
    metrics: metrics.map(metricId),
  });
}

function limitsOf({ trace, atMs }: Decision): readonly LimitWords[] {
  const deviations = deviationsOf(trace).map((deviation) => ({
    ...stepOf(deviation),
    message: deviationReason(deviation, atMs),
    untilMs: undefined,
  }));
  const limits = changedBy(trace).map((mark) => ({
    ...stepOf(mark),
    message: limiterReason(mark, atMs),
    untilMs: limiterEndMs(mark),
  }));
  return [...deviations, ...limits];
}

function stepOf({ limiter, reason, from, to }: Omit<LimitWords, 'untilMs' | 'message'>) {
  return { limiter, reason, from, to };
}
