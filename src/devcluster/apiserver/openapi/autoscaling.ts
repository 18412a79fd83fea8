/** Autoscalers and scales, in the language of definitions.ts, by package. */
export const autoscaling: Readonly<Record<string, string>> = {
  'io.k8s.api.autoscaling.v1': `
kind Scale: How many replicas an object has, and should have.
  spec ScaleSpec What is wanted.
  status ScaleStatus What is.
ScaleSpec: How many replicas are wanted.
  replicas int32 How many.
ScaleStatus: How many replicas there are.
  replicas! int32 How many.
  selector string Which pods they are, as a query.
kind HorizontalPodAutoscaler: Keeps the replicas of an object in step with its CPU.
  spec HorizontalPodAutoscalerSpec What is wanted.
  status HorizontalPodAutoscalerStatus What is.
HorizontalPodAutoscalerSpec: What is wanted of an autoscaler.
  maxReplicas! int32 The most replicas.
  minReplicas int32 The fewest replicas; 1 where absent.
  scaleTargetRef! CrossVersionObjectReference What is scaled.
  targetCPUUtilizationPercentage int32 The target, in percent of the requested CPU.
HorizontalPodAutoscalerStatus: What is known of an autoscaler.
  currentCPUUtilizationPercentage int32 The use of CPU, in percent of what is requested.
  currentReplicas! int32 How many replicas there were.
  desiredReplicas! int32 How many replicas there should be.
  lastScaleTime time When the count was last changed.
  observedGeneration int64 The generation that this is about.
CrossVersionObjectReference: What is scaled.
  apiVersion string Its version.
  kind! string Its kind.
  name! string Its name.
`,
  'io.k8s.api.autoscaling.v2': `
kind HorizontalPodAutoscaler: Keeps the replicas of an object in step with metrics.
  spec HorizontalPodAutoscalerSpec What is wanted.
  status HorizontalPodAutoscalerStatus What is.
HorizontalPodAutoscalerSpec: What is wanted of an autoscaler.
  behavior HorizontalPodAutoscalerBehavior How fast the count may change.
  maxReplicas! int32 The most replicas.
  metrics []MetricSpec What the count is computed from; the largest proposal wins.
  minReplicas int32 The fewest replicas; 1 where absent.
  scaleTargetRef! CrossVersionObjectReference What is scaled.
CrossVersionObjectReference: An object in the same namespace.
  apiVersion string Its version.
  kind! string Its kind.
  name! string Its name.
HorizontalPodAutoscalerBehavior: How fast the count may change.
  scaleDown HPAScalingRules Downwards.
  scaleUp HPAScalingRules Upwards.
HPAScalingRules: How fast the count may change in one direction.
  policies []HPAScalingPolicy By how much in which time.
  selectPolicy string Which of the policies counts: Max, Min or Disabled.
  stabilizationWindowSeconds int32 How far back proposals are looked at.
  tolerance quantity How far from its target a metric may be without a change.
HPAScalingPolicy: By how much the count may change in which time.
  periodSeconds! int32 The time.
  type! string Pods or Percent.
  value! int32 By how much.
MetricSpec: A metric and its target; the field that type names is set.
  containerResource ContainerResourceMetricSource A resource of one container in each pod.
  external ExternalMetricSource A metric of something outside the cluster.
  object ObjectMetricSource A metric of one object.
  pods PodsMetricSource A metric of each pod.
  resource ResourceMetricSource A resource of each pod.
  type! string ContainerResource, External, Object, Pods or Resource.
ContainerResourceMetricSource: A resource of one container in each pod.
  container! string The container.
  name! string The resource.
  target! MetricTarget The target.
ExternalMetricSource: A metric of something outside the cluster.
  metric! MetricIdentifier The metric.
  target! MetricTarget The target.
ObjectMetricSource: A metric of one object.
  describedObject! CrossVersionObjectReference The object.
  metric! MetricIdentifier The metric.
  target! MetricTarget The target.
PodsMetricSource: A metric of each pod.
  metric! MetricIdentifier The metric.
  target! MetricTarget The target.
ResourceMetricSource: A resource of each pod.
  name! string The resource.
  target! MetricTarget The target.
MetricIdentifier: A metric.
  name! string Its name.
  selector LabelSelector Which of its series.
MetricTarget: The target of a metric.
  averageUtilization int32 The average over pods, in percent of what they request.
  averageValue quantity The average over pods.
  type! string Utilization, Value or AverageValue.
  value quantity The metric as a whole.
HorizontalPodAutoscalerStatus: What is known of an autoscaler.
  conditions []HorizontalPodAutoscalerCondition @type Aspects of its state.
  currentMetrics []MetricStatus What the metrics show.
  currentReplicas int32 How many replicas there were.
  desiredReplicas! int32 How many replicas there should be.
  lastScaleTime time When the count was last changed.
  observedGeneration int64 The generation that this is about.
HorizontalPodAutoscalerCondition: One aspect of an autoscaler's state.
  lastTransitionTime time When the status last changed.
  message string Why, in words.
  reason string Why, in one word.
  status! string True, False or Unknown.
  type! string AbleToScale, ScalingActive or ScalingLimited.
MetricStatus: What a metric shows; the field that type names is set.
  containerResource ContainerResourceMetricStatus A resource of one container in each pod.
  external ExternalMetricStatus A metric of something outside the cluster.
  object ObjectMetricStatus A metric of one object.
  pods PodsMetricStatus A metric of each pod.
  resource ResourceMetricStatus A resource of each pod.
  type! string ContainerResource, External, Object, Pods or Resource.
ContainerResourceMetricStatus: What a resource of one container shows.
  container! string The container.
  current! MetricValueStatus The value.
  name! string The resource.
ExternalMetricStatus: What a metric of something outside the cluster shows.
  current! MetricValueStatus The value.
  metric! MetricIdentifier The metric.
ObjectMetricStatus: What a metric of one object shows.
  current! MetricValueStatus The value.
  describedObject! CrossVersionObjectReference The object.
  metric! MetricIdentifier The metric.
PodsMetricStatus: What a metric of each pod shows.
  current! MetricValueStatus The value.
  metric! MetricIdentifier The metric.
ResourceMetricStatus: What a resource of each pod shows.
  current! MetricValueStatus The value.
  name! string The resource.
MetricValueStatus: A value that was measured.
  averageUtilization int32 The average over pods, in percent of what they request.
  averageValue quantity The average over pods.
  value quantity The metric as a whole.
`,
};
