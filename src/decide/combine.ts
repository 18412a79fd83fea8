import { scalingActive, stands } from './conditions.ts';
import type { Finding } from './conditions.ts';
import type { EventRecord } from './decision.ts';
import type { IgnoredMark, LimiterMark } from './limiter-marks.ts';
import type { MetricOptions } from './policy.ts';
import type { FailedProposal, Proposal } from './proposal.ts';
import type { AutoscalerStatus, MetricStatus } from './status.ts';
import { activationMarks } from './trust/activation.ts';

/** What proposals come to. */
export interface Combined {
  /** Undefined when there is nothing to go by, or too little to scale down by. */
  readonly replicas: number | undefined;
  /** Index into proposals: of the metric whose answer, or whose fallback, is the largest. */
  readonly winner?: number;
  readonly proposals: readonly Proposal[];
  /** What an activation or a metric that is ignored did to the counts. */
  readonly marks: readonly LimiterMark[];
  readonly finding: Finding;
  readonly statuses: readonly MetricStatus[] | null;
  readonly events: readonly EventRecord[];
}

export interface Combination {
  readonly proposals: readonly Proposal[];
  readonly metrics: readonly MetricOptions[];
  readonly currentReplicas: number;
  readonly status: AutoscalerStatus;
}

/**
 * The largest proposal wins, be it a metric's or its fallback's. A metric that fails and is held forbids to scale down; one that is
 * ignored does not, but the last replica stays while there is one.
 */
export function combine(given: Combination): Combined {
  const { proposals, metrics, currentReplicas } = given;
  const { replicas, winner } = largest(proposals);
  const failures = proposals.filter((proposal) => !proposal.ok);
  const blocking = winner === undefined ? failures : failures.filter(isHeld);
  const [first] = blocking;
  if (first !== undefined && (winner === undefined || replicas < currentReplicas)) {
    const finding = scalingActive.failedMetric(first.reason, first.message);
    const invalid = `invalid metrics (${blocking.length} invalid out of ${proposals.length})`;
    const event = failedComputation(`${invalid}, first error is: ${first.error}`);
    const marks = activationMarks(proposals, metrics);
    return {
      ...told(proposals),
      replicas: undefined,
      marks,
      finding,
      events: [...warnings(proposals), event],
    };
  }
  return winning(given, replicas, winner);
}

function winning(given: Combination, asked: number, winner: number | undefined): Combined {
  const { proposals, metrics, status } = given;
  const kept = lastReplica(given, Math.max(asked, 0));
  const won = winner === undefined ? undefined : proposals[winner];
  const finding = findingOf(won);
  return {
    ...told(proposals),
    replicas: kept?.to ?? Math.max(asked, 0),
    ...(winner === undefined ? {} : { winner }),
    marks: [...activationMarks(proposals, metrics), ...(kept === undefined ? [] : [kept])],
    finding,
    events: [...warnings(proposals), ...fallbackNews(won, finding, status)],
  };
}

function told(proposals: readonly Proposal[]): Pick<Combined, 'proposals' | 'statuses'> {
  return { proposals, statuses: proposals.map((proposal) => (proposal.ok ? proposal.status : empty)) };
}

const empty: MetricStatus = { type: 'Empty' };

/** A proposal of zero counts as none yet, so that a later equal one gives its name. */
function largest(proposals: readonly Proposal[]): { replicas: number; winner: number | undefined } {
  let replicas = 0;
  let winner: number | undefined;
  for (const [index, proposal] of proposals.entries()) {
    const asked = askedBy(proposal);
    if (asked === undefined || (replicas !== 0 && asked <= replicas)) continue;
    replicas = asked;
    winner = index;
  }
  return { replicas, winner };
}

/** What a metric asks for, or else its fallback; undefined where neither says anything. */
export function askedBy(proposal: Proposal): number | undefined {
  if (proposal.ok) return proposal.replicas;
  const meanwhile = proposal.failing?.meanwhile;
  return meanwhile?.type === 'Fallback' ? meanwhile.replicas : undefined;
}

function isHeld({ failing }: FailedProposal): boolean {
  return failing === undefined || failing.meanwhile.type === 'Held';
}

/** To zero by the word of those that are left alone: then nothing might bring the target back. */
function lastReplica({ proposals, currentReplicas }: Combination, replicas: number): IgnoredMark | undefined {
  if (replicas > 0 || currentReplicas === 0 || !proposals.some(isIgnored)) return undefined;
  return { limiter: 'ignored', from: replicas, to: 1, reason: 'IgnoredMetric' };
}

function isIgnored(proposal: Proposal): boolean {
  return !proposal.ok && proposal.failing?.meanwhile.type === 'Ignored';
}

function findingOf(won: Proposal | undefined): Finding {
  if (won?.ok === false && won.failing !== undefined) return scalingActive.fallback(won.failing.name);
  return scalingActive.validMetric(won?.ok === true ? won.description : '');
}

/** A fallback that takes over is told of once. */
function fallbackNews(
  won: Proposal | undefined,
  finding: Finding,
  { conditions }: AutoscalerStatus,
): readonly EventRecord[] {
  if (won?.ok !== false || stands(conditions, finding)) return [];
  return [{ type: 'Warning', reason: finding.reason, message: finding.message }];
}

function warnings(proposals: readonly Proposal[]): readonly EventRecord[] {
  return proposals
    .filter((proposal) => !proposal.ok)
    .map(({ reason, message }) => ({ type: 'Warning', reason, message }));
}

function failedComputation(message: string): EventRecord {
  return { type: 'Warning', reason: 'FailedComputeMetricsReplicas', message };
}
