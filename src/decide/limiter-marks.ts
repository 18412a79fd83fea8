import type { Recommendation } from './history.ts';

/** A step that changed the number, or could have; each leaves one mark, in the order in which it ran. */
export type LimiterMark =
  ProposalMark | ActivationMark | IgnoredMark | StabilizationMark | RateMark | BoundsMark | SuspendedMark;

/** One metric's own proposal was held. */
export interface ProposalMark {
  readonly limiter: 'tolerance' | 'caution';
  readonly from: number;
  readonly to: number;
  readonly reason: 'WithinTolerance' | 'PodsWithoutUsage';
  /** Index into proposals. */
  readonly metric: number;
  /** How far usage may be below and above its target, as ratios. */
  readonly tolerance: { readonly up: number; readonly down: number };
}

/** One metric does not wake the target from zero. */
export interface ActivationMark {
  readonly limiter: 'activation';
  readonly from: number;
  readonly to: number;
  readonly reason: 'BelowActivation';
  /** Index into proposals. */
  readonly metric: number;
  readonly activationMilli: bigint;
}

/** The last replica stays while a metric is ignored: it could be the one that speaks against zero. */
export interface IgnoredMark {
  readonly limiter: 'ignored';
  readonly from: number;
  readonly to: number;
  readonly reason: 'IgnoredMetric';
}

export interface StabilizationMark {
  readonly limiter: 'stabilization';
  readonly from: number;
  readonly to: number;
  readonly reason: 'ReadyForNewScale' | 'ScaleUpStabilized' | 'ScaleDownStabilized';
  /** The recommendation that holds the count: of those that alone are enough, the one that expires last. */
  readonly by?: Recommendation & { readonly expiresAtMs: number };
}

export interface RateMark {
  readonly limiter: 'rate';
  readonly from: number;
  readonly to: number;
  readonly reason: 'ScaleUpLimit' | 'ScaleDownLimit';
  readonly by: RateRule;
}

/** What set the speed. */
export type RateRule =
  /** Without `behavior`: in one step to twice the current replicas, or to 4. */
  | { readonly type: 'Doubling' }
  /** `selectPolicy: Disabled`. */
  | { readonly type: 'Disabled' }
  | {
      readonly type: 'Pods' | 'Percent';
      readonly value: number;
      readonly periodSeconds: number;
      /** The replicas at the start of the period, from which the policy counts: what was scaled in it undone. */
      readonly startReplicas: number;
      /** Pods of the policy's budget that are left now, before this decision uses them. */
      readonly leftPods: number;
      /** When the first of the budget comes back: as its oldest use leaves the period, or this one's where there is none. */
      readonly backAtMs: number;
    };

/** `range`: the target was outside of the bounds before any metric was asked. */
export interface BoundsMark {
  readonly limiter: 'bounds' | 'range';
  readonly from: number;
  readonly to: number;
  readonly reason: 'DesiredWithinRange' | 'TooFewReplicas' | 'TooManyReplicas';
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** The schedules that set the bound; absent where it is the spec's own. */
  readonly schedules?: readonly string[];
}

/** A pause keeps the current count: the last of all steps. */
export interface SuspendedMark {
  readonly limiter: 'suspended';
  /** What would be scaled to. */
  readonly from: number;
  readonly to: number;
  readonly reason: 'ScaleUpSuspended' | 'ScaleDownSuspended';
  /** When the pause ends; absent where it does not by itself. */
  readonly untilMs?: number;
  /** In the words of whoever paused it. */
  readonly why?: string;
}
