import type { Finding } from '../conditions.ts';
import type { Decision } from '../decision.ts';
import { scheduleNames } from './schedule-names.ts';

/** Do schedules that are open at once ask for what cannot be? The counts of a ramp change all the time: the names say enough. */
export function schedulesConflict({ decision }: { readonly decision: Decision }): Finding {
  const conflict = decision.trace.schedule?.conflict;
  if (conflict === undefined) {
    const message = 'no open schedule asks for a minimum above the maximum of another';
    return { type: 'SchedulesConflict', status: 'False', reason: 'BoundsAgree', message };
  }
  const [minimum, maximum] = [scheduleNames(conflict.minBy), scheduleNames(conflict.maxBy)];
  const message = `the minimum of ${minimum} is above the maximum of ${maximum}; the minimum counts`;
  return { type: 'SchedulesConflict', status: 'True', reason: 'MinimumAboveMaximum', message };
}
