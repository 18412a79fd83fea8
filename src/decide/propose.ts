import { checkSelector } from './check-selector.ts';
import { scalingActive } from './conditions.ts';
import type { Finding } from './conditions.ts';
import type { EventRecord, FailedProposal, Proposal } from './decision.ts';
import { evaluate } from './metrics/evaluate.ts';
import type { ControllerOptions, Policy } from './policy.ts';
import type { MetricStatus, Snapshot, TargetScale } from './snapshot.ts';
import { toleranceOf } from './tolerance.ts';

/** What all metrics together ask for. */
export interface Proposals {
  /** Undefined when there is nothing to go by, or too little to scale down by. */
  readonly replicas: number | undefined;
  readonly winner?: number;
  readonly proposals: readonly Proposal[];
  readonly finding: Finding;
  readonly statuses: readonly MetricStatus[] | null;
  readonly events: readonly EventRecord[];
}

/** Evaluates every metric by itself; the largest proposal wins. A metric that fails never lets replicas go. */
export function propose(
  policy: Policy,
  snapshot: Snapshot,
  scale: TargetScale,
  options: ControllerOptions,
  nowMs: number,
): Proposals {
  const problem = checkSelector(policy, snapshot, scale.selector);
  if (problem !== undefined) {
    const { finding, event } = problem;
    const events = [event, failedComputation(event.message)];
    return { replicas: undefined, proposals: [], finding, statuses: null, events };
  }
  const tolerance = toleranceOf(policy, options);
  const tick = { namespace: policy.namespace, scale, pods: snapshot.pods, tolerance, options, nowMs };
  const proposals = policy.metrics.map((spec, index) => evaluate(spec, snapshot.metrics[index], tick));
  return combine(proposals, scale.specReplicas);
}

function combine(proposals: readonly Proposal[], currentReplicas: number): Proposals {
  const failures = proposals.filter((proposal) => !proposal.ok);
  const warnings = failures.map(({ reason, message }): EventRecord => ({ type: 'Warning', reason, message }));
  const statuses = proposals.map((proposal) => (proposal.ok ? proposal.status : empty));
  const { replicas, winner } = largest(proposals);
  const [first] = failures;
  if (first !== undefined && (failures.length === proposals.length || replicas < currentReplicas)) {
    const finding = scalingActive.failedMetric(first.reason, first.message);
    const events = [...warnings, failedComputation(invalidMetrics(first, failures.length, proposals.length))];
    return { replicas: undefined, proposals, finding, statuses, events };
  }
  const won = winner === undefined ? undefined : proposals[winner];
  const finding = scalingActive.validMetric(won?.ok === true ? won.description : '');
  const winning = winner === undefined ? {} : { winner };
  return { replicas: Math.max(replicas, 0), ...winning, proposals, finding, statuses, events: warnings };
}

const empty: MetricStatus = { type: 'Empty' };

/** A proposal of zero counts as none yet, so that a later equal one gives its name. */
function largest(proposals: readonly Proposal[]): { replicas: number; winner: number | undefined } {
  let replicas = 0;
  let winner: number | undefined;
  for (const [index, proposal] of proposals.entries()) {
    if (!proposal.ok || (replicas !== 0 && proposal.replicas <= replicas)) continue;
    replicas = proposal.replicas;
    winner = index;
  }
  return { replicas, winner };
}

function invalidMetrics(first: FailedProposal, failed: number, all: number): string {
  return `invalid metrics (${failed} invalid out of ${all}), first error is: ${first.error}`;
}

function failedComputation(message: string): EventRecord {
  return { type: 'Warning', reason: 'FailedComputeMetricsReplicas', message };
}
