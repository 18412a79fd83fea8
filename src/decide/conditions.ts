import type { Condition, ConditionType } from './status.ts';

/** One thing to say in a condition, without its time. */
export interface Finding {
  readonly type: ConditionType;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

/** The conditions with the findings told in turn: a known type keeps its place, a new one is appended. */
export function withFindings(
  conditions: readonly Condition[],
  findings: readonly Finding[],
  nowMs: number,
): readonly Condition[] {
  const next = [...conditions];
  for (const finding of findings) tell(next, finding, nowMs);
  return next;
}

function tell(conditions: Condition[], finding: Finding, nowMs: number): void {
  const index = conditions.findIndex((condition) => condition.type === finding.type);
  const known = conditions[index];
  const lastTransitionAtMs =
    known?.status === finding.status ? known.lastTransitionAtMs : wholeSeconds(nowMs);
  const { type, status, reason, message } = finding;
  const told: Condition = { type, status, reason, message, lastTransitionAtMs };
  if (known === undefined) conditions.push(told);
  else conditions[index] = told;
}

/** Times in a status are whole seconds, as the API server stores them. */
export function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

export function without(conditions: readonly Condition[], type: ConditionType): readonly Condition[] {
  return conditions.some((condition) => condition.type === type)
    ? conditions.filter((condition) => condition.type !== type)
    : conditions;
}

export function isTrue(conditions: readonly Condition[], type: ConditionType): boolean {
  return conditions.some((condition) => condition.type === type && condition.status === 'True');
}

/** Whether the conditions already say the same in the same words. */
export function stands(conditions: readonly Condition[], { type, reason, message }: Finding): boolean {
  return conditions.some(
    (condition) => condition.type === type && condition.reason === reason && condition.message === message,
  );
}

/** Whether the pods may be scaled: is the target there, was it written, do recent recommendations hold it back. */
export const ableToScale = {
  gotScale: {
    type: 'AbleToScale',
    status: 'True',
    reason: 'SucceededGetScale',
    message: "the HPA controller was able to get the target's current scale",
  },
  failedGetScale: (cause: string): Finding => ({
    type: 'AbleToScale',
    status: 'False',
    reason: 'FailedGetScale',
    message: `the HPA controller was unable to get the target's current scale: ${cause}`,
  }),
  rescaled: (replicas: number): Finding => ({
    type: 'AbleToScale',
    status: 'True',
    reason: 'SucceededRescale',
    message: `the HPA controller was able to update the target scale to ${replicas}`,
  }),
  failedUpdateScale: (cause: string): Finding => ({
    type: 'AbleToScale',
    status: 'False',
    reason: 'FailedUpdateScale',
    message: `the HPA controller was unable to update the target scale: ${cause}`,
  }),
  dryRun: (from: number, to: number): Finding => ({
    type: 'AbleToScale',
    status: 'True',
    reason: 'DryRun',
    message: `the target would be scaled from ${from} to ${to}, but the mode is DryRun`,
  }),
  suspended: (reason: 'ScaleUpSuspended' | 'ScaleDownSuspended', message: string): Finding => ({
    type: 'AbleToScale',
    status: 'True',
    reason,
    message,
  }),
  ready: {
    type: 'AbleToScale',
    status: 'True',
    reason: 'ReadyForNewScale',
    message: 'recommended size matches current size',
  },
  scaleUpStabilized: {
    type: 'AbleToScale',
    status: 'True',
    reason: 'ScaleUpStabilized',
    message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
  },
  scaleDownStabilized: {
    type: 'AbleToScale',
    status: 'True',
    reason: 'ScaleDownStabilized',
    message:
      'recent recommendations were higher than current one, applying the highest recent recommendation',
  },
} as const;

/** Whether the metrics can be evaluated. */
export const scalingActive = {
  disabled: {
    type: 'ScalingActive',
    status: 'False',
    reason: 'ScalingDisabled',
    message: 'scaling is disabled since the replica count of the target is zero',
  },
  scheduledToZero: (schedules: string): Finding => ({
    type: 'ScalingActive',
    status: 'False',
    reason: 'ScalingDisabled',
    message: `scaling is disabled while the target is kept at zero by ${schedules}`,
  }),
  validMetric: (description: string): Finding => ({
    type: 'ScalingActive',
    status: 'True',
    reason: 'ValidMetricFound',
    message: `the HPA was able to successfully calculate a replica count from ${description}`,
  }),
  fallback: (metric: string): Finding => ({
    type: 'ScalingActive',
    status: 'True',
    reason: 'FallbackActive',
    message: `the replica count comes from the fallback of ${metric}, which fails`,
  }),
  failedMetric: (reason: string, cause: string): Finding => ({
    type: 'ScalingActive',
    status: 'False',
    reason,
    message: `the HPA was unable to compute the replica count: ${cause}`,
  }),
  contested: (message: string): Finding => ({
    type: 'ScalingActive',
    status: 'False',
    reason: 'AmbiguousTarget',
    message,
  }),
  refusedSelector: (reason: string, message: string): Finding => ({
    type: 'ScalingActive',
    status: 'False',
    reason,
    message,
  }),
} as const;

/** Why a count was limited, by the reason in ScalingLimited. */
const limitMessages = {
  DesiredWithinRange: 'the desired count is within the acceptable range',
  TooFewReplicas: 'the desired replica count is less than the minimum replica count',
  TooManyReplicas: 'the desired replica count is more than the maximum replica count',
  ScaleUpLimit: 'the desired replica count is increasing faster than the maximum scale rate',
  ScaleDownLimit: 'the desired replica count is decreasing faster than the maximum scale rate',
} as const;

export type LimitReason = keyof typeof limitMessages;

export function scalingLimited(limited: boolean, reason: LimitReason): Finding {
  return {
    type: 'ScalingLimited',
    status: limited ? 'True' : 'False',
    reason,
    message: limitMessages[reason],
  };
}

/** Upstream's own mark that it was the autoscaler, not a person, who scaled to zero. */
export function scaledToZero(didScaleToZero: boolean): Finding {
  return didScaleToZero
    ? {
        type: 'ScaledToZero',
        status: 'True',
        reason: 'ScaledToZero',
        message: 'the HPA controller scaled the workload to zero',
      }
    : {
        type: 'ScaledToZero',
        status: 'False',
        reason: 'NotScaledToZero',
        message: 'the HPA controller did not scale the workload to zero',
      };
}

const scheduledToZeroReason = 'ScheduledToZero';

/** Our own: it was a schedule that scaled to zero, so that the target comes back without any feature gate. */
export function scheduledToZero(schedules: string): Finding {
  const message = `the workload was scaled to zero by ${schedules}`;
  return { type: 'ScaledToZero', status: 'True', reason: scheduledToZeroReason, message };
}

export function isScheduledToZero(conditions: readonly Condition[]): boolean {
  return conditions.some(
    ({ type, status, reason }) =>
      type === 'ScaledToZero' && status === 'True' && reason === scheduledToZeroReason,
  );
}
