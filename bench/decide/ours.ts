import { podUsage } from '../../src/api/pod-metrics.ts';
import { podFacts } from '../../src/api/pod.ts';
import { toPolicy } from '../../src/api/to-policy.ts';
import { decide } from '../../src/decide/decide.ts';
import type { DecideInput } from '../../src/decide/decide-input.ts';
import type { History } from '../../src/decide/history.ts';
import type { ControllerOptions } from '../../src/decide/policy.ts';
import { settle } from '../../src/decide/settle.ts';
import type { Snapshot } from '../../src/decide/snapshot.ts';
import { heapBytesOf, timeRounds } from '../support.ts';
import type { Effort, Timing } from '../support.ts';
import type { ReplicasAt, Workload } from './workload.ts';

/** The controller's defaults. */
const options: ControllerOptions = {
  tolerance: 0.1,
  downscaleStabilizationMs: 300_000,
  cpuInitializationPeriodMs: 300_000,
  initialReadinessDelayMs: 30_000,
  featureGates: { HPAScaleToZero: false, HPAConfigurableTolerance: true, PodLevelResources: true },
};

/** What decide/ is given: pods and metrics projected, as they lie in the operator's cache. */
function inputOf(given: Workload, nowMs: number): DecideInput {
  return {
    policy: toPolicy(given.autoscaler),
    snapshot: snapshotOf(given),
    history: historyOf(given),
    options,
    nowMs,
  };
}

function snapshotOf({ pods, podMetrics, currentReplicas }: Workload): Snapshot {
  const scale = { specReplicas: currentReplicas, statusReplicas: currentReplicas, selector: 'app=web' };
  return {
    target: { ok: true, value: scale },
    pods: pods.map(podFacts),
    metrics: [{ type: 'Resource', usage: { ok: true, value: podMetrics.map(podUsage) } }],
    otherAutoscalers: [],
    status: { desiredReplicas: currentReplicas, currentMetrics: null, conditions: [] },
  };
}

function historyOf({ recommendations, scaleUps, scaleDowns }: Workload): History {
  const event = ({ atMs, replicas }: ReplicasAt) => ({ atMs, change: replicas, outdated: false });
  return {
    recommendations: recommendations.map(({ atMs, replicas }) => ({ atMs, replicas })),
    scaleUps: scaleUps.map(event),
    scaleDowns: scaleDowns.map(event),
  };
}

/** A whole decision: grouping of pods, proposals, normalization, conditions, events, trace. */
export function timeDecisions(given: Workload, nowMs: number, effort: Effort) {
  const input = inputOf(given, nowMs);
  let desiredReplicas = 0;
  const timing: Timing = timeRounds(() => {
    desiredReplicas = decide(input).desiredReplicas;
  }, effort);
  return { desiredReplicas, timing };
}

/** Bytes that one autoscaler keeps; what it keeps is made from JSON of its own each time, so that nothing is shared. */
export function heapBytes(given: Workload, nowMs: number) {
  const parsed = (text: string) => inputOf(JSON.parse(text) as Workload, nowMs);
  const whole = JSON.stringify(given);
  const withoutPods = JSON.stringify({ ...given, pods: [], podMetrics: [] });
  const input = parsed(whole);
  return {
    /** Between ticks: policy, history and status after a decision. */
    state: heapBytesOf(() => stateAfter(parsed(withoutPods), input.snapshot), 500),
    /** A decision with its trace, where somebody holds on to it. */
    decision: heapBytesOf(() => decide(input), 500),
    /** Pods and their usage: in the operator, part of a cache that all autoscalers share. */
    snapshot: heapBytesOf(() => parsed(whole).snapshot, Math.ceil(5000 / given.pods.length)),
  };
}

function stateAfter(input: DecideInput, snapshot: Snapshot) {
  const decision = decide({ ...input, snapshot });
  const { status, history } = settle(decision, snapshot, {
    type: decision.rescale ? 'Scaled' : 'NotNeeded',
  });
  return { policy: input.policy, status, history };
}
