import { someNames } from './advised.ts';
import type { Advised } from './advised.ts';
import type { Finding } from './conditions.ts';
import { requestOf } from './metrics/requests.ts';
import { withSelectedPods } from './pod-selection.ts';
import type { ControllerOptions, MetricSpec, Policy } from './policy.ts';
import type { PodFacts } from './snapshot.ts';

/** A pod may be seen before the ReplicaSet that owns it, as they are watched one by one: it is not called foreign for so long. */
const newMs = 10_000;

/** Whether the selector catches pods that the target does not own; undefined where that is not known. */
export function foreignPods({ policy, snapshot, decision }: Advised): Finding | undefined {
  const { target, owners } = snapshot;
  if (!target.ok || owners === undefined) return undefined;
  const foreign = snapshot.pods.filter((pod) => isForeign(pod, owners, decision.atMs));
  const { kind, name } = policy.target;
  if (foreign.length === 0) {
    const message = `the selector matches only pods of ${kind} ${name}`;
    return { type: 'ForeignPods', status: 'False', reason: 'OnlyOwnPods', message };
  }
  const pods = foreign.length === 1 ? '1 pod' : `${foreign.length} pods`;
  const effect = policy.podSelection === 'Owned' ? 'left out' : 'counted all the same';
  const names = someNames(foreign.map((pod) => pod.name));
  const message = `the selector ${target.value.selector} also matches ${pods} that ${kind} ${name} does not own, ${effect}: ${names}`;
  return { type: 'ForeignPods', status: 'True', reason: 'SelectorMatchesOthers', message };
}

/** One that is deleted goes by itself; one that failed may be of a ReplicaSet that is long forgotten. */
function isForeign(pod: PodFacts, owners: readonly string[], nowMs: number): boolean {
  const { ownerUid, deleting, phase, createdAtMs = -Infinity } = pod;
  if (deleting || nowMs - createdAtMs < newMs) return false;
  return ownerUid === undefined || (phase !== 'Failed' && !owners.includes(ownerUid));
}

/** Whether a metric in percent of the request lacks a request, and in which pods and containers; undefined where none was asked. */
export function requestMissing({ policy, snapshot, decision, options }: Advised): Finding | undefined {
  if (decision.trace.proposals.length === 0) return undefined;
  const { pods } = withSelectedPods(policy, snapshot).snapshot;
  const missing = new Set(policy.metrics.flatMap((spec) => missingIn(spec, pods, options)));
  if (missing.size === 0) {
    const message = 'every pod requests what its utilization is measured by';
    return { type: 'RequestMissing', status: 'False', reason: 'RequestsComplete', message };
  }
  const message = `no utilization can be told: ${someNames([...missing], '; ')}`;
  return { type: 'RequestMissing', status: 'True', reason: 'NoRequest', message };
}

function missingIn(
  spec: Policy['metrics'][number],
  pods: readonly PodFacts[],
  { featureGates: { PodLevelResources: podLevelResources } }: ControllerOptions,
): readonly string[] {
  if (!isUtilization(spec)) return [];
  const container = spec.type === 'ContainerResource' ? spec.container : undefined;
  return pods.flatMap((pod) => {
    const request = requestOf(pod, { resource: spec.resource, container, podLevelResources });
    return request.ok ? [] : [request.message];
  });
}

type UsageSpec = Extract<MetricSpec, { type: 'Resource' | 'ContainerResource' }>;

/** As `proposeByUsage` reads a target. */
function isUtilization(spec: MetricSpec): spec is UsageSpec {
  if (spec.type !== 'Resource' && spec.type !== 'ContainerResource') return false;
  return spec.target.averageMilli === undefined && spec.target.averageUtilization !== undefined;
}
