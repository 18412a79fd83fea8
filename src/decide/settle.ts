import { ableToScale, wholeSeconds, withFindings } from './conditions.ts';
import type { Decision, EventRecord, Outcome, Settlement } from './decision.ts';
import type { History } from './history.ts';
import type { AutoscalerStatus, Condition } from './status.ts';
import { fallbackOf } from './trust/failing-metrics.ts';
import { sameStatus } from './same-status.ts';
import type { Snapshot } from './snapshot.ts';
import { suspendedMark, suspendedText } from './suspend.ts';

/** What stands once the write of the scale went as it went: the next status, its events and the next history. */
export function settle(decision: Decision, snapshot: Snapshot, outcome: Outcome): Settlement {
  const before = snapshot.status;
  const { status, events, history } = afterwards(decision, before, outcome);
  return {
    status,
    statusChanged: !sameStatus(before, status),
    events: [...decision.events, ...events],
    history,
  };
}

interface Aftermath {
  readonly status: AutoscalerStatus;
  readonly events: readonly EventRecord[];
  readonly history: History | undefined;
}

function afterwards(decision: Decision, before: AutoscalerStatus, outcome: Outcome): Aftermath {
  switch (outcome.type) {
    case 'NotNeeded':
      return { status: unwritten(decision, before), events: [], history: decision.history };
    case 'DryRun':
      return wished(decision, before);
    case 'Suspended':
      return heldBack(decision, before);
    case 'Scaled':
      return scaled(decision, before);
    case 'Refused':
      return refused(decision, before, outcome.message);
  }
}

function unwritten(decision: Decision, before: AutoscalerStatus): AutoscalerStatus {
  switch (decision.verdict) {
    case 'TargetUnreadable':
      return { ...before, conditions: decision.conditions };
    case 'Contested':
    case 'MetricsFailed':
      return withCounts(decision, before, before.desiredReplicas, decision.conditions);
    case 'Disabled':
    case 'OutOfRange':
    case 'Computed':
      return withCounts(decision, before, decision.desiredReplicas, decision.conditions);
  }
}

/** The wish is told as if it were fulfilled, but for what only a write may change. Its event comes once, not each tick. */
function wished(decision: Decision, before: AutoscalerStatus): Aftermath {
  const { currentReplicas: from, desiredReplicas: to, reason, atMs, history } = decision;
  const conditions = withFindings(decision.conditions, [ableToScale.dryRun(from, to)], atMs);
  const message = `Would scale from ${from} to ${to}; reason: ${reason}`;
  return {
    status: withCounts(decision, before, to, conditions),
    events: isToldOf(before, to) ? [] : [{ type: 'Normal', reason: 'DryRun', message }],
    history,
  };
}

/** Before anything was wanted a status shows a 0 as well: a wish of none is a known one only where its condition is there. */
function isToldOf({ desiredReplicas, conditions }: AutoscalerStatus, to: number): boolean {
  return desiredReplicas === to && (to > 0 || conditions.some(({ reason }) => reason === 'DryRun'));
}

/** As in a dry run, but for the event: it comes once as a direction begins to be held back, however the wish goes up and down. */
function heldBack(decision: Decision, before: AutoscalerStatus): Aftermath {
  const { currentReplicas: from, desiredReplicas: to, reason, atMs, history } = decision;
  const mark = suspendedMark(decision);
  if (mark === undefined) throw new Error('Cannot settle a pause as the decision has no mark of one');
  const why = suspendedText(mark);
  const finding = ableToScale.suspended(
    mark.reason,
    `the target would be scaled from ${from} to ${to}, but ${why}`,
  );
  const isKnown = before.conditions.some(
    (condition) => condition.type === finding.type && condition.reason === finding.reason,
  );
  const message = `Would scale from ${from} to ${to}, but ${why}; reason: ${reason}`;
  return {
    status: withCounts(decision, before, to, withFindings(decision.conditions, [finding], atMs)),
    events: isKnown ? [] : [{ type: 'Normal', reason: finding.reason, message }],
    history,
  };
}

function scaled(decision: Decision, before: AutoscalerStatus): Aftermath {
  const { afterRescale, desiredReplicas, reason } = decision;
  if (afterRescale === undefined) throw new Error('Cannot settle a rescale as the decision asked for none');
  const status = withCounts(decision, before, desiredReplicas, afterRescale.conditions);
  const message = `New size: ${desiredReplicas}; reason: ${reason}`;
  return {
    status: { ...status, lastScaleAtMs: wholeSeconds(decision.atMs) },
    events: [{ type: 'Normal', reason: 'SuccessfulRescale', message }],
    history: afterRescale.history,
  };
}

function refused(decision: Decision, before: AutoscalerStatus, cause: string): Aftermath {
  const conditions = withFindings(decision.conditions, [ableToScale.failedUpdateScale(cause)], decision.atMs);
  const message = `New size: ${decision.desiredReplicas}; reason: ${decision.reason}; error: ${cause}`;
  return {
    status: withCounts(decision, before, before.desiredReplicas, conditions),
    events: [{ type: 'Warning', reason: 'FailedRescale', message }],
    history: decision.history,
  };
}

function withCounts(
  { currentReplicas, currentMetrics, coldStart, trace }: Decision,
  before: AutoscalerStatus,
  desiredReplicas: number,
  conditions: readonly Condition[],
): AutoscalerStatus {
  const { fallback, ...others } = { ...before, fallback: fallbackOf(trace) };
  const status = {
    ...others,
    ...(fallback && { fallback }),
    currentReplicas,
    desiredReplicas,
    currentMetrics,
    conditions,
  };
  return coldStart === undefined ? status : { ...status, coldStart };
}
