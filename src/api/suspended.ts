import type * as wire from './generated/custom-autoscaler.ts';
import { defined, timeText } from './json.ts';
import type { Suspension } from '../decide/policy.ts';

/** What a pause holds back, as the status shows it. */
export function wireSuspension(suspension: Suspension): wire.SuspensionInForce {
  const { scaleUp, scaleDown, untilMs, reason } = suspension;
  return defined({
    scaleUp,
    scaleDown,
    until: untilMs === undefined ? undefined : timeText(untilMs),
    reason,
  });
}
