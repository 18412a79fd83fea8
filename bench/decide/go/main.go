// Times Kubernetes' own code for one decision: the replica calculator and the normalization of pkg/controller/podautoscaler,
// with pods and metrics in memory. Reads workloads on standard input, prints microseconds a decision on standard output.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"syscall"
	"time"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	v1 "k8s.io/api/core/v1"
	metricsv1beta1 "k8s.io/metrics/pkg/apis/metrics/v1beta1"
)

// input is what bench/decide/peer.ts sends.
type input struct {
	Rounds    int        `json:"rounds"`
	RoundMs   int        `json:"roundMs"`
	Workloads []workload `json:"workloads"`
}

// workload is one autoscaler at one tick, in the API's own objects.
type workload struct {
	Autoscaler      autoscalingv2.HorizontalPodAutoscaler `json:"autoscaler"`
	Pods            []*v1.Pod                             `json:"pods"`
	PodMetrics      []metricsv1beta1.PodMetrics           `json:"podMetrics"`
	CurrentReplicas int32                                 `json:"currentReplicas"`
	Recommendations []replicasAt                          `json:"recommendations"`
	ScaleUps        []replicasAt                          `json:"scaleUps"`
	ScaleDowns      []replicasAt                          `json:"scaleDowns"`
}

type replicasAt struct {
	AtMs     int64 `json:"atMs"`
	Replicas int32 `json:"replicas"`
}

// result is one workload's answer and its times.
type result struct {
	DesiredReplicas int32   `json:"desiredReplicas"`
	Rounds          []round `json:"rounds"`
}

// round holds the microseconds of one call: of CPU time, garbage collection included, and on the wall.
type round struct {
	CPU  float64 `json:"cpu"`
	Wall float64 `json:"wall"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var in input
	if err := json.NewDecoder(os.Stdin).Decode(&in); err != nil {
		return fmt.Errorf("cannot read the workloads: %w", err)
	}
	results := make([]result, 0, len(in.Workloads))
	for _, each := range in.Workloads {
		decide := prepare(each)
		desired, err := decide()
		if err != nil {
			return err
		}
		results = append(results, result{desired, timeRounds(decide, in.Rounds, time.Duration(in.RoundMs)*time.Millisecond)})
	}
	return json.NewEncoder(os.Stdout).Encode(results)
}

const warmUpRounds = 3

// timeRounds times calls for as long as each round lasts.
func timeRounds(decide func() (int32, error), rounds int, length time.Duration) []round {
	times := make([]round, 0, rounds)
	for i := -warmUpRounds; i < rounds; i++ {
		calls := 0
		start, before := time.Now(), cpuTime()
		for time.Since(start) < length || calls == 0 {
			for range 8 {
				decide()
			}
			calls += 8
		}
		if i >= 0 {
			times = append(times, round{microsOf(cpuTime()-before, calls), microsOf(time.Since(start), calls)})
		}
	}
	return times
}

func microsOf(spent time.Duration, calls int) float64 {
	return float64(spent.Nanoseconds()) / 1000 / float64(calls)
}

// cpuTime is the CPU time of this process until now.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
