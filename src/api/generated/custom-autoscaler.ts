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
 * A metric and its target. The field that type names is set, and no other.
 *
 * This interface was referenced by `CustomAutoscaler`'s JSON-Schema
 * via the `definition` "MetricSpec".
 */
export interface MetricSpec {
  /**
   * type is the kind of metric: ContainerResource, External, Object, Pods or Resource. The field of the same name holds the rest.
   */
  type: 'ContainerResource' | 'External' | 'Object' | 'Pods' | 'Resource';
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
   * minReplicas is the lowest replica count that the autoscaler may set. Defaults to 1. It may be 0 only with at least one metric of type Object or External, and scales to zero only where the operator was started with the feature gate HPAScaleToZero.
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
   * mode is Active to scale the target, or DryRun to compute and report everything and never write the scale: conditions, events and status then say what would be done. Absent is Active.
   */
  mode?: 'Active' | 'DryRun';
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
