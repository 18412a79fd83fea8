import type { History, ScaleEvent } from './decision.ts';
import { ceilToReplicas } from './int64.ts';
import type { ScalingPolicy, ScalingRules } from './policy.ts';

/** The count that the rules let a scale-up reach now. Below the current one when recent scale-ups used up the rate. */
export function scaleUpLimit(current: number, history: History, rules: ScalingRules, nowMs: number): number {
  if (rules.selectPolicy === 'Disabled') return current;
  const limits = rules.policies.map((policy) => {
    const start = periodStart(current, history, policy, nowMs);
    if (policy.type === 'Pods') return start + policy.value;
    // Rounded up, or a small percentage would never let the target grow.
    return ceilToReplicas(start * (1 + policy.value / 100));
  });
  return rules.selectPolicy === 'Min' ? Math.min(...limits) : Math.max(...limits);
}

/** The count that the rules let a scale-down reach now. */
export function scaleDownLimit(
  current: number,
  history: History,
  rules: ScalingRules,
  nowMs: number,
): number {
  if (rules.selectPolicy === 'Disabled') return current;
  const limits = rules.policies.map((policy) => {
    const start = periodStart(current, history, policy, nowMs);
    return policy.type === 'Pods' ? start - policy.value : Math.trunc(start * (1 - policy.value / 100));
  });
  return rules.selectPolicy === 'Min' ? Math.max(...limits) : Math.min(...limits);
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
