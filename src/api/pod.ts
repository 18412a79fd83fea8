import { milliResources, timeMs } from './json.ts';
import type { ContainerJson, ObjectMeta, PodJson } from './types.ts';
import type { ContainerFacts, PodFacts } from '../decide/snapshot.ts';

/** While it is put together: many pods in many ticks come through here. */
type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * A v1 Pod, projected to what a decision reads.
 * @throws QuantityError for a request that is no quantity; the API server stores none
 */
export function podFacts(pod: PodJson): PodFacts {
  const { metadata = {}, spec = {}, status = {} } = pod;
  const initContainers = spec.initContainers ?? [];
  const facts: Writable<PodFacts> = {
    name: metadata.name ?? '',
    phase: status.phase ?? '',
    deleting: typeof metadata.deletionTimestamp === 'string',
    containers: [...(spec.containers ?? []), ...initContainers.filter(restartable)].map(containerFacts),
    initContainers: plainInitContainers(initContainers),
    labels: metadata.labels ?? {},
  };
  const ready = readyCondition(pod);
  if (ready !== undefined) facts.ready = ready;
  if (typeof metadata.creationTimestamp === 'string') facts.createdAtMs = timeMs(metadata.creationTimestamp);
  if (typeof status.startTime === 'string') facts.startedAtMs = timeMs(status.startTime);
  if (spec.resources?.requests) facts.podRequests = milliResources(spec.resources.requests);
  if (spec.overhead) facts.overhead = milliResources(spec.overhead);
  const ownerUid = controllerUid(metadata);
  if (ownerUid !== undefined) facts.ownerUid = ownerUid;
  if (typeof status.podIP === 'string' && status.podIP !== '') facts.ip = status.podIP;
  const ports = namedPorts([...(spec.containers ?? []), ...initContainers.filter(restartable)]);
  if (ports !== undefined) facts.ports = ports;
  return facts;
}

/** TCP ports by name, the first of a name where several containers have it; undefined when none has a name. */
function namedPorts(containers: readonly ContainerJson[]): PodFacts['ports'] {
  let ports: Record<string, number> | undefined;
  for (const { ports: declared } of containers)
    for (const { name = '', containerPort, protocol = 'TCP' } of declared ?? [])
      if (name !== '' && protocol === 'TCP' && containerPort !== undefined)
        (ports ??= {})[name] ??= containerPort;
  return ports;
}

/** The uid of the object that controls another. */
export function controllerUid({ ownerReferences }: ObjectMeta): string | undefined {
  return ownerReferences?.find(({ controller }) => controller === true)?.uid;
}

/** A sidecar: an init container that keeps running counts like a container. */
function restartable(container: ContainerJson): boolean {
  return container.restartPolicy === 'Always';
}

/** Init containers that end, each with what the sidecars before it request: they run beside it. */
function plainInitContainers(initContainers: readonly ContainerJson[]): ContainerFacts[] {
  const facts: ContainerFacts[] = [];
  let beside: Requests = {};
  for (const container of initContainers) {
    const { name, requests } = containerFacts(container);
    if (restartable(container)) beside = sum(beside, requests);
    else facts.push({ name, requests: sum(requests, beside) });
  }
  return facts;
}

type Requests = ContainerFacts['requests'];

/** A resource that only one of them requests counts as well. */
function sum(a: Requests, b: Requests): Requests {
  const total: Record<string, number> = { ...a };
  for (const [resource, milli] of Object.entries(b)) total[resource] = (total[resource] ?? 0) + milli;
  return total;
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
