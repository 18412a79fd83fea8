import { formatSpan } from '../lib/duration.ts';
import type {
  ActivationMark,
  BoundsMark,
  LimiterMark,
  ProposalMark,
  RateMark,
  StabilizationMark,
} from './limiter-marks.ts';
import { readableQuantity } from './readable-quantity.ts';
import { scheduleNames } from './schedules/schedule-names.ts';
import { suspendedText } from './suspend.ts';

/**
 * What a limiter changed; undefined where it changed nothing, and for one metric's own, which is told with the metric.
 * @param nowMs when the decision was made, from which times are told
 */
export function limiterText(mark: LimiterMark, nowMs: number): string | undefined {
  if (mark.from === mark.to) return undefined;
  const reason = limiterReason(mark, nowMs);
  return reason === undefined ? undefined : `${mark.to} instead of ${mark.from}: ${reason}`;
}

/** Why a limiter changed the count; undefined for one metric's own. */
export function limiterReason(mark: LimiterMark, nowMs: number): string | undefined {
  switch (mark.limiter) {
    case 'tolerance':
    case 'caution':
    case 'activation':
      return undefined;
    case 'suspended':
      return suspendedText(mark);
    case 'ignored':
      return 'the last replica stays while a metric is ignored';
    case 'stabilization':
      return stabilizationText(mark, nowMs);
    case 'rate':
      return rateText(mark, nowMs);
    case 'bounds':
    case 'range':
      return boundsText(mark);
  }
}

/**
 * Why a metric's proposal was held, as a note to it: `no change: ratio 0.93 within 0.9-1.1`.
 * @param ratio what was compared with the tolerance
 */
export function proposalMarkText(mark: ProposalMark | ActivationMark, ratio: number): string {
  const change = mark.from === mark.to ? '' : `${mark.to} instead of ${mark.from}: `;
  switch (mark.limiter) {
    case 'tolerance':
      return `${change || 'no change: '}ratio ${ratioText(ratio)} within ${toleranceText(mark.tolerance)}`;
    case 'caution':
      return `${change}pods without usable metrics could turn it round`;
    case 'activation':
      return `${change}only more than ${readableQuantity(mark.activationMilli, 'DecimalSI')} wakes it from zero`;
  }
}

function toleranceText({ up, down }: ProposalMark['tolerance']): string {
  return `${boundText(1 - down)}-${boundText(1 + up)}`;
}

/** What is within stays within: a ratio is never rounded across a bound that has so many digits itself. */
function ratioText(ratio: number): string {
  return String(Math.round(ratio * 1000) / 1000);
}

/** To a ten thousandth, as doubles have tails: `1.0999999999999999`. */
function boundText(ratio: number): string {
  return String(Math.round(ratio * 10_000) / 10_000);
}

function stabilizationText({ by, reason }: StabilizationMark, nowMs: number): string {
  if (by === undefined) return `held by recent recommendations`;
  const which = reason === 'ScaleUpStabilized' ? 'scale-up' : 'scale-down';
  const [left, age] = [by.expiresAtMs - nowMs, nowMs - by.atMs];
  const howLong = left <= 0 ? 'until now' : `for ${span(left)} more`;
  return `${which} held ${howLong} by the recommendation of ${by.replicas} from ${span(age)} ago`;
}

function rateText({ by, reason }: RateMark, nowMs: number): string {
  const [which, sign] =
    reason === 'ScaleUpLimit' ? (['scale-up', '+'] as const) : (['scale-down', '-'] as const);
  switch (by.type) {
    case 'Disabled':
      return `${which} is disabled`;
    case 'Doubling':
      return `${which} limited to twice the replicas, or 4, in one step`;
    case 'Pods':
    case 'Percent': {
      const amount = `${sign}${by.value}${by.type === 'Percent' ? ' %' : ''}`;
      const period = formatSpan(by.periodSeconds * 1000);
      return `${which} limited to ${amount} in ${period} from ${by.startReplicas}, more in ${span(by.backAtMs - nowMs)}`;
    }
  }
}

/** A recording may hold times that are to come. */
function span(ms: number): string {
  return formatSpan(Math.max(0, ms));
}

function boundsText({ reason, schedules }: BoundsMark): string {
  const [verb, ofSpec, ofSchedules] = boundsTexts[reason];
  return `${verb} ${schedules === undefined ? ofSpec : `${ofSchedules} of ${scheduleNames(schedules)}`}`;
}

const boundsTexts: Readonly<Record<BoundsMark['reason'], readonly [string, string, string]>> = {
  DesiredWithinRange: ['within', 'the bounds', 'the bounds'],
  TooFewReplicas: ['raised to', 'minReplicas', 'the minimum'],
  TooManyReplicas: ['limited by', 'maxReplicas', 'the maximum'],
};
