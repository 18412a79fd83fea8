import { checkSelector } from './check-selector.ts';
import { combine } from './combine.ts';
import type { Combined } from './combine.ts';
import type { History } from './history.ts';
import type { Tick } from './metrics/tick.ts';
import type { ControllerOptions, Policy } from './policy.ts';
import type { Snapshot, TargetScale } from './snapshot.ts';
import { toleranceOf } from './tolerance.ts';
import { judge } from './trust/judge.ts';
import type { Judged } from './trust/judge.ts';
import { metricIds, recall, rememberMetrics } from './trust/remember-metrics.ts';

/** All that metrics are evaluated by. */
export interface ProposeInput {
  readonly policy: Policy;
  readonly snapshot: Snapshot;
  readonly scale: TargetScale;
  readonly history: History;
  readonly options: ControllerOptions;
  readonly nowMs: number;
}

/** What all metrics together ask for. */
export interface Proposals extends Combined {
  /** With what there is to remember of the metrics; the one that was given where that is nothing. */
  readonly history: History;
}

/** Evaluates every metric by itself; the largest proposal wins. A metric that fails never lets replicas go, unless the policy says so. */
export function propose(input: ProposeInput): Proposals {
  const { policy, snapshot, scale, history } = input;
  const problem = checkSelector(policy, snapshot, scale.selector);
  if (problem !== undefined) {
    const { finding, event } = problem;
    const events = [event, { ...event, reason: 'FailedComputeMetricsReplicas' }];
    const nothing = { replicas: undefined, proposals: [], marks: [], statuses: null };
    return { ...nothing, finding, events, history };
  }
  const ids = metricIds(policy.metrics);
  const judged = judgeAll(input, ids);
  const proposals = judged.map(({ proposal }) => proposal);
  const memories = Object.fromEntries(ids.map((id, index) => [id, judged[index]?.memory ?? {}]));
  const combined = combine({
    proposals,
    metrics: policy.metrics,
    currentReplicas: scale.specReplicas,
    status: snapshot.status,
  });
  return { ...combined, history: rememberMetrics(history, memories) };
}

function judgeAll(input: ProposeInput, ids: readonly string[]): readonly Judged[] {
  const { policy, snapshot, scale, history, options, nowMs } = input;
  const { namespace, metrics } = policy;
  const tolerance = toleranceOf(policy, options);
  const tick: Tick = { namespace, scale, pods: snapshot.pods, tolerance, options, nowMs };
  const wantsLastGood = policy.onAllPodsUnready === 'StepUp';
  return metrics.map((spec, index) => {
    const id = ids[index] ?? '';
    const memory = recall(history, id, policy);
    return judge({ id, spec, reading: snapshot.metrics[index], memory, wantsLastGood }, tick);
  });
}
