import type { KubeObject, ServiceNetwork } from '../../cluster-api.ts';
import { child, children, ensureChild, setDefault, stringAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import type { KindContext } from '../kind.ts';

/** A usual range of a real cluster; nothing listens there. */
export const defaultServiceNetwork: ServiceNetwork = {
  range: '10.96.0.0/16',
  size: 65_534,
  contains: (address) => address.startsWith('10.96.'),
  address: (index) => `10.96.${index >> 8}.${index & 255}`,
};

/** The first addresses are left to those who ask for one by number. */
const firstGiven = 10;

export const nodePorts = { first: 30_000, last: 32_767 };

export function defaultService(service: KubeObject): void {
  const spec = ensureChild(service, 'spec');
  setDefault(spec, 'type', 'ClusterIP');
  setDefault(spec, 'sessionAffinity', 'None');
  for (const port of children(spec, 'ports')) {
    setDefault(port, 'protocol', 'TCP');
    if (port.targetPort === undefined || port.targetPort === '' || port.targetPort === 0) {
      port.targetPort = port.port;
    }
    if (port.nodePort === 0) Reflect.deleteProperty(port, 'nodePort');
  }
  if (spec.type === 'ExternalName') {
    for (const key of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy']) {
      Reflect.deleteProperty(spec, key);
    }
  } else setDefault(spec, 'internalTrafficPolicy', 'Cluster');
  if (isExternal(spec)) setDefault(spec, 'externalTrafficPolicy', 'Cluster');
  else Reflect.deleteProperty(spec, 'externalTrafficPolicy');
  if (spec.type === 'LoadBalancer') setDefault(spec, 'allocateLoadBalancerNodePorts', true);
  else Reflect.deleteProperty(spec, 'allocateLoadBalancerNodePorts');
  const status = ensureChild(service, 'status');
  setDefault(status, 'loadBalancer', {});
  for (const ingress of children(child(status, 'loadBalancer'), 'ingress')) {
    if (ingress.ip !== undefined) setDefault(ingress, 'ipMode', 'VIP');
  }
}

/** NodePort and LoadBalancer are reached from outside. */
function isExternal(spec: JsonObject): boolean {
  return spec.type === 'NodePort' || spec.type === 'LoadBalancer';
}

/** Gives a service what it did not ask for by number: its cluster IP and node ports. */
export function allocateService(service: KubeObject, context: KindContext): void {
  const spec = ensureChild(service, 'spec');
  if (spec.type === 'ExternalName') {
    allocateNodePorts(spec, context);
    return;
  }
  if (stringAt(spec, 'clusterIP') === '') spec.clusterIP = freeClusterIp(context);
  spec.clusterIPs = [spec.clusterIP];
  setDefault(spec, 'ipFamilies', ['IPv4']);
  setDefault(spec, 'ipFamilyPolicy', 'SingleStack');
  allocateNodePorts(spec, context);
}

function allocateNodePorts(spec: JsonObject, context: KindContext): void {
  const taken = takenNodePorts(context.all('services'));
  for (const port of children(spec, 'ports')) {
    if (!isExternal(spec)) Reflect.deleteProperty(port, 'nodePort');
    else if (port.nodePort === undefined) {
      port.nodePort = freeNodePort(taken);
      taken.add(port.nodePort);
    }
  }
  const wantsHealthPort = spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';
  if (wantsHealthPort) spec.healthCheckNodePort ??= freeNodePort(taken);
  else Reflect.deleteProperty(spec, 'healthCheckNodePort');
}

/** Keeps what was given to a service when an update does not mention it. */
export function keepAllocations(service: KubeObject, old: KubeObject, context: KindContext): void {
  const spec = ensureChild(service, 'spec');
  const before = child(old, 'spec');
  const wasAllocated = before.type !== 'ExternalName' && spec.type !== 'ExternalName';
  if (wasAllocated && stringAt(spec, 'clusterIP') === '') spec.clusterIP = before.clusterIP;
  for (const port of children(spec, 'ports')) {
    const same = children(before, 'ports').find(
      (other) => other.port === port.port && other.protocol === port.protocol,
    );
    if (isExternal(spec) && same?.nodePort !== undefined) setDefault(port, 'nodePort', same.nodePort);
  }
  if (before.healthCheckNodePort !== undefined) {
    setDefault(spec, 'healthCheckNodePort', before.healthCheckNodePort);
  }
  allocateService(service, context);
}

export function takenNodePorts(services: readonly KubeObject[]): Set<unknown> {
  return new Set(
    services.flatMap((service) => [
      ...children(child(service, 'spec'), 'ports').flatMap((port) => port.nodePort ?? []),
      ...[child(service, 'spec').healthCheckNodePort ?? []].flat(),
    ]),
  );
}

function freeNodePort(taken: ReadonlySet<unknown>): number {
  const span = nodePorts.last - nodePorts.first + 1;
  const start = Math.floor(Math.random() * span);
  for (let step = 0; step < span; step += 1) {
    const port = nodePorts.first + ((start + step) % span);
    if (!taken.has(port)) return port;
  }
  throw new Error(`Cannot give a node port: all of ${nodePorts.first}-${nodePorts.last} are taken`);
}

function freeClusterIp(context: KindContext): string {
  const taken = new Set(context.all('services').map((service) => child(service, 'spec').clusterIP));
  const { serviceNetwork } = context;
  for (let index = firstGiven; index <= serviceNetwork.size; index += 1) {
    const ip = serviceNetwork.address(index);
    if (!taken.has(ip)) return ip;
  }
  throw new Error(`Cannot give a cluster IP: all of ${serviceNetwork.range} are taken`);
}
