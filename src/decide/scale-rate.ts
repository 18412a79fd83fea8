import type { History, ScaleEvent } from './history.ts';
import { ceilToReplicas, maxInt32 } from './int64.ts';
import type { RateRule } from './limiter-marks.ts';
import type { ScalingPolicy, ScalingRules } from './policy.ts';

/** How far the rules let the replicas go now, and which of them says so. */
export interface RateLimit {
  readonly replicas: number;
  /** Absent with `selectPolicy: Disabled`, and where no policy says anything. */
  readonly policy?: ScalingPolicy;
  /** What the policy counts from; absent with it. */
  readonly startReplicas?: number;
}

/** What a type of policy makes of the replicas at the start of its period. */
type Reach = ReadonlyMap<string, (start: number, value: number) => number>;

const reachUp: Reach = new Map([
  ['Pods', (start, value) => start + value],
  // Rounded up, or a small percentage would never let the target grow.
  ['Percent', (start, value) => ceilToReplicas(start * (1 + value / 100))],
]);

const reachDown: Reach = new Map([
  ['Pods', (start, value) => start - value],
  ['Percent', (start, value) => Math.trunc(start * (1 - value / 100))],
]);

/** The count that the rules let a scale-up reach now. Below the current one when recent scale-ups used up the rate. */
export function scaleUpLimit(
  current: number,
  history: History,
  rules: ScalingRules,
  nowMs: number,
): RateLimit {
  const limits = limitsOf(current, history, rules, nowMs, reachUp);
  return select(current, limits, rules.selectPolicy, 1);
}

/** The count that the rules let a scale-down reach now. */
export function scaleDownLimit(
  current: number,
  history: History,
  rules: ScalingRules,
  nowMs: number,
): RateLimit {
  const limits = limitsOf(current, history, rules, nowMs, reachDown);
  return select(current, limits, rules.selectPolicy, -1);
}

/** One for each policy. As upstream: one of a type that nobody knows repeats the limit before it, or is 0. */
function limitsOf(
  current: number,
  history: History,
  rules: ScalingRules,
  nowMs: number,
  reach: Reach,
): readonly RateLimit[] {
  let limit: RateLimit = { replicas: 0 };
  return rules.policies.map((policy) => {
    const reached = reach.get(policy.type);
    if (reached !== undefined) {
      const startReplicas = periodStart(current, history, policy, nowMs);
      limit = { replicas: reached(startReplicas, policy.value), policy, startReplicas };
    }
    return limit;
  });
}

/**
 * The limit that goes furthest with `Max`, least far with `Min`; the first of equal ones. No API server takes rules without a
 * policy; upstream then moves nothing with `Max`, and without a limit with `Min`.
 * @param direction 1 where further is more replicas, -1 where it is fewer
 */
function select(
  current: number,
  limits: readonly RateLimit[],
  selectPolicy: ScalingRules['selectPolicy'],
  direction: 1 | -1,
): RateLimit {
  if (selectPolicy === 'Disabled') return { replicas: current };
  const sign = selectPolicy === 'Min' ? -direction : direction;
  let best: RateLimit | undefined;
  for (const limit of limits) {
    if (best === undefined || (limit.replicas - best.replicas) * sign > 0) best = limit;
  }
  return best ?? { replicas: selectPolicy === 'Min' ? direction * maxInt32 : current };
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
  { policy, startReplicas = 0 }: RateLimit,
  leftPods: number,
  used: readonly ScaleEvent[],
  nowMs: number,
): RateRule {
  if (policy === undefined) return { type: 'Disabled' };
  const { type, value, periodSeconds } = policy;
  const periodMs = periodSeconds * 1000;
  let oldestMs = nowMs;
  for (const { atMs } of used) if (atMs > nowMs - periodMs && atMs < oldestMs) oldestMs = atMs;
  return { type, value, periodSeconds, startReplicas, leftPods, backAtMs: oldestMs + periodMs };
}
