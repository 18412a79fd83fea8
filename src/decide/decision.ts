import type { Bounds } from './schedules/bounds.ts';
import type { Transition } from './schedules/next-transition.ts';
import type { NotScraped, Rival } from './snapshot.ts';
import type { AutoscalerStatus, ColdStart, Condition, MetricStatus } from './status.ts';

/** What an autoscaler remembers between ticks. Immutable: each tick returns the next one. */
export interface History {
  readonly recommendations: readonly Recommendation[];
  readonly scaleUps: readonly ScaleEvent[];
  readonly scaleDowns: readonly ScaleEvent[];
  /** By the metric's identity (metric-id.ts); absent where nothing of the policy needs a memory of metrics. */
  readonly metrics?: Readonly<Record<string, MetricMemory>>;
  /** When the replicas were last stepped up as no pod was ready; absent once one is (step-up.ts). */
  readonly steppedUpAtMs?: number;
  /** When the target was brought up from zero; absent once a pod is ready (cold-start.ts). */
  readonly wokeAtMs?: number;
}

/** What is remembered of one metric. */
export interface MetricMemory {
  readonly failingSinceMs?: number;
  readonly zeroSinceMs?: number;
  readonly lastGood?: LastGood;
  /** Of the newest sample that has led to a rescale; kept with `requireFreshSamples` only (fresh-samples.ts). */
  readonly actedSampleAtMs?: number;
}

/** The last time that a metric could be evaluated. */
export interface LastGood {
  readonly atMs: number;
  /** What it asked for. */
  readonly replicas: number;
  /** Usage was above the target, and not within the tolerance. */
  readonly aboveTarget: boolean;
  /** The value was above zero. */
  readonly nonZero: boolean;
}

export interface Recommendation {
  readonly atMs: number;
  readonly replicas: number;
}

export interface ScaleEvent {
  readonly atMs: number;
  /** Pods added or removed; positive in both lists. */
  readonly change: number;
  /** Older than every policy's period of its direction: the last such place is written over. */
  readonly outdated: boolean;
}

export interface EventRecord {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** One metric's answer, with the inputs that led to it. */
export type Proposal =
  | {
      readonly ok: true;
      readonly replicas: number;
      /** As upstream names it in messages: `cpu resource utilization (percentage of request)`. */
      readonly description: string;
      readonly status: MetricStatus;
      readonly inputs: MetricInputs;
    }
  | FailedProposal;

/** A metric that could not be evaluated: never a zero. */
export interface FailedProposal {
  readonly ok: false;
  /** As in the condition and the event: `FailedGetResourceMetric`. */
  readonly reason: string;
  /** As in the event of this metric. */
  readonly message: string;
  /** As upstream wraps it in `invalid metrics (1 invalid out of 1), first error is: ...`. */
  readonly error: string;
  /** Present exactly where the policy says how far the metric is to be trusted. */
  readonly failing?: Failing;
}

/** Since when a metric fails, and what is done in the meantime. */
export interface Failing {
  /** Its identity: `Resource/cpu`. */
  readonly metric: string;
  /** As people call it: `cpu`. */
  readonly name: string;
  readonly sinceMs: number;
  /** Without upstream's words around it: `connection refused`. */
  readonly cause: string;
  readonly meanwhile: Meanwhile;
}

/** `Held`: it forbids scaling down; `Ignored`: as if it was not there; `Fallback`: it proposes so many. */
export type Meanwhile =
  | { readonly type: 'Held'; readonly next?: NextMeanwhile }
  | { readonly type: 'Ignored' }
  | { readonly type: 'Fallback'; readonly replicas: number };

/** What follows if it fails until then; a fallback's count is that of the policy. */
export type NextMeanwhile =
  | { readonly type: 'Ignored'; readonly atMs: number }
  | { readonly type: 'Fallback'; readonly atMs: number; readonly replicas: number };

/** What a metric showed against what its target asks for. */
export type Comparison =
  | { readonly of: 'utilization'; readonly percent: number; readonly targetPercent: number }
  | {
      /** `total`: of what there are no replicas yet to share; the target is what each of them should have. */
      readonly of: 'average' | 'value' | 'total';
      readonly milli: bigint;
      readonly targetMilli: bigint;
      /** How people write it: memory in BinarySI, all else in DecimalSI. */
      readonly format: 'DecimalSI' | 'BinarySI';
    };

/** The arithmetic behind a proposal, for people. */
export interface MetricInputs {
  readonly compared: Comparison;
  /** Usage over target, before missing and unready pods are filled in. */
  readonly usageRatio: number;
  /** The ratio that decided, after filling in; the same as usageRatio where nothing was filled in. */
  readonly decidingRatio: number;
  /** What the deciding ratio alone asks for; where pods without usage held it, what the others alone ask for. */
  readonly askedReplicas: number;
  /**
   * Why the proposal is no change instead: the ratio lies within the tolerance, or what was assumed of pods without
   * usage levels or reverses what the others show; or, at zero replicas, it does not reach what would wake the target.
   */
  readonly held?: 'WithinTolerance' | 'PodsWithoutUsage' | 'BelowActivation';
  /** Age of the oldest sample that counted; absent where the source gives none. Negative when its clock is ahead. */
  readonly sampleAgeMs?: number;
  /** Absent where no pod was looked at. */
  readonly pods?: CountedPods;
  /** Pods whose sample was left out as too old; absent when there are none. */
  readonly stale?: PodGroup & { readonly maxAgeMs: number };
  /** Pods whose Prometheus endpoint gave no sample, by why; absent when there are none. */
  readonly notScraped?: readonly NotScraped[];
}

/** The target's pods by their part in the average; see metrics/group-pods.ts. */
export interface CountedPods {
  readonly ready: PodGroup;
  readonly unready: PodGroup;
  readonly missing: PodGroup;
  readonly ignored: PodGroup;
}

export interface PodGroup {
  readonly count: number;
  /** The first of them. */
  readonly names: readonly string[];
  /** What each was taken to use in place of a sample; absent: its sample, or it was left out. */
  readonly countedAs?: AssumedUsage;
}

/** Nothing at all, or all that the pod requests and no less than its target. */
export type AssumedUsage = 'Idle' | 'Busy';

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

/** Pods that the selector matches, by whether they counted. */
export interface PodSelectionMark {
  /** False where the target's ReplicaSets are not known: then the selector alone chooses. */
  readonly byOwner: boolean;
  readonly counted: number;
  /** At most one entry for each reason. */
  readonly leftOut: readonly LeftOut[];
}

export interface LeftOut {
  /**
   * - NotOwned: it belongs to somebody else, or to nobody.
   * - Deleting, Finished (Succeeded or Failed): it serves no more.
   * - Surge: there are more pods than `spec.replicas`, and newer or readier ones were taken.
   */
  readonly reason: 'NotOwned' | 'Deleting' | 'Finished' | 'Surge';
  readonly count: number;
  /** The first of them. */
  readonly names: readonly string[];
}

export interface AlreadyActedOn {
  /** Index into proposals. */
  readonly metric: number;
  /** Of the newest sample. */
  readonly sampleAtMs: number;
  /** What the metrics asked for once more. */
  readonly from: number;
  readonly to: number;
}

/** No pod is ready and the metrics fail for it: what was asked for instead, before the limits (step-up.ts). */
interface SteppedUp {
  readonly from: number;
  readonly to: number;
}

/** What a trace has of its own where the metrics are not followed, as a step like a limiter's. */
export type Deviation =
  | ({ readonly limiter: 'stepUp'; readonly reason: 'NoPodReady' } & SteppedUp)
  | ({ readonly limiter: 'alreadyActedOn'; readonly reason: 'SampleActedOn' } & AlreadyActedOn);

/** Why the decision is what it is, as data: of a bounded size, see trace.ts. */
export interface Trace {
  /** One for each metric of the policy, in its order; none when the metrics were not asked. */
  readonly proposals: readonly Proposal[];
  /** Index into proposals; absent when none was valid or metrics were not looked at. */
  readonly winner?: number;
  readonly limiters: readonly LimiterMark[];
  /** Whose pods counted; present with `podSelection: Owned`. */
  readonly podSelection?: PodSelectionMark;
  /** Times of the autoscaler's own; both present where it sets one of them. */
  readonly startup?: { readonly initializationPeriodMs: number; readonly readinessDelayMs: number };
  readonly stepUp?: SteppedUp;
  /** The winner's samples had led to a rescale already, so the replicas stay (fresh-samples.ts). */
  readonly alreadyActedOn?: AlreadyActedOn;
  /** Who brought the target to zero; present with the verdict `Disabled` where the feature gate lets it be told. */
  readonly zeroBy?: 'ThisAutoscaler' | 'SomebodyElse';
  /** The bounds that open schedules set; absent while none is open. */
  readonly schedule?: Bounds;
  /** Whom else the target listens to, the first of them; present exactly when the verdict is `Contested`. */
  readonly rivals?: readonly Rival[];
}

/**
 * How far a tick came.
 * - TargetUnreadable: the scale could not be read; nothing but a condition changes.
 * - Contested: other autoscalers scale the same target; nothing is computed while both would write.
 * - Disabled: the target is at zero, which switches autoscaling off.
 * - OutOfRange: current replicas lie outside min and max; straight back in, without metrics.
 * - MetricsFailed: nothing to go by, or too little to scale down by.
 * - Computed: the metrics decided.
 */
export type Verdict =
  'TargetUnreadable' | 'Contested' | 'Disabled' | 'OutOfRange' | 'MetricsFailed' | 'Computed';

/** The result of one tick, before anything was written. */
export interface Decision {
  readonly atMs: number;
  readonly verdict: Verdict;
  /** 0 when the target could not be read. */
  readonly currentReplicas: number;
  readonly desiredReplicas: number;
  /** True when the target should have another count: then the scale is written, but for a dry run and a pause. */
  readonly rescale: boolean;
  /** The mode is `DryRun`: the other count is reported and never written. Only where `rescale` is true. */
  readonly dryRun?: true;
  /** A pause holds the other count back: it is reported and not written. Only where `rescale` is true. */
  readonly suspended?: true;
  /** As in the event: `cpu resource utilization (percentage of request) above target`. Empty without a rescale. */
  readonly reason: string;
  /** Conditions as they stand before the write of the scale. */
  readonly conditions: readonly Condition[];
  readonly currentMetrics: readonly MetricStatus[] | null;
  /** Events in upstream's order, without the one that tells how the write went. */
  readonly events: readonly EventRecord[];
  /** History with this tick's recommendation; undefined as long as the target was never read. */
  readonly history: History | undefined;
  /** What stands instead once the scale is written; present exactly when `rescale` is true. */
  readonly afterRescale?: { readonly conditions: readonly Condition[]; readonly history: History };
  /** Present in the tick in which the first pod is ready after zero. */
  readonly coldStart?: ColdStart;
  /** When a schedule opens or closes next; absent where none does. */
  readonly nextTransition?: Transition;
  readonly trace: Trace;
}

/** A write that the plan asks for. */
export type Action = { readonly type: 'Scale'; readonly replicas: number; readonly resourceVersion?: string };

/** How the write of the scale went. */
export type Outcome =
  | { readonly type: 'NotNeeded' }
  /** Another count was asked for, and not written as the mode is `DryRun`. */
  | { readonly type: 'DryRun' }
  /** Another count was asked for, and not written as a pause holds it back. */
  | { readonly type: 'Suspended' }
  | { readonly type: 'Scaled' }
  | { readonly type: 'Refused'; readonly message: string };

/** What stands after the write: the next status, its events and the next History. */
export interface Settlement {
  readonly status: AutoscalerStatus;
  /** False when the status is semantically equal to the one read: then nothing is written. */
  readonly statusChanged: boolean;
  readonly events: readonly EventRecord[];
  readonly history: History | undefined;
}
