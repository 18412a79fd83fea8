import type { LimiterMark, ProposalMark } from './limiter-marks.ts';
import type { FailedProposal, Proposal } from './proposal.ts';
import type { Bounds } from './schedules/bounds.ts';
import type { Rival } from './snapshot.ts';
import type { Tolerance } from './tolerance.ts';

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

/** Why the decision is what it is, as data: of a bounded size, see `traceOf`. */
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

/** Metrics whose pods are named; those of later ones are told by their number, as they are mostly the same pods. */
const maxNamedMetrics = 10;
/** Characters of a failure; servers answer with whole pages. */
const maxMessage = 512;

/** What a decision was made of, no larger for a thousand pods than for ten. */
export function traceOf(
  proposals: readonly Proposal[],
  winner: number | undefined,
  limiters: readonly LimiterMark[],
): Trace {
  const bounded = proposals.map(bound);
  return winner === undefined ? { proposals: bounded, limiters } : { proposals: bounded, winner, limiters };
}

/** The proposals that were held at no change, as the limiters that run before all others. */
export function proposalMarks(proposals: readonly Proposal[], tolerance: Tolerance): readonly ProposalMark[] {
  const marks: ProposalMark[] = [];
  for (const [metric, proposal] of proposals.entries()) {
    if (!proposal.ok) continue;
    const { held: reason, askedReplicas: from } = proposal.inputs;
    if (reason === undefined || reason === 'BelowActivation') continue; // trust/activation.ts marks that
    const limiter = reason === 'WithinTolerance' ? 'tolerance' : 'caution';
    marks.push({ limiter, from, to: proposal.replicas, reason, metric, tolerance });
  }
  return marks;
}

function bound(proposal: Proposal, index: number): Proposal {
  if (!proposal.ok) return shorten(proposal);
  const { pods, stale, notScraped } = proposal.inputs;
  if (index < maxNamedMetrics || pods === undefined) return proposal;
  const unnamed = {
    ready: { ...pods.ready, names: [] },
    unready: { ...pods.unready, names: [] },
    missing: { ...pods.missing, names: [] },
    ignored: { ...pods.ignored, names: [] },
  };
  const inputs = {
    ...{ ...proposal.inputs, pods: unnamed },
    ...(stale && { stale: { ...stale, names: [] } }),
    ...(notScraped && { notScraped: notScraped.map(({ reason, count }) => ({ reason, count, names: [] })) }),
  };
  return { ...proposal, inputs };
}

function shorten(proposal: FailedProposal): FailedProposal {
  const { message, error, failing } = proposal;
  if (message.length <= maxMessage && error.length <= maxMessage) return proposal;
  const short = { ...proposal, message: cut(message), error: cut(error) };
  return failing === undefined ? short : { ...short, failing: { ...failing, cause: cut(failing.cause) } };
}

function cut(text: string): string {
  return text.length <= maxMessage ? text : `${text.slice(0, maxMessage - 1)}…`;
}

/** The limiters that changed the replica count, each once; those of single metrics do not count, as another may have won. */
export function changedBy({ limiters }: Trace): readonly LimiterMark[] {
  return limiters.filter((mark) => !('metric' in mark) && mark.from !== mark.to);
}

/** What was asked for in place of what the metrics ask for, before any limiter; none where that changed nothing. */
export function deviationsOf({ stepUp, alreadyActedOn }: Trace): readonly Deviation[] {
  const deviations: Deviation[] = [];
  if (stepUp !== undefined) deviations.push({ limiter: 'stepUp', reason: 'NoPodReady', ...stepUp });
  if (alreadyActedOn !== undefined)
    deviations.push({ limiter: 'alreadyActedOn', reason: 'SampleActedOn', ...alreadyActedOn });
  return deviations.filter(({ from, to }) => from !== to);
}
