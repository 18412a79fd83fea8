/**
 * Generated from crds/customautoscalers.plimsoll.dev.yaml by scripts/generate-types.ts: do not edit.
 */
import type { ObjectMeta } from '../types.ts';

/**
 * A CustomAutoscaler keeps the replicas of a workload in step with its metrics. It has every field of an autoscaling/v2 HorizontalPodAutoscaler with the same meaning and defaults, so that changing apiVersion and kind turns one into the other.
 */
export interface CustomAutoscaler {
  /**
   * apiVersion is plimsoll.dev/v1.
   */
  apiVersion?: string;
  /**
   * kind is CustomAutoscaler.
   */
  kind?: string;
  metadata?: ObjectMeta;
  /**
   * spec says what is scaled, between which bounds, by which metrics and how fast.
   */
  spec: CustomAutoscalerSpec;
  /**
   * status is what the operator found and did last.
   */
  status?: CustomAutoscalerStatus;
}
/**
 * scaleTargetRef names the object whose replicas are computed: a Deployment, a StatefulSet or anything else that has a scale subresource, in the namespace of the autoscaler.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "CrossVersionObjectReference".
 */
export interface CrossVersionObjectReference {
  /**
   * apiVersion of the object as GROUP/VERSION, such as apps/v1. The group counts; the version may be any that the group has had. Only a ReplicationController does without a group.
   */
  apiVersion?: string;
  /**
   * kind of the object, such as Deployment.
   */
  kind: string;
  /**
   * name of the object.
   */
  name: string;
}
/**
 * target is what the average use is compared with; set exactly one of averageUtilization and averageValue.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "MetricTarget".
 */
export interface MetricTarget {
  /**
   * type says how the target is meant: Utilization, Value or AverageValue. The field that is set below decides; the two should agree.
   */
  type: 'Utilization' | 'Value' | 'AverageValue';
  /**
   * averageUtilization is the target for the average over all relevant pods, in percent of the resource that the pods request. At least 1. Works for metrics of type Resource and ContainerResource.
   */
  averageUtilization?: number;
  /**
   * averageValue is the target for the average over all relevant pods, as a quantity above 0 (500m, 100Mi, 10, 0.5).
   */
  averageValue?: number | string;
  /**
   * value is the target for the metric as a whole, as a quantity above 0 (500m, 100Mi, 10, 0.5).
   */
  value?: number | string;
}
/**
 * containerResource is CPU or memory of one container in each pod of the target, as the kubelet measures it, against that container's request or a fixed value.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "ContainerResourceMetricSource".
 */
export interface ContainerResourceMetricSource {
  /**
   * name of the resource: cpu, memory, ephemeral-storage, hugepages-SIZE, or an extended resource with its domain.
   */
  name: string;
  /**
   * container is the name of the container in the pods of the target.
   */
  container: string;
  /**
   * target is what the average use is compared with; set exactly one of averageUtilization and averageValue.
   */
  target: MetricTarget;
}
/**
 * A requirement relates a label key to a set of values.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "MetricSelectorRequirement".
 */
export interface MetricSelectorRequirement {
  /**
   * key is the label that the requirement is about.
   */
  key?: string;
  /**
   * operator is one of In, NotIn, Exists and DoesNotExist.
   */
  operator?: string;
  /**
   * values are the values for In and NotIn, at least one; there are none for Exists and DoesNotExist.
   */
  values?: string[];
}
/**
 * selector narrows the metric down to the series whose labels match. The metrics API receives it as it is; absent, only the name of the metric chooses.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "MetricSelector".
 */
export interface MetricSelector {
  /**
   * matchLabels asks for each of these labels with exactly this value.
   */
  matchLabels?: {
    [k: string]: string;
  };
  /**
   * matchExpressions is a list of requirements, all of which must hold.
   *
   * Items: A requirement relates a label key to a set of values.
   */
  matchExpressions?: MetricSelectorRequirement[];
}
/**
 * metric says which metric is read, by name and optionally by a selector.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "MetricIdentifier".
 */
export interface MetricIdentifier {
  /**
   * name of the metric, as the metrics API knows it.
   */
  name: string;
  /**
   * selector narrows the metric down to the series whose labels match. The metrics API receives it as it is; absent, only the name of the metric chooses.
   */
  selector?: MetricSelector;
}
/**
 * external is a metric of something that is no Kubernetes object, such as the length of a queue outside the cluster, from the external metrics API. Values of several series are added up.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "ExternalMetricSource".
 */
export interface ExternalMetricSource {
  /**
   * metric says which metric is read, by name and optionally by a selector.
   */
  metric: MetricIdentifier;
  /**
   * target is what the metric is compared with; set exactly one of value and averageValue.
   */
  target: MetricTarget;
}
/**
 * object is a metric that describes one Kubernetes object, such as the requests per second of an Ingress, from the custom metrics API.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "ObjectMetricSource".
 */
export interface ObjectMetricSource {
  /**
   * describedObject names the object, in the namespace of the autoscaler.
   */
  describedObject: CrossVersionObjectReference;
  /**
   * metric says which metric is read, by name and optionally by a selector.
   */
  metric: MetricIdentifier;
  /**
   * target is what the metric is compared with: value as it is, averageValue divided by the number of replicas. Set at least one; type decides between them.
   */
  target: MetricTarget;
}
/**
 * pods is a metric that each pod of the target has, such as its requests per second, from the custom metrics API. The average over the pods is compared with the target.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "PodsMetricSource".
 */
export interface PodsMetricSource {
  /**
   * metric says which metric is read, by name and optionally by a selector.
   */
  metric: MetricIdentifier;
  /**
   * target is what the average is compared with; set averageValue.
   */
  target: MetricTarget;
}
/**
 * resource is CPU or memory of the pods of the target, all containers together, as the kubelet measures it, against their requests or a fixed value.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "ResourceMetricSource".
 */
export interface ResourceMetricSource {
  /**
   * name of the resource, such as cpu or memory.
   */
  name: string;
  /**
   * target is what the average use is compared with; set exactly one of averageUtilization and averageValue.
   */
  target: MetricTarget;
}
/**
 * podScrape is a metric that the operator reads itself from each pod of the target, at an endpoint in the text format of Prometheus, such as its requests per second. The average over the pods is compared with the target.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "PodScrapeMetricSource".
 */
export interface PodScrapeMetricSource {
  /**
   * port of the endpoint, as a number from 1 to 65535 or by the name of a container port.
   */
  port: number | string;
  /**
   * path of the endpoint, which begins with one '/'; it may have a query. Defaults to /metrics.
   */
  path?: string;
  /**
   * metric says which series are read, by name and optionally by their labels.
   */
  metric: MetricIdentifier;
  /**
   * rate is whether the increase per second counts rather than the value. Absent, it is so for what the endpoint says is a counter (its TYPE), and for nothing else.
   */
  rate?: boolean;
  /**
   * target is what the average is compared with; set averageValue.
   */
  target: MetricTarget;
}
/**
 * prometheus is the result of a query to a Prometheus server. The operator must have been started with that server; what it answers must be a scalar or exactly one series.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "PrometheusMetricSource".
 */
export interface PrometheusMetricSource {
  /**
   * server is the name that the operator gave the server when it was started. Defaults to default.
   */
  server?: string;
  /**
   * query is in PromQL, for one instant. At most 4096 characters.
   */
  query: string;
  /**
   * target is what the result is compared with; set exactly one of value and averageValue.
   */
  target: MetricTarget;
}
/**
 * onError is what is done while the metric cannot be read. Absent, it is held, as the HPA does.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "OnMetricError".
 */
export interface OnMetricError {
  /**
   * type is Hold: nothing is scaled down for lack of the metric, and where all fail the count stays; Ignore: as if the metric was not there; or Fallback: it asks for a fixed count.
   */
  type: 'Fallback' | 'Hold' | 'Ignore';
  /**
   * afterSeconds is for how long the metric must have failed; until then it is held. 0 to 86400. Defaults to 0 for Ignore and to 180 for Fallback.
   */
  afterSeconds?: number;
  /**
   * replicas is the count that the metric asks for in the meantime. 1 to maxReplicas.
   */
  replicas?: number;
  /**
   * behavior says what is asked for; Static is replicas, CurrentReplicas the present count, CurrentReplicasIfHigher the higher of the two, CurrentReplicasIfLower the lower. Defaults to Static.
   */
  behavior?: 'CurrentReplicas' | 'CurrentReplicasIfHigher' | 'CurrentReplicasIfLower' | 'Static';
}
/**
 * A metric and its target. The field that type names is set, and no other.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "MetricSpec".
 */
export interface MetricSpec {
  /**
   * type is the kind of metric: ContainerResource, External, Object, Pods or Resource, as autoscaling/v2 has them, or PodScrape or Prometheus. The field of the same name holds the rest.
   */
  type: 'ContainerResource' | 'External' | 'Object' | 'PodScrape' | 'Pods' | 'Prometheus' | 'Resource';
  /**
   * containerResource is CPU or memory of one container in each pod of the target, as the kubelet measures it, against that container's request or a fixed value.
   */
  containerResource?: ContainerResourceMetricSource;
  /**
   * external is a metric of something that is no Kubernetes object, such as the length of a queue outside the cluster, from the external metrics API. Values of several series are added up.
   */
  external?: ExternalMetricSource;
  /**
   * object is a metric that describes one Kubernetes object, such as the requests per second of an Ingress, from the custom metrics API.
   */
  object?: ObjectMetricSource;
  /**
   * pods is a metric that each pod of the target has, such as its requests per second, from the custom metrics API. The average over the pods is compared with the target.
   */
  pods?: PodsMetricSource;
  /**
   * resource is CPU or memory of the pods of the target, all containers together, as the kubelet measures it, against their requests or a fixed value.
   */
  resource?: ResourceMetricSource;
  /**
   * podScrape is a metric that the operator reads itself from each pod of the target, at an endpoint in the text format of Prometheus, such as its requests per second. The average over the pods is compared with the target.
   */
  podScrape?: PodScrapeMetricSource;
  /**
   * prometheus is the result of a query to a Prometheus server. The operator must have been started with that server; what it answers must be a scalar or exactly one series.
   */
  prometheus?: PrometheusMetricSource;
  /**
   * onError is what is done while the metric cannot be read. Absent, it is held, as the HPA does.
   */
  onError?: OnMetricError;
  /**
   * maxAgeSeconds is how old a sample may be; an older one is an error, and of a metric of pods that pod has no sample. 1 to 86400. Absent, any age will do.
   */
  maxAgeSeconds?: number;
  /**
   * suspectZeroSeconds is for how long a zero counts as an error where the last good value was above zero; after that it is believed. 1 to 86400. Absent, a zero is believed at once.
   */
  suspectZeroSeconds?: number;
  /**
   * activation is the value up to which the metric leaves a target at zero replicas there, as a quantity of at least 0; above it, the metric wakes it up. For metrics of type External, Object and Prometheus. Absent, any value above 0 does.
   */
  activation?: number | string;
}
/**
 * A limit on the change within a period.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "ScalingPolicy".
 */
export interface ScalingPolicy {
  /**
   * type is Pods for a number of pods, Percent for a share of the present replicas.
   */
  type: 'Percent' | 'Pods';
  /**
   * value is the number of pods or the percentage. At least 1.
   */
  value: number;
  /**
   * periodSeconds is the time in which that change is allowed, 1 to 1800 seconds.
   */
  periodSeconds: number;
}
/**
 * scaleUp holds the rules for more replicas. Defaults to no stabilization, and to 4 pods or 100% a 15 seconds, whichever is more.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "ScaleUpRules".
 */
export interface ScaleUpRules {
  /**
   * stabilizationWindowSeconds is how many seconds back recommendations are looked at; the lowest of them is followed, so that a short peak adds nothing. 0 to 3600. Defaults to 0: at once.
   */
  stabilizationWindowSeconds?: number;
  /**
   * selectPolicy chooses among the policies: Max allows the largest change, Min the smallest, Disabled no change in this direction. Defaults to Max.
   */
  selectPolicy?: 'Disabled' | 'Max' | 'Min';
  /**
   * policies limit how much may be added within a period. 1 to 100 of them. Defaults to 4 pods a 15 seconds and 100% a 15 seconds.
   *
   * Items: A limit on the change within a period.
   */
  policies?: ScalingPolicy[];
  /**
   * tolerance is the ratio by which the metrics may differ from their targets before the replica count moves in this direction: with 0.05 and a target of 60%, nothing happens between 57% and 63%. A quantity of at least 0 (0.05, 50m). Absent, the operator's own tolerance holds (10% unless it was started with another).
   */
  tolerance?: number | string;
}
/**
 * scaleDown holds the rules for fewer replicas. Defaults to all the way to minReplicas, after the stabilization window.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "ScaleDownRules".
 */
export interface ScaleDownRules {
  /**
   * stabilizationWindowSeconds is how many seconds back recommendations are looked at; the highest of them is followed, so that a short dip removes nothing. 0 to 3600. Absent, the operator's own window holds (300 seconds unless it was started with another).
   */
  stabilizationWindowSeconds?: number;
  /**
   * selectPolicy chooses among the policies: Max allows the largest change, Min the smallest, Disabled no change in this direction. Defaults to Max.
   */
  selectPolicy?: 'Disabled' | 'Max' | 'Min';
  /**
   * policies limit how much may be removed within a period. 1 to 100 of them. Defaults to 100% a 15 seconds.
   *
   * Items: A limit on the change within a period.
   */
  policies?: ScalingPolicy[];
  /**
   * tolerance is the ratio by which the metrics may differ from their targets before the replica count moves in this direction: with 0.05 and a target of 60%, nothing happens between 57% and 63%. A quantity of at least 0 (0.05, 50m). Absent, the operator's own tolerance holds (10% unless it was started with another).
   */
  tolerance?: number | string;
}
/**
 * behavior says how fast the replica count may rise and fall. Once it is present, also as {}, both directions get the defaults below for what they leave out. Absent, the older rules hold: at most twice the replicas (or 4, if that is more) a step up, and five minutes of stabilization down.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "Behavior".
 */
export interface Behavior {
  /**
   * scaleUp holds the rules for more replicas. Defaults to no stabilization, and to 4 pods or 100% a 15 seconds, whichever is more.
   */
  scaleUp?: ScaleUpRules;
  /**
   * scaleDown holds the rules for fewer replicas. Defaults to all the way to minReplicas, after the stabilization window.
   */
  scaleDown?: ScaleDownRules;
}
/**
 * suspend says what a pause holds back and until when; only where mode is Paused. Absent or {}, it holds back both directions until mode is changed.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "Suspension".
 */
export interface Suspension {
  /**
   * scaleUp is whether more replicas are held back. Absent beside scaleDown, they are not.
   */
  scaleUp?: boolean;
  /**
   * scaleDown is whether fewer replicas are held back. Absent beside scaleUp, they are not.
   */
  scaleDown?: boolean;
  /**
   * until is when the pause ends and the autoscaler is active again, as RFC 3339. Absent, it does not end.
   */
  until?: string;
  /**
   * reason tells others why. At most 512 characters.
   */
  reason?: string;
}
/**
 * Bounds that hold from each start on for a while.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "Schedule".
 */
export interface Schedule {
  /**
   * name of the schedule, by which status and messages tell it. Unique, of lower case letters, digits and '-'.
   */
  name: string;
  /**
   * start is when the schedule opens, as a cron expression of five fields: minute, hour, day of the month, month and day of the week, all of which must match. Names, lists, ranges and steps are allowed, and L, W and # for days. The operator refuses what is no cron expression in a condition.
   */
  start: string;
  /**
   * timeZone is the IANA time zone of start and excludeDates, such as Europe/Berlin. Defaults to Etc/UTC. The operator refuses a zone that it does not know in a condition.
   */
  timeZone?: string;
  /**
   * duration is how long the schedule stays open, as elapsed time (10h, 1h30m); above 0, at most 744h, which is 31 days.
   */
  duration: string;
  /**
   * minReplicas is the lowest replica count while the schedule is open. 1 to maxReplicas of the spec.
   */
  minReplicas?: number;
  /**
   * maxReplicas is the highest replica count while the schedule is open. 1 to maxReplicas of the spec.
   */
  maxReplicas?: number;
  /**
   * replicas is the exact count while the schedule is open, in place of the other two. 0 to maxReplicas of the spec; 0 needs no feature gate.
   */
  replicas?: number;
  /**
   * rampUp is the time from the start on in which the bounds move from those that hold otherwise to those of the schedule. Absent, they hold at once.
   */
  rampUp?: string;
  /**
   * rampDown is the time before the end in which the bounds move back. Absent, they hold to the end.
   */
  rampDown?: string;
  /**
   * excludeDates are days, such as 2026-12-25, in the time zone of the schedule, on which it does not open. At most 100.
   */
  excludeDates?: string[];
}
/**
 * spec says what is scaled, between which bounds, by which metrics and how fast.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "CustomAutoscalerSpec".
 */
export interface CustomAutoscalerSpec {
  /**
   * scaleTargetRef names the object whose replicas are computed: a Deployment, a StatefulSet or anything else that has a scale subresource, in the namespace of the autoscaler.
   */
  scaleTargetRef: CrossVersionObjectReference;
  /**
   * minReplicas is the lowest replica count that the autoscaler may set. Defaults to 1. It may be 0 only with at least one metric of type Object, External or Prometheus, and scales to zero only where the operator was started with the feature gate HPAScaleToZero.
   */
  minReplicas?: number;
  /**
   * maxReplicas is the highest replica count that the autoscaler may set. At least 1, and not less than minReplicas.
   */
  maxReplicas: number;
  /**
   * metrics are what the replica count is computed from: each proposes a count, and the largest proposal wins. A metric must fall as replicas are added. At most 100. Absent or empty, CPU at 80% of the request is used.
   *
   * Items: A metric and its target. The field that type names is set, and no other.
   */
  metrics?: MetricSpec[];
  /**
   * behavior says how fast the replica count may rise and fall. Once it is present, also as {}, both directions get the defaults below for what they leave out. Absent, the older rules hold: at most twice the replicas (or 4, if that is more) a step up, and five minutes of stabilization down.
   */
  behavior?: Behavior;
  /**
   * mode is Active to scale the target, DryRun to compute and report everything and never write the scale, or Paused to compute and report and hold back what suspend says: conditions, events and status then say what would be done. Absent is Active.
   */
  mode?: 'Active' | 'DryRun' | 'Paused';
  /**
   * suspend says what a pause holds back and until when; only where mode is Paused. Absent or {}, it holds back both directions until mode is changed.
   */
  suspend?: Suspension;
  /**
   * schedules set other bounds for a time, again and again. Where several are open, the largest minimum and the smallest maximum hold; where these conflict, the minimum does. At most 20.
   *
   * Items: Bounds that hold from each start on for a while.
   */
  schedules?: Schedule[];
  /**
   * podSelection is which pods count in the metrics: Selector, all that the selector of the target matches, or Owned, those of them that the target owns, the newest first and no more than it asks for. Absent is Selector.
   */
  podSelection?: 'Owned' | 'Selector';
  /**
   * syncPeriodSeconds is the time between two evaluations. 1 to 300. Absent, that of the operator holds (15 unless it was started with another).
   */
  syncPeriodSeconds?: number;
  /**
   * initializationPeriodSeconds is for how long after its start a pod's CPU counts only under conditions. 0 to 3600. Absent, that of the operator holds (300 unless it was started with another).
   */
  initializationPeriodSeconds?: number;
  /**
   * readinessDelaySeconds is for how long after its start a pod that is not ready counts as never ready before. 0 to 3600. Absent, that of the operator holds (30 unless it was started with another).
   */
  readinessDelaySeconds?: number;
  /**
   * onAllPodsUnready is what is done when no pod is ready and the last good sample was above its target: Hold, or StepUp for one step up, within bounds and rates, until a pod was ready again. Absent is Hold.
   */
  onAllPodsUnready?: 'Hold' | 'StepUp';
  /**
   * requireFreshSamples is whether a sample that already led to another count is not acted on again. Absent is false.
   */
  requireFreshSamples?: boolean;
}
/**
 * nextTransition is when a schedule opens or closes next.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "ScheduleTransition".
 */
export interface ScheduleTransition {
  /**
   * time of the transition.
   */
  time: string;
  /**
   * schedule is its name.
   */
  schedule: string;
  /**
   * type is Opens or Closes.
   */
  type: 'Closes' | 'Opens';
}
/**
 * fallback tells what decides in place of a metric that fails; absent while none does.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "FallbackInForce".
 */
export interface FallbackInForce {
  /**
   * metric that fails, such as Resource/cpu.
   */
  metric: string;
  /**
   * replicas is the count that is asked for in its place.
   */
  replicas: number;
  /**
   * since is when the metric began to fail.
   */
  since: string;
}
/**
 * coldStart is how long the target last took from zero replicas to a ready pod.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "ColdStart".
 */
export interface ColdStart {
  /**
   * time at which a pod was ready.
   */
  time: string;
  /**
   * seconds since the target left zero replicas.
   */
  seconds: number;
}
/**
 * suspended is what a pause holds back now; absent while nothing is.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "SuspensionInForce".
 */
export interface SuspensionInForce {
  /**
   * scaleUp is whether more replicas are held back.
   */
  scaleUp?: boolean;
  /**
   * scaleDown is whether fewer replicas are held back.
   */
  scaleDown?: boolean;
  /**
   * until is when the pause ends; absent where it does not.
   */
  until?: string;
  /**
   * reason is the one of the spec.
   */
  reason?: string;
}
/**
 * What one metric showed and asked for.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "DecisionMetric".
 */
export interface DecisionMetric {
  /**
   * metric is its type and name, such as Resource/cpu.
   */
  metric: string;
  /**
   * current is what it showed, such as 83%; absent where it could not be read.
   */
  current?: string;
  /**
   * target is what that was compared with, such as 50%.
   */
  target?: string;
  /**
   * proposedReplicas is the count that it asked for; absent where it asked for none.
   */
  proposedReplicas?: number;
  /**
   * wins is true for the metric whose count was taken.
   */
  wins?: boolean;
  /**
   * message tells why it could not be read.
   */
  message?: string;
  /**
   * pods are those that it was read from; absent where it is not about pods.
   */
  pods?: {
    /**
     * counted is the number of pods whose samples counted.
     */
    counted?: number;
    /**
     * assumed is the number of pods without a sample that counted as idle or as busy.
     */
    assumed?: number;
    /**
     * leftOut is the number of pods that did not count.
     */
    leftOut?: number;
  };
}
/**
 * One step that changed the count.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "DecisionLimit".
 */
export interface DecisionLimit {
  /**
   * limiter is what it was, such as stabilization, rate, bounds or schedule.
   */
  limiter: string;
  /**
   * reason is one word, for programs.
   */
  reason?: string;
  /**
   * from is the count before this step.
   */
  from: number;
  /**
   * to is the count after it.
   */
  to: number;
  /**
   * until is when it ends or lets more through; absent where that is not known.
   */
  until?: string;
  /**
   * message tells it in words.
   */
  message?: string;
}
/**
 * decision is why the last evaluation came out as it did; one that comes out like the one before is written only with other changes.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "DecisionRecord".
 */
export interface DecisionRecord {
  /**
   * time of the evaluation.
   */
  time: string;
  /**
   * from is the replica count before.
   */
  from: number;
  /**
   * to is the replica count that was decided.
   */
  to: number;
  /**
   * reason tells it in a sentence.
   */
  reason?: string;
  /**
   * metrics are what was looked at, in the order of spec.metrics, the first 20 of them.
   *
   * Items: What one metric showed and asked for.
   */
  metrics?: DecisionMetric[];
  /**
   * limits are the steps that changed the count after the metrics, in their order, the first 20 of them.
   *
   * Items: One step that changed the count.
   */
  limits?: DecisionLimit[];
}
/**
 * shadow compares a dry run with the HorizontalPodAutoscaler on the same target; absent without one.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "ShadowRecord".
 */
export interface ShadowRecord {
  /**
   * hpa is the name of the HorizontalPodAutoscaler.
   */
  hpa: string;
  /**
   * specs says which specs were compared; when one of the two changes, the comparison begins anew.
   */
  specs?: string;
  /**
   * since is when the first evaluation was compared.
   */
  since?: string;
  /**
   * agreementPercent is the share of evaluations in which both wanted the same count; absent before one was compared.
   */
  agreementPercent?: number;
  /**
   * ticks is the number of evaluations that were compared.
   */
  ticks: number;
  /**
   * agreedTicks is the number of those in which both wanted the same count.
   */
  agreedTicks?: number;
  /**
   * firstDifference is the first time that they wanted different counts; absent while there is none.
   */
  firstDifference?: {
    /**
     * time of the evaluation.
     */
    time: string;
    /**
     * ours is the count that the dry run wanted.
     */
    ours: number;
    /**
     * theirs is the count that the HorizontalPodAutoscaler wanted.
     */
    theirs: number;
    /**
     * reason tells both reasons in a sentence.
     */
    reason?: string;
  };
}
/**
 * current is the value that was read last.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "MetricValueStatus".
 */
export interface MetricValueStatus {
  /**
   * averageUtilization is the average over all relevant pods in percent of the request, rounded down.
   */
  averageUtilization?: number;
  /**
   * averageValue is the average over all relevant pods, as a quantity.
   */
  averageValue?: number | string;
  /**
   * value is the metric as a whole, as a quantity.
   */
  value?: number | string;
}
/**
 * metric says which metric was read.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "MetricIdentifierStatus".
 */
export interface MetricIdentifierStatus {
  /**
   * name of the metric.
   */
  name?: string;
  /**
   * selector is the one of the spec.
   */
  selector?: MetricSelector;
}
/**
 * describedObject names the object.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "CrossVersionObjectReferenceStatus".
 */
export interface CrossVersionObjectReferenceStatus {
  /**
   * apiVersion of the object.
   */
  apiVersion?: string;
  /**
   * kind of the object.
   */
  kind?: string;
  /**
   * name of the object.
   */
  name?: string;
}
/**
 * The last reading of one metric. The field that type names is set.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "MetricStatus".
 */
export interface MetricStatus {
  /**
   * type is the kind of metric; empty when it could not be read.
   */
  type?: string;
  /**
   * containerResource is the use of a resource by one container of each pod.
   */
  containerResource?: {
    /**
     * name of the resource.
     */
    name?: string;
    /**
     * container is the name of the container.
     */
    container?: string;
    /**
     * current is the value that was read last.
     */
    current?: MetricValueStatus;
  };
  /**
   * external is the value of an external metric.
   */
  external?: {
    /**
     * metric says which metric was read.
     */
    metric?: MetricIdentifierStatus;
    /**
     * current is the value that was read last.
     */
    current?: MetricValueStatus;
  };
  /**
   * object is the value of a metric that describes one object.
   */
  object?: {
    /**
     * describedObject names the object.
     */
    describedObject?: CrossVersionObjectReferenceStatus;
    /**
     * metric says which metric was read.
     */
    metric?: MetricIdentifierStatus;
    /**
     * current is the value that was read last.
     */
    current?: MetricValueStatus;
  };
  /**
   * pods is the average of a metric over the pods.
   */
  pods?: {
    /**
     * metric says which metric was read.
     */
    metric?: MetricIdentifierStatus;
    /**
     * current is the value that was read last.
     */
    current?: MetricValueStatus;
  };
  /**
   * resource is the use of a resource by the pods.
   */
  resource?: {
    /**
     * name of the resource.
     */
    name?: string;
    /**
     * current is the value that was read last.
     */
    current?: MetricValueStatus;
  };
  /**
   * podScrape is the average over the pods of what the operator read from them.
   */
  podScrape?: {
    /**
     * metric says which metric was read.
     */
    metric?: MetricIdentifierStatus;
    /**
     * current is the value that was read last.
     */
    current?: MetricValueStatus;
  };
  /**
   * prometheus is the result of a query.
   */
  prometheus?: {
    /**
     * server is the name of the server.
     */
    server?: string;
    /**
     * query is the one of the spec.
     */
    query?: string;
    /**
     * current is the value that was read last.
     */
    current?: MetricValueStatus;
  };
}
/**
 * One condition of the autoscaler.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "AutoscalerCondition".
 */
export interface AutoscalerCondition {
  /**
   * type of the condition, such as AbleToScale.
   */
  type: string;
  /**
   * status is True, False or Unknown.
   */
  status: string;
  /**
   * reason is one word for the last change, for programs.
   */
  reason?: string;
  /**
   * message tells the reason in words.
   */
  message?: string;
  /**
   * lastTransitionTime is when status last changed.
   */
  lastTransitionTime?: string | null;
}
/**
 * A replica count that the metrics asked for.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "RecommendationRecord".
 */
export interface RecommendationRecord {
  /**
   * time of the evaluation.
   */
  time: string;
  /**
   * replicas is the count before stabilization, rates and bounds.
   */
  replicas: number;
}
/**
 * A change of the replica count.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "ScaleRecord".
 */
export interface ScaleRecord {
  /**
   * time of the change.
   */
  time: string;
  /**
   * change is the number of pods added.
   */
  change: number;
}
/**
 * What is remembered of one metric.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "MetricRecord".
 */
export interface MetricRecord {
  /**
   * metric is its type and name, such as Resource/cpu.
   */
  metric: string;
  /**
   * failingSince is when it began to fail; absent while it does not.
   */
  failingSince?: string;
  /**
   * zeroSince is when it fell to zero; absent while it is not suspected.
   */
  zeroSince?: string;
  /**
   * actedSampleTime is when the sample was measured that last led to another count.
   */
  actedSampleTime?: string;
  /**
   * lastGood is the last evaluation that succeeded.
   */
  lastGood?: {
    /**
     * time of the evaluation.
     */
    time: string;
    /**
     * replicas is the count that it asked for.
     */
    replicas: number;
    /**
     * aboveTarget is whether it was above its target.
     */
    aboveTarget?: boolean;
    /**
     * nonZero is whether it was above zero.
     */
    nonZero?: boolean;
  };
}
/**
 * history is what the operator remembers between two evaluations, as far as it still matters, so that one that is restarted goes on where the last one was. Absent when there is no more to remember than the present replica count. To forget it, remove it while no operator runs.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "AutoscalerHistory".
 */
export interface AutoscalerHistory {
  /**
   * asOf is when this was all that there was to remember.
   */
  asOf: string;
  /**
   * recommendations are the replica counts that the metrics asked for, without those that can no longer decide anything. While one of them is in the stabilization window, the target is not scaled down below it.
   *
   * Items: A replica count that the metrics asked for.
   */
  recommendations?: RecommendationRecord[];
  /**
   * scaleUps are the changes that the policies of behavior count as scaling up; kept only where the spec has a behavior.
   *
   * Items: A change of the replica count.
   */
  scaleUps?: ScaleRecord[];
  /**
   * scaleDowns are the changes that the policies of behavior count as scaling down; kept only where the spec has a behavior.
   *
   * Items: A change of the replica count.
   */
  scaleDowns?: ScaleRecord[];
  /**
   * metrics are what is remembered of single metrics; kept only where the spec asks for something that needs it.
   *
   * Items: What is remembered of one metric.
   */
  metrics?: MetricRecord[];
  /**
   * steppedUpTime is when a step up was made as no pod was ready; absent once a pod was.
   */
  steppedUpTime?: string;
  /**
   * wokeTime is when the target left zero replicas; absent once a pod was ready.
   */
  wokeTime?: string;
}
/**
 * status is what the operator found and did last.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "CustomAutoscalerStatus".
 */
export interface CustomAutoscalerStatus {
  /**
   * observedGeneration is the generation of the spec that this status answers.
   */
  observedGeneration?: number;
  /**
   * reference is the target as KIND/NAME, for kubectl get.
   */
  reference?: string;
  /**
   * targets is the metrics as CURRENT/TARGET, for kubectl get.
   */
  targets?: string;
  /**
   * mode is the one in force, Active also where the spec names none, for kubectl get.
   */
  mode?: string;
  /**
   * nextTransition is when a schedule opens or closes next.
   */
  nextTransition?: ScheduleTransition;
  /**
   * fallback tells what decides in place of a metric that fails; absent while none does.
   */
  fallback?: FallbackInForce;
  /**
   * coldStart is how long the target last took from zero replicas to a ready pod.
   */
  coldStart?: ColdStart;
  /**
   * suspended is what a pause holds back now; absent while nothing is.
   */
  suspended?: SuspensionInForce;
  /**
   * decision is why the last evaluation came out as it did; one that comes out like the one before is written only with other changes.
   */
  decision?: DecisionRecord;
  /**
   * shadow compares a dry run with the HorizontalPodAutoscaler on the same target; absent without one.
   */
  shadow?: ShadowRecord;
  /**
   * lastScaleTime is when the replica count of the target was last changed.
   */
  lastScaleTime?: string | null;
  /**
   * currentReplicas is the replica count that the target was asked for when it was last looked at.
   */
  currentReplicas?: number;
  /**
   * desiredReplicas is the replica count that was last computed.
   */
  desiredReplicas?: number;
  /**
   * currentMetrics is the last reading of each metric, in the order of spec.metrics; one that failed has an empty type. Null when no metric was read.
   */
  currentMetrics?: MetricStatus[] | null;
  /**
   * conditions say whether the autoscaler can read and write the scale of its target (AbleToScale), can compute a replica count (ScalingActive), and is held back by bounds or rates (ScalingLimited).
   */
  conditions?: AutoscalerCondition[] | null;
  /**
   * history is what the operator remembers between two evaluations, as far as it still matters, so that one that is restarted goes on where the last one was. Absent when there is no more to remember than the present replica count. To forget it, remove it while no operator runs.
   */
  history?: AutoscalerHistory;
}
