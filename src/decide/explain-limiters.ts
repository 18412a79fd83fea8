import { formatSpan } from '../lib/duration.ts';
import type {
  ActivationMark,
  BoundsMark,
  LimiterMark,
  ProposalMark,
  RateMark,
  StabilizationMark,
} from './decision.ts';
import { readableQuantity } from './readable-quantity.ts';
import { scheduleNames } from './schedules/schedule-names.ts';

/**
 * What a limiter changed; undefined where it changed nothing, and for one metric's own, which is told with the metric.
 * @param nowMs when the decision was made, from which times are told
 */
export function limiterText(mark: LimiterMark, nowMs: number): string | undefined {
  if (mark.from === mark.to) return undefined;
  const change = `${mark.to} instead of ${mark.from}`;
  switch (mark.limiter) {
    case 'tolerance':
    case 'caution':
    case 'activation':
      return undefined;
    case 'ignored':
      return `${change}: the last replica stays while a metric is ignored`;
    case 'stabilization':
      return `${change}: ${stabilizationText(mark, nowMs)}`;
    case 'rate':
      return `${change}: ${rateText(mark, nowMs)}`;
    case 'bounds':
    case 'range':
      return `${change}: ${boundsText(mark)}`;
  }
}

/** Why a metric's proposal was held, as a note to it. */
export function proposalMarkText(mark: ProposalMark | ActivationMark): string {
  const change = mark.from === mark.to ? '' : `${mark.to} instead of ${mark.from}: `;
  switch (mark.limiter) {
    case 'tolerance':
      return `${change}within the tolerance of ${toleranceText(mark.tolerance)}`;
    case 'caution':
      return `${change}pods without usable metrics could turn it round`;
    case 'activation':
      return `${change}only more than ${readableQuantity(mark.activationMilli, 'DecimalSI')} wakes it from zero`;
  }
}

function toleranceText({ up, down }: ProposalMark['tolerance']): string {
  return up === down ? percentText(up) : `-${percentText(down)} to +${percentText(up)}`;
}

/** To a hundredth of a percent, as doubles have tails: `7.000000000000001`. */
function percentText(ratio: number): string {
  return `${Math.round(ratio * 10_000) / 100} %`;
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
