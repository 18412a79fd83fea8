import type * as wire from './generated/custom-autoscaler.ts';
import type { WireDecision } from './decision-status.ts';
import type { WireHistory } from './history.ts';
import { defined, exactTimeText, timeMs, timeText } from './json.ts';
import { readMetric, wireMetric } from './metric-status.ts';
import { wireShadow } from './shadow.ts';
import { wireSuspension } from './suspended.ts';
import { targetsText } from './targets.ts';
import type { Mode, Suspension } from '../decide/policy.ts';
import type { Transition } from '../decide/schedules/next-transition.ts';
import type { Shadow } from '../decide/shadow.ts';
import type { AutoscalerStatus, ColdStart, Condition, Fallback } from '../decide/status.ts';

/** The status on the wire, written in full each time. */
export type WireStatus = wire.CustomAutoscalerStatus;

/**
 * The status as decisions read it; absent before the first evaluation. Text for printing is left out.
 * @throws QuantityError
 */
export function readStatus(status: WireStatus | undefined): AutoscalerStatus {
  const { currentReplicas, desiredReplicas = 0, lastScaleTime, currentMetrics, conditions } = status ?? {};
  const { fallback, coldStart } = status ?? {};
  return defined({
    currentReplicas,
    desiredReplicas,
    lastScaleAtMs: typeof lastScaleTime === 'string' ? timeMs(lastScaleTime) : undefined,
    currentMetrics: currentMetrics?.map(readMetric) ?? null,
    conditions: (conditions ?? []).map(readCondition),
    fallback: fallback && readFallback(fallback),
    coldStart: coldStart && readColdStart(coldStart),
  });
}

function readFallback({ metric, replicas, since }: wire.FallbackInForce): Fallback {
  return { metric, replicas, sinceMs: timeMs(since) };
}

function readColdStart({ time, seconds }: wire.ColdStart): ColdStart {
  return { atMs: timeMs(time), seconds };
}

function readCondition(condition: wire.AutoscalerCondition): Condition {
  const { type, status, reason = '', message = '', lastTransitionTime } = condition;
  return {
    type,
    status: status === 'True' || status === 'False' ? status : 'Unknown',
    reason,
    message,
    lastTransitionAtMs: timeMs(lastTransitionTime),
  };
}

/** What the status says besides the decision's own part. */
export interface StatusContext {
  /** The spec with its defaults, as the object was read: targets print as the user wrote them. */
  readonly spec: wire.CustomAutoscalerSpec;
  /** metadata.generation of that spec; left out of the status when absent. */
  readonly observedGeneration?: number | undefined;
  /** What is to be remembered (api/history.ts); left out of the status when absent. */
  readonly history?: WireHistory | undefined;
  /** When a schedule opens or closes next; left out of the status when absent. */
  readonly nextTransition?: Transition | undefined;
  /** Why the last evaluation came out as it did; left out of the status when absent. */
  readonly decision?: WireDecision | undefined;
  /** The mode that counts; that of the spec when absent. */
  readonly mode?: Mode | undefined;
  /** What a pause holds back now; left out of the status when absent. */
  readonly suspended?: Suspension | undefined;
  /** How a dry run agrees with an HPA; left out of the status when absent. */
  readonly shadow?: Shadow | undefined;
}

/** The whole status for the wire: the HPA's own fields, the text that `kubectl get` prints, and what is to be remembered. */
export function wireStatus(status: AutoscalerStatus, context: StatusContext): WireStatus {
  const { spec, observedGeneration, history, nextTransition, decision, mode, suspended, shadow } = context;
  const currentMetrics = status.currentMetrics?.map(wireMetric) ?? null;
  return defined({
    observedGeneration,
    ...printedSpec(spec),
    ...(mode && { mode }),
    targets: targetsText(spec.metrics ?? [], currentMetrics ?? []),
    lastScaleTime: status.lastScaleAtMs === undefined ? undefined : timeText(status.lastScaleAtMs),
    currentReplicas: status.currentReplicas,
    desiredReplicas: status.desiredReplicas,
    currentMetrics,
    conditions: status.conditions.map(wireCondition),
    nextTransition: nextTransition && wireTransition(nextTransition),
    fallback: status.fallback && wireFallback(status.fallback),
    coldStart: status.coldStart && {
      time: timeText(status.coldStart.atMs),
      seconds: status.coldStart.seconds,
    },
    suspended: suspended && wireSuspension(suspended),
    shadow: shadow && wireShadow(shadow),
    decision,
    history,
  });
}

function wireTransition({ atMs, schedule, type }: Transition): wire.ScheduleTransition {
  return { time: timeText(atMs), schedule, type };
}

function wireFallback({ metric, replicas, sinceMs }: Fallback): wire.FallbackInForce {
  return { metric, replicas, since: exactTimeText(sinceMs) };
}

/** What `kubectl get` prints of a spec, also of one that no decision can be made of. */
export function printedSpec({ scaleTargetRef: { kind, name }, mode = 'Active' }: wire.CustomAutoscalerSpec) {
  return { reference: `${kind}/${name}`, mode } satisfies WireStatus;
}

function wireCondition({ type, status, reason, message, lastTransitionAtMs }: Condition) {
  return { type, status, reason, message, lastTransitionTime: timeText(lastTransitionAtMs) };
}
