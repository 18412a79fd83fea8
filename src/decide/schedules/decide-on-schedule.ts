import {
  ableToScale,
  isScheduledToZero,
  isTrue,
  scaledToZero,
  scalingActive,
  scheduledToZero,
  withFindings,
  without,
} from '../conditions.ts';
import type { DecideInput } from '../decide-input.ts';
import type { Decision } from '../decision.ts';
import type { LimiterMark } from '../limiter-marks.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Condition } from '../status.ts';
import { boundsAt } from './bounds.ts';
import type { Bounds } from './bounds.ts';
import { nextTransition } from './next-transition.ts';
import { scheduleNames } from './schedule-names.ts';

/** What is decided within the bounds of a moment. */
export interface BoundedInput extends DecideInput {
  /** A target at zero goes straight to its minimum, before its metrics are looked at. */
  readonly reachesMinimum?: boolean;
}

/**
 * The decision within the bounds that the schedules set now, and what they leave in it: their names, the mark of a target that they
 * scaled to zero, the next transition. An autoscaler without schedules is decided as it is.
 */
export function decideOnSchedule(
  input: DecideInput,
  decideWithin: (bounded: BoundedInput) => Decision,
): Decision {
  const { policy, snapshot, nowMs } = input;
  const { schedules = [] } = policy;
  if (schedules.length === 0 && !isScheduledToZero(snapshot.status.conditions)) return decideWithin(input);
  const bounds = boundsAt(policy, nowMs);
  const { minReplicas, maxReplicas, minBy } = bounds;
  const bounded = {
    ...input,
    policy: { ...policy, minReplicas, maxReplicas },
    snapshot: withoutOldMark(input),
    reachesMinimum: minBy.length > 0 || isScheduledToZero(snapshot.status.conditions),
  };
  const decision = withoutOldZero(named(decideWithin(bounded), bounds));
  const next = nextTransition(schedules, nowMs);
  return {
    ...withMarkOfZero(decision, bounded, bounds),
    ...(next === undefined ? {} : { nextTransition: next }),
  };
}

/** Somebody scaled the target up since: if it is at zero once more, that was not us. */
function withoutOldMark({ snapshot, options, nowMs }: DecideInput): Snapshot {
  const { target, status } = snapshot;
  if (!target.ok || target.value.specReplicas === 0 || !isScheduledToZero(status.conditions)) return snapshot;
  const conditions = options.featureGates.HPAScaleToZero
    ? withFindings(status.conditions, [scaledToZero(false)], nowMs)
    : without(status.conditions, 'ScaledToZero');
  return { ...snapshot, status: { ...status, conditions } };
}

/** On its way back from zero nothing keeps it there any more: what says so would stand for as long as a pause or a dry run holds it. */
function withoutOldZero(decision: Decision): Decision {
  const { verdict, currentReplicas, conditions, afterRescale } = decision;
  if (verdict !== 'OutOfRange' || currentReplicas !== 0) return decision;
  return {
    ...decision,
    conditions: conditions.filter(isNotZeros),
    ...(afterRescale && {
      afterRescale: { ...afterRescale, conditions: afterRescale.conditions.filter(isNotZeros) },
    }),
  };
}

function isNotZeros({ type, reason }: Condition): boolean {
  return type !== 'ScalingActive' || reason !== scalingActive.disabled.reason;
}

/** With the names of the schedules wherever their bound is what counted. */
function named(decision: Decision, bounds: Bounds): Decision {
  const { minBy, maxBy } = bounds;
  if (minBy.length === 0 && maxBy.length === 0) return decision;
  const limiters = decision.trace.limiters.map((mark) => namedMark(mark, bounds));
  const trace = { ...decision.trace, limiters, schedule: bounds };
  return { ...decision, reason: reasonFor(decision, bounds), trace };
}

function namedMark(mark: LimiterMark, { minBy, maxBy }: Bounds): LimiterMark {
  if (mark.limiter !== 'bounds' && mark.limiter !== 'range') return mark;
  const schedules = { TooFewReplicas: minBy, TooManyReplicas: maxBy, DesiredWithinRange: [] }[mark.reason];
  return schedules.length === 0 ? mark : { ...mark, schedules };
}

function reasonFor(
  { verdict, currentReplicas, desiredReplicas, reason }: Decision,
  { minBy, maxBy }: Bounds,
): string {
  if (verdict !== 'OutOfRange') return reason;
  const [side, by] =
    currentReplicas > desiredReplicas ? ['above the maximum', maxBy] : ['below the minimum', minBy];
  return by.length === 0 ? reason : `Current number of replicas ${side} of ${scheduleNames(by)}`;
}

/** A maximum of zero is a schedule's: a target that it scaled to zero, or keeps there, is marked as such. */
function withMarkOfZero(decision: Decision, input: DecideInput, bounds: Bounds): Decision {
  if (bounds.maxReplicas > 0) return decision;
  const names = scheduleNames(bounds.maxBy);
  const { afterRescale, atMs, verdict } = decision;
  if (afterRescale !== undefined) {
    const conditions = withFindings(afterRescale.conditions, [scheduledToZero(names)], atMs);
    return { ...decision, afterRescale: { ...afterRescale, conditions } };
  }
  if (verdict !== 'Disabled' || !wasUs(input)) return decision;
  const { minReplicas, maxReplicas, maxBy: schedules } = bounds;
  const count = { from: 0, to: 0, minReplicas, maxReplicas, schedules };
  const mark = { limiter: 'range', reason: 'DesiredWithinRange', ...count } as const;
  return {
    ...decision,
    conditions: keptAtZero(input, names),
    trace: { ...decision.trace, limiters: [mark], zeroBy: 'ThisAutoscaler' },
  };
}

/**
 * Was it this autoscaler that brought the target to zero? Its mark says so; and where the mark was lost, as the operator died, or the
 * server failed, between the two writes, the last status that was written knows of replicas that were wanted.
 */
function wasUs({ snapshot, options }: DecideInput): boolean {
  const { conditions, desiredReplicas } = snapshot.status;
  if (isScheduledToZero(conditions) || desiredReplicas > 0) return true;
  return options.featureGates.HPAScaleToZero && isTrue(conditions, 'ScaledToZero');
}

function keptAtZero({ snapshot, nowMs }: DecideInput, names: string): readonly Condition[] {
  const findings = [ableToScale.gotScale, scalingActive.scheduledToZero(names), scheduledToZero(names)];
  return withFindings(snapshot.status.conditions, findings, nowMs);
}
