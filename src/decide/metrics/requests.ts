import { add } from '../int64.ts';
import type { Int64 } from '../int64.ts';
import type { ContainerFacts, PodFacts, Reading } from '../snapshot.ts';

export interface RequestQuery {
  readonly resource: string;
  /** Only this container's request counts; absent: the whole pod's. */
  readonly container?: string | undefined;
  readonly podLevelResources: boolean;
}

/** What one pod, or one container of it, asks for. */
export function requestOf(pod: PodFacts, query: RequestQuery): Reading<Int64> {
  if (query.container !== undefined) return containerRequest(pod, query.container, query.resource);
  if (query.podLevelResources && hasPodLevelRequests(pod)) return podLevelRequest(pod, query.resource);
  return sumOfContainers(pod, query.resource);
}

function sumOfContainers(pod: PodFacts, resource: string): Reading<Int64> {
  let total: Int64 = 0;
  for (const container of pod.containers) {
    const request = container.requests[resource];
    if (request === undefined) return missing(pod, container.name, resource);
    total = add(total, request);
  }
  return { ok: true, value: total };
}

function containerRequest(pod: PodFacts, name: string, resource: string): Reading<Int64> {
  const container = pod.containers.find((candidate) => candidate.name === name);
  if (container === undefined) {
    return { ok: false, message: `container ${name} not found in Pod ${pod.name}` };
  }
  const request = container.requests[resource];
  return request === undefined ? missing(pod, name, resource) : { ok: true, value: request };
}

function missing(pod: PodFacts, container: string, resource: string): Reading<never> {
  return {
    ok: false,
    message: `missing request for ${resource} in container ${container} of Pod ${pod.name}`,
  };
}

function hasPodLevelRequests({ podRequests }: PodFacts): boolean {
  return podRequests !== undefined && Object.keys(podRequests).some(isPodLevelResource);
}

function isPodLevelResource(resource: string): boolean {
  return resource === 'cpu' || resource === 'memory' || resource.startsWith('hugepages-');
}

/** The scheduler's sum: what the pod asks for itself, else its containers or its largest init container; plus overhead. */
function podLevelRequest(pod: PodFacts, resource: string): Reading<Int64> {
  const own = isPodLevelResource(resource) ? pod.podRequests?.[resource] : undefined;
  const request = own ?? largest([total(pod.containers, resource), ...each(pod.initContainers, resource)]);
  const overhead = pod.overhead?.[resource];
  if (request === undefined && overhead === undefined) {
    return { ok: false, message: `missing pod-level request for ${resource} in Pod ${pod.name}` };
  }
  return { ok: true, value: add(request ?? 0, overhead ?? 0) };
}

function each(containers: readonly ContainerFacts[], resource: string): (number | undefined)[] {
  return containers.map((container) => container.requests[resource]);
}

function total(containers: readonly ContainerFacts[], resource: string): number | undefined {
  const given = each(containers, resource).filter((request) => request !== undefined);
  return given.length === 0 ? undefined : given.reduce((sum, request) => sum + request, 0);
}

function largest(requests: readonly (number | undefined)[]): number | undefined {
  const given = requests.filter((request) => request !== undefined);
  return given.length === 0 ? undefined : Math.max(...given);
}
