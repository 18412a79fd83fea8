import { isDeepStrictEqual } from 'node:util';

import { selectorFromLabelSelector } from '../../lib/selector.ts';
import type { ControllerContext, Reconciler, Stoppable } from './controller.ts';
import { runController } from './controller.ts';
import type { Endpoint, EndpointPort, EndpointSlice, Pod, Service, ServicePort } from './objects.ts';
import {
  controllerReference,
  findCondition,
  isTerminating,
  key,
  ownedBy,
  splitKey,
  timeMs,
  formatTime,
} from './metadata.ts';
import { isFinished, isReady } from './pod-readiness.ts';

export const endpointSlices = 'endpointslices.discovery.k8s.io';
export const serviceNameLabel = 'kubernetes.io/service-name';

const managedByLabel = 'endpointslice.kubernetes.io/managed-by';
const managedBy = 'endpointslice-controller.k8s.io';
const triggerAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time';

/**
 * A container port that the pod cannot have, since pods share an address or since it is privileged, has a port of its own.
 * The node writes them to this annotation of the pod: `{"8080":43123}`.
 */
export const hostPortsAnnotation = 'plimsoll.dev/ports';

/** More endpoints than this in one slice are left out, as a slice may hold no more. */
const maxEndpoints = 1000;

/** Keeps the EndpointSlices of each Service with a selector: one for each set of port numbers that its pods have. */
export function runEndpointSliceController(context: ControllerContext): Stoppable {
  const { api } = context;
  return runController(context, {
    name: 'endpointslice-controller',
    watches: {
      services: (object) => [key(object)],
      [endpointSlices]: ({ metadata }) => {
        const service = metadata.labels?.[serviceNameLabel];
        return service === undefined ? [] : [`${metadata.namespace}/${service}`];
      },
      // All services: one of them may have selected the pod by the labels that it had before.
      pods: ({ metadata }) =>
        api
          .list('services', metadata.namespace === undefined ? {} : { namespace: metadata.namespace })
          .map(key),
    },
    reconcile,
  });
}

function reconcile(context: Reconciler, serviceKey: string): undefined {
  const { api } = context;
  const { namespace = '', name } = splitKey(serviceKey);
  const service = api.get('services', namespace, name) as Service | undefined;
  const isSelecting = service?.spec.selector !== undefined && service.spec.type !== 'ExternalName';
  if (!service || !isSelecting || isTerminating(service)) return;

  const labelSelector = `${serviceNameLabel}=${name},${managedByLabel}=${managedBy}`;
  const slices = api.list(endpointSlices, { namespace, labelSelector }) as EndpointSlice[];
  const spare = slices.filter((slice) => ownedBy(slice, service) && !isTerminating(slice));
  const groups = wantedGroups(context, service);
  const samePorts = groups.map(({ ports }) =>
    takeFirst(spare, (slice) => isDeepStrictEqual(slice.ports ?? null, ports)),
  );
  groups.forEach((group, index) => writeSlice(context, service, group, samePorts[index] ?? spare.shift()));
  for (const slice of spare) api.delete(endpointSlices, namespace, slice.metadata.name);
}

/** Removes the first that fits from the list. */
function takeFirst<T>(list: T[], fits: (item: T) => boolean): T | undefined {
  const index = list.findIndex(fits);
  return index === -1 ? undefined : list.splice(index, 1)[0];
}

interface Group {
  readonly ports: EndpointPort[] | null;
  readonly pods: Pod[];
}

/** Pods by the ports that the service reaches them at; one empty group when there are none. */
function wantedGroups({ api }: Reconciler, service: Service): Group[] {
  const { selector = {}, ports = [] } = service.spec;
  const matches = selectorFromLabelSelector({ matchLabels: selector });
  const { namespace = '' } = service.metadata;
  const pods = (api.list('pods', { namespace }) as Pod[]).filter(
    (pod) => matches.matches(pod.metadata.labels) && pod.status?.podIP !== undefined && !isFinished(pod),
  );
  const groups = new Map<string, Group>();
  for (const pod of pods) {
    const podPorts = endpointPorts(ports, pod);
    const identity = JSON.stringify(podPorts);
    const group = groups.get(identity) ?? { ports: podPorts, pods: [] };
    groups.set(identity, { ...group, pods: [...group.pods, pod] });
  }
  return groups.size === 0 ? [{ ports: null, pods: [] }] : [...groups.values()];
}

/** The service's ports as this pod has them; a named one that the pod lacks is left out. */
function endpointPorts(ports: readonly ServicePort[], pod: Pod): EndpointPort[] {
  return ports
    .flatMap(({ name = '', protocol = 'TCP', port, targetPort = port }) => {
      const number = resolvePort(pod, targetPort, protocol);
      return number === undefined ? [] : [{ name, protocol, port: number }];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function resolvePort(pod: Pod, target: number | string, protocol: string): number | undefined {
  const declared = pod.spec.containers
    .flatMap((container) => container.ports ?? [])
    .find((port) => port.name === target && (port.protocol ?? 'TCP') === protocol);
  const number = typeof target === 'number' ? target : declared?.containerPort;
  return number === undefined ? undefined : (hostPorts(pod)[String(number)] ?? number);
}

/** Container port -> the port that it really has, where that is another. */
function hostPorts(pod: Pod): Record<string, number> {
  const text = pod.metadata.annotations?.[hostPortsAnnotation];
  return text === undefined ? {} : (JSON.parse(text) as Record<string, number>);
}

function endpointOf(service: Service, pod: Pod): Endpoint {
  const serving = isReady(pod);
  const terminating = isTerminating(pod);
  const ready = service.spec.publishNotReadyAddresses === true || (serving && !terminating);
  const { namespace = '', name, uid = '' } = pod.metadata;
  return {
    addresses: [pod.status?.podIP ?? ''],
    conditions: { ready, serving, terminating },
    targetRef: { kind: 'Pod', namespace, name, uid },
    ...(pod.spec.nodeName !== undefined && { nodeName: pod.spec.nodeName }),
  };
}

function writeSlice(
  { api }: Reconciler,
  service: Service,
  group: Group,
  old: EndpointSlice | undefined,
): void {
  const endpoints = group.pods.slice(0, maxEndpoints).map((pod) => endpointOf(service, pod));
  const labels = sliceLabels(service);
  const same =
    old &&
    isDeepStrictEqual(old.endpoints ?? [], endpoints) &&
    isDeepStrictEqual(old.ports ?? null, group.ports) &&
    isDeepStrictEqual(old.metadata.labels, labels);
  if (same) return;
  const { namespace = '', name } = service.metadata;
  const content = { endpoints, ports: group.ports };
  const annotations = triggerTime(service, group.pods);
  if (old) {
    const metadata = {
      ...old.metadata,
      labels,
      annotations: { ...old.metadata.annotations, ...annotations },
    };
    api.update(endpointSlices, { ...old, ...content, metadata });
    return;
  }
  api.create(endpointSlices, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: '',
      generateName: `${name}-`,
      namespace,
      labels,
      annotations,
      ownerReferences: [controllerReference(service)],
    },
    addressType: 'IPv4',
    ...content,
  });
}

function sliceLabels(service: Service): Record<string, string> {
  const headless = service.spec.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {};
  return {
    ...service.metadata.labels,
    ...headless,
    [managedByLabel]: managedBy,
    [serviceNameLabel]: service.metadata.name,
  };
}

/** When the latest of the pods changed its readiness, or the service was made. */
function triggerTime(service: Service, pods: readonly Pod[]): Record<string, string> {
  const changes = pods.map((pod) =>
    timeMs(findCondition(pod.status?.conditions, 'Ready')?.lastTransitionTime),
  );
  return {
    [triggerAnnotation]: formatTime(Math.max(timeMs(service.metadata.creationTimestamp), ...changes)),
  };
}
