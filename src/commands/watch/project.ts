import { applyDefaults } from '../../api/defaults.ts';
import type { CustomAutoscalerStatus, DecisionRecord } from '../../api/generated/custom-autoscaler.ts';
import type { WatchCondition, WatchLimit, WatchNext, WatchState } from '../../report/watch-state.ts';
import { deletedState, watchedState } from '../../report/watch-words.ts';
import type { AutoscalerJson } from '../load/objects.ts';
import { type MetricReading, readMetric } from './metric-facts.ts';
import type { Moment } from './moment.ts';
import { keyOf } from './object-table.ts';
import { podView } from './pod-view.ts';

/** How long the curves of metrics reach back, and how many points they have. */
export const curveMs = 5 * 60_000;
const curvePoints = 60;

/**
 * One autoscaler as it was at a moment.
 * @param past moments up to that one, for the curves of its metrics
 */
export function project(
  autoscaler: AutoscalerJson,
  moment: Moment,
  past: readonly Moment[] = [],
): WatchState {
  const { spec, status = {}, metadata = {} } = autoscaler;
  const { minReplicas = 1, maxReplicas } = spec;
  const isFollowed = moment.followed === keyOf(autoscaler);
  const conditions = conditionsOf(status);
  const replicas = {
    ...present('current', status.currentReplicas),
    ...present('desired', desiredOf(status)),
    ...present('ready', isFollowed ? moment.readyReplicas : undefined),
    ...{ min: minReplicas, max: maxReplicas },
  };
  const mode = modeOf(autoscaler, moment.atMs);
  const undecided = status.desiredReplicas === undefined;
  const target = { kind: spec.scaleTargetRef.kind, name: spec.scaleTargetRef.name };
  return {
    ...{ atMs: moment.atMs, namespace: metadata.namespace ?? '', name: metadata.name ?? '' },
    target: `${target.kind}/${target.name}`,
    ...{ mode, state: watchedState({ mode, replicas, conditions, undecided }), replicas },
    ...present('lastScaleAtMs', timeOf(status.lastScaleTime)),
    why: whyOf(status, conditions),
    ...present('whyAtMs', timeOf(status.decision?.time)),
    limits: limitsOf(status.decision),
    next: nextOf(autoscaler, moment.atMs),
    metrics: metricsOf(autoscaler, moment, past),
    targets: status.targets ?? '',
    pods: isFollowed ? moment.pods.map((pod) => podView(pod, moment.usage)) : [],
    events: isFollowed ? eventsOf(moment, metadata.name ?? '', target) : [],
    conditions,
  };
}

/**
 * As an HPA's, the status says 0 while no metric can be read: then the count stays as it is. It says 0 too where nothing is known of
 * the target.
 */
function desiredOf({
  currentReplicas,
  desiredReplicas,
  conditions,
}: CustomAutoscalerStatus): number | undefined {
  const isFalse = (name: string): boolean | undefined =>
    conditions?.some(({ type, status }) => type === name && status === 'False');
  const isInactive = isFalse('ScalingActive');
  if (currentReplicas === undefined && (isInactive === true || isFalse('AbleToScale') === true))
    return undefined;
  return isInactive === true ? (currentReplicas ?? desiredReplicas) : desiredReplicas;
}

/** What is shown of one that was there and is gone. */
export function projectDeleted(before: WatchState, atMs: number): WatchState {
  return {
    ...before,
    atMs,
    state: deletedState,
    pods: [],
    limits: [],
    next: {},
    why: 'the autoscaler was deleted',
  };
}

function present<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}

function timeOf(text: string | null | undefined): number | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}

/** Past `until` a paused one is active again. */
function modeOf({ spec }: AutoscalerJson, atMs: number): string {
  const { mode = 'Active', suspend } = spec;
  const untilMs = timeOf(suspend?.until);
  return mode === 'Paused' && untilMs !== undefined && untilMs <= atMs ? 'Active' : mode;
}

/** The decision's own words, or else those of the conditions that say what is wrong or what limits. */
function whyOf({ decision }: CustomAutoscalerStatus, conditions: readonly WatchCondition[]): string {
  const failing = conditions.find(
    ({ type, status }) => type !== 'ScalingLimited' && type !== 'ScaledToZero' && status === 'False',
  );
  if (decision?.reason !== undefined) return decision.reason;
  if (failing !== undefined) return failing.message;
  const limited = conditions.find(({ type, status }) => type === 'ScalingLimited' && status === 'True');
  const told = limited ?? conditions.find(({ type }) => type === 'ScalingActive') ?? conditions[0];
  return told?.message ?? 'no operator has decided yet';
}

function conditionsOf({ conditions }: CustomAutoscalerStatus): WatchCondition[] {
  return (conditions ?? []).map(({ type, status, reason = '', message = '' }) => ({
    type,
    status,
    reason,
    message,
  }));
}

function limitsOf(decision: DecisionRecord | undefined): WatchLimit[] {
  return (decision?.limits ?? []).map(({ limiter, reason, from, to, until, message }) => ({
    ...{ limiter, from, to },
    ...present('reason', reason),
    ...present('untilMs', timeOf(until)),
    ...present('message', message),
  }));
}

function nextOf({ spec, status = {} }: AutoscalerJson, atMs: number): WatchNext {
  const { nextTransition } = status;
  const [decidedAtMs, opensAtMs] = [timeOf(status.decision?.time), timeOf(nextTransition?.time)];
  const periodMs = (spec.syncPeriodSeconds ?? 0) * 1000;
  const untilMs = spec.mode === 'Paused' ? timeOf(spec.suspend?.until) : undefined;
  return {
    ...(decidedAtMs === undefined || periodMs === 0
      ? {}
      : { decisionAtMs: decidedAtMs + Math.ceil(Math.max(1, atMs - decidedAtMs) / periodMs) * periodMs }),
    ...(nextTransition === undefined || opensAtMs === undefined || opensAtMs < atMs
      ? {}
      : { transition: { schedule: nextTransition.schedule, type: nextTransition.type, atMs: opensAtMs } }),
    ...(untilMs === undefined || untilMs <= atMs ? {} : { suspendedUntilMs: untilMs }),
  };
}

function readingsOf(autoscaler: AutoscalerJson, moment: Moment): MetricReading[] {
  const { spec, status } = autoscaler;
  const isFollowed = moment.followed === keyOf(autoscaler);
  return (applyDefaults(spec).metrics ?? []).map((metric, index) =>
    readMetric(metric, {
      reading: status?.currentMetrics?.[index],
      decided: status?.decision?.metrics?.[index],
      pods: isFollowed ? moment.pods : [],
      usage: moment.usage,
    }),
  );
}

function metricsOf(
  autoscaler: AutoscalerJson,
  moment: Moment,
  past: readonly Moment[],
): WatchState['metrics'] {
  const key = keyOf(autoscaler);
  const points = curveMoments(past, moment.atMs).map((then) => {
    const before = then?.autoscalers.find((one) => keyOf(one) === key);
    return then === undefined || before === undefined ? [] : readingsOf(before, then);
  });
  return readingsOf(autoscaler, moment).map(({ metric }, index) => ({
    ...metric,
    samples: points.map((readings) => readings[index]?.value ?? null),
  }));
}

/** The last moment of each part of the time that a curve shows, the last part being now. */
function curveMoments(past: readonly Moment[], nowMs: number): (Moment | undefined)[] {
  const points = Array.from<Moment | undefined>({ length: curvePoints });
  for (const moment of past)
    points[curvePoints - 1 - Math.floor(((nowMs - moment.atMs) * curvePoints) / curveMs)] = moment;
  return points.slice(0, curvePoints);
}

function eventsOf(
  { events }: Moment,
  name: string,
  target: { readonly kind: string; readonly name: string },
): WatchState['events'] {
  return events
    .filter(({ regarding }) =>
      [{ kind: 'CustomAutoscaler', name }, target].some(
        (one) => one.kind === regarding.kind && one.name === regarding.name,
      ),
    )
    .map(({ event }) => event)
    .toSorted((a, b) => a.atMs - b.atMs);
}
