import { coldStartOf, rememberWaking } from './cold-start.ts';
import { ableToScale, isTrue, scalingActive, withFindings, without } from './conditions.ts';
import type { Finding } from './conditions.ts';
import { contestOf, withoutContest } from './contest.ts';
import type { Contest } from './contest.ts';
import type { DecideInput } from './decide-input.ts';
import type { Decision } from './decision.ts';
import { effectiveOptions, startupMark } from './effective-options.ts';
import { alreadyActedOn, rememberSamples } from './fresh-samples.ts';
import type { History } from './history.ts';
import type { BoundsMark, ProposalMark } from './limiter-marks.ts';
import { normalizeBehavior } from './normalize-behavior.ts';
import { normalizeDefault } from './normalize-default.ts';
import type { Normalized } from './normalize.ts';
import { withObservedRescale } from './observed-rescale.ts';
import { withSelectedPods } from './pod-selection.ts';
import type { Selected } from './pod-selection.ts';
import { propose } from './propose.ts';
import type { Proposals } from './propose.ts';
import { rememberRescale } from './scale-events.ts';
import { decideOnSchedule } from './schedules/decide-on-schedule.ts';
import type { BoundedInput } from './schedules/decide-on-schedule.ts';
import { isSwitchedOff, markScaledToZero } from './scale-to-zero.ts';
import type { TargetScale } from './snapshot.ts';
import type { ColdStart } from './status.ts';
import { stepUp, withoutOldStep } from './step-up.ts';
import { underMode } from './suspend.ts';
import { toleranceOf } from './tolerance.ts';
import { proposalMarks, traceOf } from './trace.ts';
import type { Trace } from './trace.ts';
import { rememberMetrics } from './trust/remember-metrics.ts';

/** One tick: how many replicas the target should have, and why. As the HPA controller of Kubernetes 1.36 decides. */
export function decide(input: DecideInput): Decision {
  const decision = decideOnSchedule(withObservedRescale(input), decideWithin);
  return decision.rescale ? underMode(decision, input.policy) : decision;
}

/** The policy's bounds are those of now. */
function decideWithin(input: BoundedInput): Decision {
  const { policy, nowMs } = input;
  const { snapshot, serving, mark: podSelection } = withSelectedPods(policy, input.snapshot);
  if (!snapshot.target.ok) return unreadable(input, snapshot.target.message);
  const scale = snapshot.target.value;
  const current = scale.specReplicas;
  const options = effectiveOptions(policy, input.options);
  const remembered = input.history ?? firstHistory(current, nowMs);
  const { history, coldStart } = coldStartOf(withoutOldStep(policy, serving, remembered), serving, current);
  const seen = { serving, podSelection, coldStart, remembered: input.history };
  const tick: Tick = { ...input, snapshot, options, scale, history, ...seen };

  const contest = contestOf(policy, snapshot);
  if (contest !== undefined) return contested(tick, contest);
  if (current === 0 && isSwitchedOff(policy, snapshot.status.conditions, options)) return disabled(tick);
  const inRange = boundOf(input, current);
  if (inRange !== current) return backIntoRange(tick, inRange);
  const proposals = propose(tick);
  const judged: Tick = { ...tick, history: proposals.history };
  if (proposals.replicas === undefined) return withoutMetrics(judged, proposals);
  const { mark: acted, ...asked } = alreadyActedOn(tick, proposals, current) ?? {
    mark: undefined,
    replicas: proposals.replicas,
  };
  return computed(judged, { ...proposals, ...asked }, acted && { alreadyActedOn: acted });
}

/** A target at zero is not lifted to the minimum before its metrics were looked at, but by schedules. */
function boundOf({ policy, reachesMinimum = false }: BoundedInput, current: number): number {
  const { minReplicas, maxReplicas } = policy;
  const least = current === 0 && !reachesMinimum ? 0 : minReplicas;
  return Math.min(Math.max(current, least), maxReplicas);
}

/** An input whose target was read. */
interface Tick extends DecideInput {
  readonly scale: TargetScale;
  readonly history: History;
  /** The history as it was given. */
  readonly remembered: History | undefined;
  readonly serving: Selected['serving'];
  readonly podSelection: Selected['mark'];
  readonly coldStart: ColdStart | undefined;
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

/** Nobody looks at the metrics: since when one fails, or what it showed, is of another time once somebody does again. */
function disabled(tick: Tick): Decision {
  const asleep = { ...tick, history: rememberMetrics(tick.history, {}) };
  const decision = held(asleep, [scalingActive.disabled]);
  const marked = tick.options.featureGates.HPAScaleToZero;
  if (!marked) {
    const conditions = without(decision.conditions, 'ScaledToZero');
    return { ...decision, verdict: 'Disabled', conditions };
  }
  const zeroBy = isTrue(decision.conditions, 'ScaledToZero') ? 'ThisAutoscaler' : 'SomebodyElse';
  return { ...decision, verdict: 'Disabled', trace: { ...decision.trace, zeroBy } };
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

/** Nothing to go by, but that no pod is ready where one asks for a step then. */
function withoutMetrics(tick: Tick, proposals: Proposals): Decision {
  const from = tick.scale.specReplicas;
  const to = stepUp(tick.policy, tick.serving, tick.history, from);
  // Without proposals it is the selector that is wrong.
  if (to === undefined || proposals.proposals.length === 0) return metricsFailed(tick, proposals);
  return computed(tick, { ...proposals, replicas: to }, { stepUp: { from, to } });
}

function metricsFailed(tick: Tick, failed: Proposals): Decision {
  const { proposals, marks: made, finding, statuses, events } = failed;
  const marks = [...marksOf(tick, proposals), ...made];
  const trace = { ...traceOf(proposals, undefined, marks), ...marksOfPods(tick) };
  return { ...held(tick, [finding]), verdict: 'MetricsFailed', currentMetrics: statuses, events, trace };
}

function marksOf({ policy, options }: Tick, proposals: Proposals['proposals']): readonly ProposalMark[] {
  return proposalMarks(proposals, toleranceOf(policy, options));
}

/** What the trace tells of how pods were counted; nothing where that is the HPA's way. */
function marksOfPods({ policy, podSelection, options }: Tick): Partial<Trace> {
  return { ...(podSelection && { podSelection }), ...startupMark(policy, options) };
}

type Proposed = Proposals & { readonly replicas: number };

/** @param deviation why the replicas are not what the metrics ask for, if they are not */
function computed(
  tick: Tick,
  proposals: Proposed,
  deviation: Pick<Trace, 'stepUp' | 'alreadyActedOn'> = {},
): Decision {
  const normalized = fromZero(tick, normalize(tick, proposals.replicas));
  const { history, findings, limiters, desiredReplicas } = normalized;
  const marks = [...marksOf(tick, proposals.proposals), ...proposals.marks, ...limiters];
  const trace = traceOf(proposals.proposals, proposals.winner, marks);
  const decision: Decision = {
    ...held(tick, [proposals.finding, ...findings]),
    currentMetrics: proposals.statuses,
    events: proposals.events,
    history,
    trace: { ...trace, ...marksOfPods(tick), ...deviation },
  };
  if (desiredReplicas === tick.scale.specReplicas) return decision;
  if (deviation.stepUp === undefined)
    return rescaled(tick, decision, desiredReplicas, reasonFor(tick, proposals));
  return rescaled(tick, decision, desiredReplicas, 'No pod is ready and a metric was above target');
}

/** In upstream's words: by what the metrics ask for, before any limit. */
function reasonFor({ scale }: Tick, { replicas = 0, winner, proposals }: Proposals): string {
  const won = winner === undefined ? undefined : proposals[winner];
  if (won?.ok === false) return `Fallback of ${won.failing?.name ?? ''}`;
  if (replicas < scale.specReplicas) return 'All metrics below target';
  if (replicas === scale.specReplicas) return '';
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
function held({ scale, snapshot, history, coldStart, nowMs }: Tick, findings: readonly Finding[]): Decision {
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
    ...(coldStart && { coldStart }),
    trace: { proposals: [], limiters: [] },
  };
}

/** The same decision with a write of the scale, and what stands once that is done. */
function rescaled(tick: Tick, decision: Decision, replicas: number, reason: string): Decision {
  const { policy, options, nowMs, scale } = tick;
  const change = { from: scale.specReplicas, to: replicas };
  const told = withFindings(decision.conditions, [ableToScale.rescaled(replicas)], nowMs);
  const conditions = markScaledToZero(policy, told, change, options, nowMs);
  const history = historyAfter(tick, decision, change);
  return {
    ...decision,
    desiredReplicas: replicas,
    rescale: true,
    reason,
    afterRescale: { conditions, history },
  };
}

/** What is remembered once the scale is written. */
function historyAfter(
  { policy, snapshot, history, nowMs }: Tick,
  decision: Decision,
  change: { readonly from: number; readonly to: number },
): History {
  const { proposals, stepUp: step } = decision.trace;
  const counted = rememberRescale(decision.history ?? history, policy.behavior, change, nowMs);
  const woken = rememberWaking(counted, change, nowMs);
  const sampled = rememberSamples(policy, snapshot, woken, proposals);
  return step === undefined ? sampled : { ...sampled, steppedUpAtMs: nowMs };
}
