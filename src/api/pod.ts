import { defined, milliResources, timeMs } from './json.ts';
import type { ContainerJson, PodJson } from './types.ts';
import type { ContainerFacts, PodFacts } from '../decide/snapshot.ts';

/**
 * A v1 Pod, projected to what a decision reads.
 * @throws QuantityError for a request that is no quantity; the API server stores none
 */
export function podFacts(pod: PodJson): PodFacts {
  const { metadata = {}, spec = {}, status = {} } = pod;
  const initContainers = spec.initContainers ?? [];
  return defined({
    name: metadata.name ?? '',
    phase: status.phase ?? '',
    deleting: typeof metadata.deletionTimestamp === 'string',
    createdAtMs:
      typeof metadata.creationTimestamp === 'string' ? timeMs(metadata.creationTimestamp) : undefined,
    startedAtMs: typeof status.startTime === 'string' ? timeMs(status.startTime) : undefined,
    ready: readyCondition(pod),
    containers: [...(spec.containers ?? []), ...initContainers.filter(restartable)].map(containerFacts),
    initContainers: initContainers.filter((container) => !restartable(container)).map(containerFacts),
    podRequests: spec.resources?.requests ? milliResources(spec.resources.requests) : undefined,
    overhead: spec.overhead ? milliResources(spec.overhead) : undefined,
    labels: metadata.labels ?? {},
  });
}

/** A sidecar: an init container that keeps running counts like a container. */
function restartable(container: ContainerJson): boolean {
  return container.restartPolicy === 'Always';
}

function containerFacts(container: ContainerJson): ContainerFacts {
  return { name: container.name ?? '', requests: milliResources(container.resources?.requests) };
}

function readyCondition({ status }: PodJson): PodFacts['ready'] {
  const condition = status?.conditions?.find(({ type }) => type === 'Ready');
  if (condition === undefined) return undefined;
  const known = condition.status === 'True' || condition.status === 'False';
  return {
    status: known ? (condition.status as 'True' | 'False') : 'Unknown',
    sinceMs: timeMs(condition.lastTransitionTime),
  };
}
