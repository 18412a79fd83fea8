import { someNames } from './advised.ts';
import type { Advised } from './advised.ts';
import { withFindings } from './conditions.ts';
import type { Finding } from './conditions.ts';
import { foreignWriter } from './foreign-writer.ts';
import { foreignPods, requestMissing } from './pod-advice.ts';
import { schedulesConflict } from './schedules/conflict.ts';
import { scheduleNames } from './schedules/schedule-names.ts';
import type { PodFacts } from './snapshot.ts';
import type { AutoscalerStatus, Condition } from './status.ts';
import { suspended } from './suspend.ts';
import { metricFailing } from './trust/failing-metrics.ts';

/** A pod that is Pending for longer, in milliseconds since it was created, is told of. */
const pendingAfterMs = 5 * 60_000;

/**
 * The status with the conditions that upstream does not have: `PodsPending`, which names pods of the target that do not start;
 * `MaxReplicasReached`, whose lastTransitionTime says since when the metrics ask for more than the maximum; `ForeignPods` and
 * `RequestMissing` (pod-advice.ts); `MetricFailing` (trust/failing-metrics.ts); `SchedulesConflict` (schedules/conflict.ts);
 * `Suspended` (suspend.ts); `ForeignWriter` (foreign-writer.ts). Each is absent until it was true once, stays as it is in a tick that
 * cannot tell, and changes in no other way what was decided.
 */
export function advise(status: AutoscalerStatus, tick: Advised): AutoscalerStatus {
  const findings = advisers.map((find) => find(tick)).filter((finding) => finding !== undefined);
  return { ...status, conditions: withAdvice(status.conditions, findings, tick.decision.atMs) };
}

/** One row a condition; undefined in a tick that cannot tell. */
const advisers: readonly ((tick: Advised) => Finding | undefined)[] = [
  podsPending,
  maxReplicasReached,
  foreignPods,
  requestMissing,
  metricFailing,
  schedulesConflict,
  suspended,
  foreignWriter,
];

/** The conditions with findings of our own: one that is False says so only where it was True before. */
export function withAdvice(
  conditions: readonly Condition[],
  findings: readonly Finding[],
  nowMs: number,
): readonly Condition[] {
  const known = new Set(conditions.map(({ type }) => type));
  const told = findings.filter(({ type, status }) => status === 'True' || known.has(type));
  return withFindings(conditions, told, nowMs);
}

function podsPending({ snapshot, decision }: Advised): Finding | undefined {
  if (!snapshot.target.ok) return undefined; // then no pod was looked at
  const stuck = snapshot.pods.filter((pod) => isStuck(pod, decision.atMs));
  const minutes = pendingAfterMs / 60_000;
  if (stuck.length === 0) {
    const message = `no pod has been Pending for more than ${minutes} minutes`;
    return { type: 'PodsPending', status: 'False', reason: 'NoPodPending', message };
  }
  const subject = stuck.length === 1 ? '1 pod has' : `${stuck.length} pods have`;
  const message = `${subject} been Pending for more than ${minutes} minutes: ${someNames(stuck.map(({ name }) => name))}`;
  return { type: 'PodsPending', status: 'True', reason: 'PendingTooLong', message };
}

function isStuck({ phase, deleting, createdAtMs }: PodFacts, nowMs: number): boolean {
  return (
    phase === 'Pending' && !deleting && createdAtMs !== undefined && nowMs - createdAtMs > pendingAfterMs
  );
}

function maxReplicasReached({ policy, decision }: Advised): Finding | undefined {
  const { verdict, trace } = decision;
  if (verdict !== 'Computed' && verdict !== 'Disabled') return undefined;
  const { maxReplicas = policy.maxReplicas, maxBy = [] } = trace.schedule ?? {};
  const bound = `the ${maxReplicas} replicas of ${maxBy.length === 0 ? 'maxReplicas' : scheduleNames(maxBy)}`;
  const asksForMore = trace.limiters.some(({ reason }) => reason === 'TooManyReplicas');
  return asksForMore
    ? {
        type: 'MaxReplicasReached',
        status: 'True',
        reason: 'TooManyReplicas',
        message: `the metrics ask for more than ${bound}`,
      }
    : {
        type: 'MaxReplicasReached',
        status: 'False',
        reason: 'DesiredWithinRange',
        message: `the metrics ask for no more than ${bound}`,
      };
}
