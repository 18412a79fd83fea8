import type { History, RateRule, ScaleEvent } from './decision.ts';
import { ceilToReplicas } from './int64.ts';
import type { ScalingPolicy, ScalingRules } from './policy.ts';

/** How far the rules let the replicas go now, and which of them says so. */
export interface RateLimit {
  readonly replicas: number;
  /** Absent with `selectPolicy: Disabled`. */
  readonly policy?: ScalingPolicy;
}

/** The count that the rules let a scale-up reach now. Below the current one when recent scale-ups used up the rate. */
export function scaleUpLimit(
  current: number,
  history: History,
  rules: ScalingRules,
  nowMs: number,
): RateLimit {
  const limits = rules.policies.map((policy) => {
    const start = periodStart(current, history, policy, nowMs);
    // Rounded up, or a small percentage would never let the target grow.
    const replicas =
      policy.type === 'Pods' ? start + policy.value : ceilToReplicas(start * (1 + policy.value / 100));
    return { replicas, policy };
  });
  return select(current, limits, rules.selectPolicy, (a, b) => a.replicas > b.replicas);
}

/** The count that the rules let a scale-down reach now. */
export function scaleDownLimit(
  current: number,
  history: History,
  rules: ScalingRules,
  nowMs: number,
): RateLimit {
  const limits = rules.policies.map((policy) => {
    const start = periodStart(current, history, policy, nowMs);
    const replicas =
      policy.type === 'Pods' ? start - policy.value : Math.trunc(start * (1 - policy.value / 100));
    return { replicas, policy };
  });
  return select(current, limits, rules.selectPolicy, (a, b) => a.replicas < b.replicas);
}

/** The limit that goes furthest with `Max`, least far with `Min`; the first of equal ones. */
function select(
  current: number,
  limits: readonly RateLimit[],
  selectPolicy: ScalingRules['selectPolicy'],
  goesFurther: (a: RateLimit, b: RateLimit) => boolean,
): RateLimit {
  if (selectPolicy === 'Disabled') return { replicas: current };
  return limits.reduce((best, limit) => {
    const better = selectPolicy === 'Min' ? goesFurther(best, limit) : goesFurther(limit, best);
    return better ? limit : best;
  });
}

/** The replicas at the start of a policy's period: scale events of both directions undone. */
function periodStart(current: number, history: History, policy: ScalingPolicy, nowMs: number): number {
  const cutoffMs = nowMs - policy.periodSeconds * 1000;
  return current - changeSince(history.scaleUps, cutoffMs) + changeSince(history.scaleDowns, cutoffMs);
}

function changeSince(events: readonly ScaleEvent[], cutoffMs: number): number {
  let change = 0;
  for (const event of events) if (event.atMs > cutoffMs) change += event.change;
  return change;
}

/**
 * The rule behind a limit, for the trace.
 * @param leftPods how far the limit lets the replicas go from the current ones
 * @param used the scale events of the limit's direction, which used up its budget
 */
export function rateRule(
  { policy }: RateLimit,
  leftPods: number,
  used: readonly ScaleEvent[],
  nowMs: number,
): RateRule {
  if (policy === undefined) return { type: 'Disabled' };
  const { type, value, periodSeconds } = policy;
  const periodMs = periodSeconds * 1000;
  let oldestMs = nowMs;
  for (const { atMs } of used) if (atMs > nowMs - periodMs && atMs < oldestMs) oldestMs = atMs;
  return { type, value, periodSeconds, leftPods, backAtMs: oldestMs + periodMs };
}
