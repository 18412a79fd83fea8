import type { NotScraped } from './snapshot.ts';
import type { MetricStatus } from './status.ts';

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
