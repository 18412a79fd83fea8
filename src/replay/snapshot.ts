import { podFacts } from '../api/pod.ts';
import { targetScale } from '../api/scale.ts';
import type { PodJson } from '../api/types.ts';
import type { Policy } from '../decide/policy.ts';
import type { ObjectReference } from '../decide/references.ts';
import type { MetricReading, PodFacts, Reading, Snapshot, TargetScale } from '../decide/snapshot.ts';
import type { AutoscalerStatus } from '../decide/status.ts';
import { readSelector } from '../lib/selector.ts';
import { groupOf, metricReader } from './metric-readings.ts';
import type { RecordedTick, Scenario } from './scenario.ts';

/** What a recorded tick showed to its controller, under the policy of that tick. */
export type SnapshotReader = (tick: RecordedTick, status: AutoscalerStatus) => Snapshot;

/** Reads the ticks of a scenario as the cluster's APIs answered its controller, for as long as one policy holds. */
export function snapshotReader(
  { requires = [], otherAutoscalers = [] }: Scenario,
  policy: Policy,
): SnapshotReader {
  const readMetrics = policy.metrics.map((spec) => metricReader(spec, policy.namespace));
  const unmapped = requires.includes('restMapping') ? unmappedKind(policy.target) : undefined;
  return (tick, status) => ({
    target: unmapped ?? targetOf(tick),
    pods: podsOf(tick, policy.namespace),
    metrics: readMetrics.map((read): MetricReading => read(tick)),
    otherAutoscalers,
    status,
  });
}

function targetOf({ scale, scaleError }: RecordedTick): Reading<TargetScale> {
  if (scaleError !== undefined) return { ok: false, message: scaleError };
  return { ok: true, value: targetScale(scale ?? {}) };
}

/** What Kubernetes itself serves with a scale subresource, by group and kind. */
const scalableKinds = new Set([
  'apps/Deployment',
  'apps/ReplicaSet',
  'apps/StatefulSet',
  '/ReplicationController',
]);

/** A kind is looked up by group and kind alone, whatever the version says. */
function unmappedKind(target: ObjectReference): Reading<TargetScale> | undefined {
  const { apiVersion, kind } = target;
  const known = apiVersion.split('/').length <= 2 && scalableKinds.has(`${groupOf(target)}/${kind}`);
  return known ? undefined : { ok: false, message: `no matches for kind ${kind} in ${apiVersion}` };
}

/**
 * The pods of the namespace that the scale's selector matches; a text that is no selector matches none. One written by hand
 * without a namespace is of the autoscaler's.
 */
function podsOf({ scale, pods = [] }: RecordedTick, namespace: string): PodFacts[] {
  const read = readSelector(scale?.status?.selector ?? '');
  if (!('selector' in read)) return [];
  const selected = ({ metadata = {} }: PodJson): boolean =>
    (metadata.namespace ?? namespace) === namespace && read.selector.matches(metadata.labels ?? {});
  return pods.filter(selected).map(podFacts);
}
