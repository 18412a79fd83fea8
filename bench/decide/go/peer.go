package main

import (
	"context"
	"maps"
	"reflect"
	"time"
	"unsafe"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/kubernetes/pkg/controller/podautoscaler"
	metricsclient "k8s.io/kubernetes/pkg/controller/podautoscaler/metrics"
	metricsv1beta1 "k8s.io/metrics/pkg/apis/metrics/v1beta1"
)

const key = "default/web"

// Not exported by Kubernetes, so it is linked by its name.
//
//go:linkname normalize k8s.io/kubernetes/pkg/controller/podautoscaler.(*HorizontalController).normalizeDesiredReplicasWithBehaviors
func normalize(a *podautoscaler.HorizontalController, hpa *autoscalingv2.HorizontalPodAutoscaler, key string, currentReplicas, prenormalizedDesiredReplicas, minReplicas int32) int32

// recommendation and scaleEvent have the layout of the controller's own unexported types.
type recommendation struct {
	recommendation int32
	timestamp      time.Time
}

type scaleEvent struct {
	replicaChange int32
	timestamp     time.Time
	outdated      bool
}

// prepare returns a function that decides once, each time from the same state.
func prepare(w workload) func() (int32, error) {
	ctx := context.Background()
	hpa := w.Autoscaler.DeepCopy()
	target := *hpa.Spec.Metrics[0].Resource.Target.AverageUtilization
	selector := labels.SelectorFromSet(labels.Set{"app": "web"})
	calculator := podautoscaler.NewReplicaCalculator(client{usage: usageOf(w.PodMetrics)}, lister{w.Pods}, 5*time.Minute, 30*time.Second)
	tolerances := podautoscaler.Tolerances{}
	setTolerances(&tolerances, 0.1)

	controller := &podautoscaler.HorizontalController{}
	remembered := recommendationsOf(w.Recommendations)
	present := make([]recommendation, len(remembered), len(remembered)+1)
	kept := map[string][]recommendation{key: present}
	setField(controller, "recommendations", kept)
	setField(controller, "scaleUpEvents", map[string][]scaleEvent{key: eventsOf(w.ScaleUps)})
	setField(controller, "scaleDownEvents", map[string][]scaleEvent{key: eventsOf(w.ScaleDowns)})

	return func() (int32, error) {
		copy(present, remembered)
		kept[key] = present
		proposed, _, _, _, err := calculator.GetResourceReplicas(ctx, w.CurrentReplicas, target, v1.ResourceCPU, tolerances, "default", selector, "")
		if err != nil {
			return 0, err
		}
		return normalize(controller, hpa, key, w.CurrentReplicas, proposed, *hpa.Spec.MinReplicas), nil
	}
}

// setField fills an unexported map of the controller.
func setField[V any](controller *podautoscaler.HorizontalController, name string, value map[string][]V) {
	field := reflect.ValueOf(controller).Elem().FieldByName(name)
	if size := reflect.TypeFor[V]().Size(); field.Type().Elem().Elem().Size() != size {
		panic("the layout of " + name + " has changed")
	}
	*(*map[string][]V)(unsafe.Pointer(field.UnsafeAddr())) = value
}

// setTolerances gives both directions the controller's default.
func setTolerances(tolerances *podautoscaler.Tolerances, ratio float64) {
	value := reflect.ValueOf(tolerances).Elem()
	for i := range value.NumField() {
		*(*float64)(unsafe.Pointer(value.Field(i).UnsafeAddr())) = ratio
	}
}

func recommendationsOf(given []replicasAt) []recommendation {
	all := make([]recommendation, 0, len(given))
	for _, each := range given {
		all = append(all, recommendation{each.Replicas, time.UnixMilli(each.AtMs)})
	}
	return all
}

func eventsOf(given []replicasAt) []scaleEvent {
	all := make([]scaleEvent, 0, len(given))
	for _, each := range given {
		all = append(all, scaleEvent{replicaChange: each.Replicas, timestamp: time.UnixMilli(each.AtMs)})
	}
	return all
}

// usageOf sums up the containers of each pod, as the REST metrics client does.
func usageOf(podMetrics []metricsv1beta1.PodMetrics) metricsclient.PodMetricsInfo {
	usage := metricsclient.PodMetricsInfo{}
	for _, pod := range podMetrics {
		var sum int64
		for _, container := range pod.Containers {
			sum += container.Usage.Cpu().MilliValue()
		}
		usage[pod.Name] = metricsclient.PodMetric{Timestamp: pod.Timestamp.Time, Window: pod.Window.Duration, Value: sum}
	}
	return usage
}

// client has the metrics in memory; the calculator changes what it is given, so each call gets a copy.
type client struct {
	metricsclient.MetricsClient
	usage metricsclient.PodMetricsInfo
}

func (c client) GetResourceMetric(context.Context, v1.ResourceName, string, labels.Selector, string) (metricsclient.PodMetricsInfo, time.Time, error) {
	return maps.Clone(c.usage), time.Time{}, nil
}

// lister has the selected pods in memory: no pod is looked for.
type lister struct{ pods []*v1.Pod }

func (l lister) Pods(string) corelisters.PodNamespaceLister { return namespaceLister{pods: l.pods} }
func (l lister) List(labels.Selector) ([]*v1.Pod, error)    { return l.pods, nil }

type namespaceLister struct {
	corelisters.PodNamespaceLister
	pods []*v1.Pod
}

func (l namespaceLister) List(labels.Selector) ([]*v1.Pod, error) { return l.pods, nil }
