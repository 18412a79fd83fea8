import { keptMetadata } from '../kept-metadata.ts';
import { behaviorShape, pickKnown, type Shape } from '../known-fields.ts';
import type { Remarks } from '../remarks.ts';
import { readCron, schedulesOf, type CronTrigger, type Outside } from './cron-trigger.ts';
import { withFallback } from './fallback.ts';
import { pauseAnnotations, pauseOf } from './pause.ts';
import { prometheusMetric } from './prometheus-trigger.ts';
import { resourceMetric } from './resource-trigger.ts';
import { cooldown, minReplicasOf } from './scale-to-zero.ts';
import { scaledObjectCheck, type ScaledObject, type ScaledObjectSpec } from './scaled-object.ts';
import { TriggerContext } from './trigger-context.ts';
import { workloadMetric } from './workload-trigger.ts';
import type { Json } from '../../api/checks.ts';
import type { CustomAutoscalerSpec, MetricSpec } from '../../api/generated/custom-autoscaler.ts';
import { defined, withoutNulls } from '../../api/json.ts';
import { Place, root, type Problem } from '../../api/problems.ts';

/** What of a ScaledObject is looked at. */
export const scaledObjectShape: Shape = {
  scaleTargetRef: { apiVersion: 'any', kind: 'any', name: 'any' },
  pollingInterval: 'any',
  cooldownPeriod: 'any',
  idleReplicaCount: 'any',
  minReplicaCount: 'any',
  maxReplicaCount: 'any',
  fallback: { failureThreshold: 'any', replicas: 'any', behavior: 'any' },
  advanced: {
    restoreToOriginalReplicaCount: 'any',
    horizontalPodAutoscalerConfig: { behavior: behaviorShape, name: 'any' },
    scalingModifiers: 'any',
  },
  triggers: [
    {
      type: 'any',
      name: 'any',
      metricType: 'any',
      useCachedMetrics: 'any',
      authenticationRef: 'any',
      metadata: 'any',
    },
  ],
};

const maxSyncPeriodSeconds = 300;

/** A ScaledObject (keda.sh/v1alpha1), as far as a CustomAutoscaler can say it. @returns undefined where no trigger can be kept */
export function fromScaledObject(source: Json, remarks: Remarks, problems: Problem[]): Json | undefined {
  const place = new Place(root, problems);
  scaledObjectCheck(source, place);
  if (problems.length > 0) return undefined;
  const { metadata } = source;
  const spec = pickKnown(withoutNulls(source.spec), scaledObjectShape, 'spec', remarks) as ScaledObjectSpec;
  const result = specOf(
    { metadata: metadata as NonNullable<ScaledObject['metadata']>, spec },
    remarks,
    place,
  );
  if (result === undefined) return undefined;
  return {
    apiVersion: 'plimsoll.dev/v1',
    kind: 'CustomAutoscaler',
    metadata: keptMetadata(metadata, remarks, pauseAnnotations),
    spec: result,
  };
}

function specOf(source: ScaledObject, remarks: Remarks, place: Place): CustomAutoscalerSpec | undefined {
  const { metadata, spec } = source;
  const { maxReplicaCount = 100, scaleTargetRef, advanced } = spec;
  const { metrics, crons } = readTriggers(source, remarks, place);
  const hasSignal = metrics.some(({ type }) => type === 'Prometheus');
  const schedules = schedulesOf(crons, outsideOf(spec, metrics, crons));
  if (metrics.length + schedules.length === 0) {
    remarks.notKept('spec', 'no trigger can be kept, so that there is nothing to scale by');
    return undefined;
  }
  const minReplicas = minReplicasOf(spec, hasSignal, remarks);
  const isWholeWeek = schedules.some(({ name }) => name.startsWith('outside'));
  if (!isWholeWeek) sayMinimum(spec, minReplicas, remarks);
  if (metrics.length === 0) sayDefaultMetric(isWholeWeek, remarks);
  const behavior = advanced?.horizontalPodAutoscalerConfig?.behavior;
  sayAdvanced(spec, remarks);
  return defined({
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', ...scaleTargetRef },
    minReplicas,
    maxReplicas: maxReplicaCount,
    metrics: metrics.length > 0 ? withFallback(metrics, spec, remarks) : undefined,
    behavior: minReplicas === 0 ? cooldown(spec, behavior, remarks) : behavior,
    schedules: schedules.length > 0 ? [...schedules] : undefined,
    syncPeriodSeconds: syncPeriodOf(spec, remarks),
    ...pauseOf(metadata?.annotations ?? {}, remarks),
  });
}

interface Read {
  readonly metrics: readonly MetricSpec[];
  readonly crons: readonly CronTrigger[];
}

/** Each trigger, in its order; with a formula, which no metric here has, only those that KEDA leaves out of it. */
function readTriggers(source: ScaledObject, remarks: Remarks, place: Place): Read {
  const { spec } = source;
  const metrics: MetricSpec[] = [];
  const crons: CronTrigger[] = [];
  const hasFormula = (spec.advanced?.scalingModifiers?.formula ?? '') !== '';
  if (hasFormula)
    remarks.notKept(
      'spec.advanced.scalingModifiers',
      'a formula over several metrics; the query of one may hold it',
    );
  for (const [index, trigger] of spec.triggers.entries()) {
    const at = place.field('spec').field('triggers').item(index);
    const context = new TriggerContext({ trigger, source, remarks, place: at });

    if (hasFormula && !isResourceType(trigger.type))
      remarks.notKept(at.path, `trigger ${trigger.type} is a part of the formula`);
    else if (trigger.type === 'cron') crons.push(...listOf(readCron(context, spec.maxReplicaCount ?? 100)));
    else metrics.push(...listOf(metricOf(context, metrics.length)));
  }
  return { metrics, crons };
}

function isResourceType(type: string): boolean {
  return type === 'cpu' || type === 'memory';
}

function listOf<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}

function metricOf(context: TriggerContext, index: number): MetricSpec | undefined {
  switch (context.trigger.type) {
    case 'cpu':
    case 'memory':
      return resourceMetric(context);
    case 'prometheus':
      return prometheusMetric(context, ['spec', 'metrics', index]);
    case 'kubernetes-workload':
      return workloadMetric(context, ['spec', 'metrics', index]);
    default:
      context.remarks.notKept(
        context.path(),
        `trigger ${context.trigger.type} has no counterpart; a Prometheus metric may hold the same number`,
      );
      return undefined;
  }
}

/** Without a metric that can wake a target, the time between the windows has a count of its own. */
function outsideOf(
  { minReplicaCount = 0, triggers }: ScaledObjectSpec,
  metrics: readonly MetricSpec[],
  crons: readonly CronTrigger[],
): Outside | undefined {
  const isAlone = triggers.every(({ type }) => type === 'cron');
  const onlyResources = triggers.every(({ type }) => type === 'cron' || isResourceType(type));
  if (crons.length === 0 || !onlyResources) return undefined;
  if (isAlone) return { replicas: minReplicaCount, isAlone };
  return minReplicaCount === 0 && metrics.length > 0 ? { replicas: 0, isAlone } : undefined;
}

function sayMinimum(
  { minReplicaCount, triggers }: ScaledObjectSpec,
  minReplicas: number,
  remarks: Remarks,
): void {
  const wasZero =
    minReplicaCount === 0 ||
    (minReplicaCount === undefined && !triggers.every(({ type }) => isResourceType(type)));
  if (!wasZero || minReplicas === 0) return;
  const text = '1 instead of 0, which needs a metric that is there without pods';
  remarks.changed('spec.minReplicaCount', text, ['spec', 'minReplicas']);
}

function sayDefaultMetric(isWholeWeek: boolean, remarks: Remarks): void {
  const text = 'no metric is left: CPU at 80 % of the request is the default one, as in an HPA';
  remarks.changed(
    'spec.triggers',
    isWholeWeek ? `${text}; with a count for every minute it moves nothing` : text,
  );
}

function sayAdvanced({ advanced }: ScaledObjectSpec, remarks: Remarks): void {
  if (advanced?.restoreToOriginalReplicaCount === true)
    remarks.notKept(
      'spec.advanced.restoreToOriginalReplicaCount',
      'the target stays as it is when its autoscaler goes',
    );
  if (advanced?.horizontalPodAutoscalerConfig?.name !== undefined)
    remarks.notKept('spec.advanced.horizontalPodAutoscalerConfig.name', 'there is no HPA in between');
}

function syncPeriodOf({ pollingInterval }: ScaledObjectSpec, remarks: Remarks): number | undefined {
  if (pollingInterval === undefined) return undefined;
  const seconds = Math.min(Math.max(pollingInterval, 1), maxSyncPeriodSeconds);
  remarks.changed(
    'spec.pollingInterval',
    `holds at every count; KEDA polls so at zero, and its HPA every 15 s${seconds === pollingInterval ? '' : `; allowed is 1 to ${maxSyncPeriodSeconds}`}`,
    ['spec', 'syncPeriodSeconds'],
  );
  return seconds;
}
