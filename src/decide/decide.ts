import { ableToScale, scalingActive, withFindings, without } from './conditions.ts';
import type { Finding } from './conditions.ts';
import { contestOf, withoutContest } from './contest.ts';
import type { Contest } from './contest.ts';
import type { BoundsMark, Decision, History, ProposalMark } from './decision.ts';
import { normalizeBehavior } from './normalize-behavior.ts';
import { normalizeDefault } from './normalize-default.ts';
import type { Normalized } from './normalize.ts';
import type { ControllerOptions, Policy } from './policy.ts';
import { propose } from './propose.ts';
import type { Proposals } from './propose.ts';
import { rememberRescale } from './scale-events.ts';
import { isSwitchedOff, markScaledToZero } from './scale-to-zero.ts';
import type { Snapshot, TargetScale } from './snapshot.ts';
import { toleranceOf } from './tolerance.ts';
import { proposalMarks, traceOf } from './trace.ts';

export interface DecideInput {
  readonly policy: Policy;
  readonly snapshot: Snapshot;
  /** Undefined when nothing is remembered of this autoscaler: then the current count is the first recommendation. */
  readonly history: History | undefined;
  readonly options: ControllerOptions;
  readonly nowMs: number;
}

/** One tick: how many replicas the target should have, and why. As the HPA controller of Kubernetes 1.36 decides. */
export function decide(input: DecideInput): Decision {
  const { policy, snapshot, options, nowMs } = input;
  if (!snapshot.target.ok) return unreadable(input, snapshot.target.message);
  const scale = snapshot.target.value;
  const current = scale.specReplicas;
  const history = input.history ?? firstHistory(current, nowMs);
  const tick = { ...input, scale, history, remembered: input.history };

  const contest = contestOf(policy, snapshot);
  if (contest !== undefined) return contested(tick, contest);
  if (current === 0 && isSwitchedOff(policy, snapshot.status.conditions, options)) return disabled(tick);
  const inRange = boundOf(policy, current);
  if (inRange !== current) return backIntoRange(tick, inRange);
  const proposals = propose(policy, snapshot, scale, options, nowMs);
  if (proposals.replicas === undefined) return metricsFailed(tick, proposals);
  return computed(tick, proposals, fromZero(tick, normalize(tick, proposals.replicas)));
}

/** A target at zero is not lifted to the minimum before its metrics were looked at. */
function boundOf({ minReplicas, maxReplicas }: Policy, current: number): number {
  const least = current === 0 ? 0 : minReplicas;
  return Math.min(Math.max(current, least), maxReplicas);
}

/** An input whose target was read. */
interface Tick extends DecideInput {
  readonly scale: TargetScale;
  readonly history: History;
  /** The history as it was given. */
  readonly remembered: History | undefined;
}

/** The first recommendation keeps a controller that forgot everything from scaling down at once. */
function firstHistory(replicas: number, nowMs: number): History {
  return { recommendations: [{ atMs: nowMs, replicas }], scaleUps: [], scaleDowns: [] };
}

function unreadable({ snapshot, history, nowMs }: DecideInput, cause: string): Decision {
  const { status } = snapshot;
  return {
    atMs: nowMs,
    verdict: 'TargetUnreadable',
    currentReplicas: 0,
    desiredReplicas: status.desiredReplicas,
    rescale: false,
    reason: '',
    conditions: withFindings(status.conditions, [ableToScale.failedGetScale(cause)], nowMs),
    currentMetrics: status.currentMetrics,
    events: [{ type: 'Warning', reason: 'FailedGetScale', message: cause }],
    history,
    trace: { proposals: [], limiters: [] },
  };
}

/** Hands off, and nothing is remembered of a count that somebody else may have chosen. */
function contested(tick: Tick, { rivals, finding, events }: Contest): Decision {
  const decision = held(tick, [finding]);
  const trace = { proposals: [], limiters: [], rivals };
  return { ...decision, verdict: 'Contested', events, history: tick.remembered, trace };
}

function disabled(tick: Tick): Decision {
  const decision = held(tick, [scalingActive.disabled]);
  const marked = tick.options.featureGates.HPAScaleToZero;
  const conditions = marked ? decision.conditions : without(decision.conditions, 'ScaledToZero');
  return { ...decision, verdict: 'Disabled', conditions };
}

/** Straight to the bound: no metrics, no stabilization, no rate. */
function backIntoRange(tick: Tick, replicas: number): Decision {
  const from = tick.scale.specReplicas;
  const above = from > replicas;
  const reason = `Current number of replicas ${above ? 'above Spec.MaxReplicas' : 'below Spec.MinReplicas'}`;
  const mark = rangeMark(tick, from, replicas, above ? 'TooManyReplicas' : 'TooFewReplicas');
  const stay = held(tick, []);
  const decision = {
    ...stay,
    conditions: withoutContest(stay.conditions),
    verdict: 'OutOfRange',
    trace: { proposals: [], limiters: [mark] },
  } as const;
  return rescaled(tick, decision, replicas, reason);
}

function rangeMark({ policy }: Tick, from: number, to: number, reason: BoundsMark['reason']): BoundsMark {
  const { minReplicas, maxReplicas } = policy;
  return { limiter: 'range', from, to, reason, minReplicas, maxReplicas };
}

function metricsFailed(tick: Tick, { proposals, finding, statuses, events }: Proposals): Decision {
  const trace = traceOf(proposals, undefined, marksOf(tick, proposals));
  return { ...held(tick, [finding]), verdict: 'MetricsFailed', currentMetrics: statuses, events, trace };
}

function marksOf({ policy, options }: Tick, proposals: Proposals['proposals']): readonly ProposalMark[] {
  return proposalMarks(proposals, toleranceOf(policy, options));
}

function computed(tick: Tick, proposals: Proposals, normalized: Normalized): Decision {
  const { history, findings, limiters, desiredReplicas } = normalized;
  const marks = [...marksOf(tick, proposals.proposals), ...limiters];
  const decision: Decision = {
    ...held(tick, [proposals.finding, ...findings]),
    currentMetrics: proposals.statuses,
    events: proposals.events,
    history,
    trace: traceOf(proposals.proposals, proposals.winner, marks),
  };
  if (desiredReplicas === tick.scale.specReplicas) return decision;
  return rescaled(tick, decision, desiredReplicas, reasonFor(tick, proposals));
}

/** In upstream's words: by what the metrics ask for, before any limit. */
function reasonFor({ scale }: Tick, { replicas = 0, winner, proposals }: Proposals): string {
  if (replicas < scale.specReplicas) return 'All metrics below target';
  if (replicas === scale.specReplicas) return '';
  const won = winner === undefined ? undefined : proposals[winner];
  return `${won?.ok === true ? won.description : ''} above target`;
}

function normalize(tick: Tick, proposedReplicas: number): Normalized {
  const { policy, history, options, nowMs, scale } = tick;
  const { minReplicas, maxReplicas, behavior } = policy;
  const proposed = {
    proposedReplicas,
    currentReplicas: scale.specReplicas,
    minReplicas,
    maxReplicas,
    history,
    nowMs,
  };
  return behavior === undefined
    ? normalizeDefault(proposed, options.downscaleStabilizationMs)
    : normalizeBehavior(proposed, behavior, options.downscaleStabilizationMs);
}

/** At zero, only while the minimum is: once that was raised, the target starts at least there, whatever limits it. */
function fromZero(tick: Tick, normalized: Normalized): Normalized {
  const { desiredReplicas: from, limiters } = normalized;
  const to = tick.policy.minReplicas;
  if (tick.scale.specReplicas !== 0 || from >= to) return normalized;
  const mark = rangeMark(tick, from, to, 'TooFewReplicas');
  return { ...normalized, desiredReplicas: to, limiters: [...limiters, mark] };
}

/** A decision that leaves the replicas as they are. */
function held({ scale, snapshot, history, nowMs }: Tick, findings: readonly Finding[]): Decision {
  const { specReplicas } = scale;
  const told = [ableToScale.gotScale, ...findings];
  return {
    atMs: nowMs,
    verdict: 'Computed',
    currentReplicas: specReplicas,
    desiredReplicas: specReplicas,
    rescale: false,
    reason: '',
    conditions: withFindings(snapshot.status.conditions, told, nowMs),
    currentMetrics: null,
    events: [],
    history,
    trace: { proposals: [], limiters: [] },
  };
}

/** The same decision with a write of the scale, and what stands once that is done. */
function rescaled(tick: Tick, decision: Decision, replicas: number, reason: string): Decision {
  const { policy, options, nowMs, scale } = tick;
  const change = { from: scale.specReplicas, to: replicas };
  const told = withFindings(decision.conditions, [ableToScale.rescaled(replicas)], nowMs);
  const conditions = markScaledToZero(policy, told, change, options, nowMs);
  const history = rememberRescale(decision.history ?? tick.history, policy.behavior, change, nowMs);
  return {
    ...decision,
    desiredReplicas: replicas,
    rescale: true,
    ...(policy.mode === 'DryRun' ? { dryRun: true } : {}),
    reason,
    afterRescale: { conditions, history },
  };
}
