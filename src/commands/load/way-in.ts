import { isLoopback } from '../../load/address.ts';
import type { BackendJson, BalancerJson, IngressJson, NodeJson, ServiceJson } from './objects.ts';

/** Where the load goes: an address with its names resolved, and what an ingress reads of a request. */
export interface Aim {
  readonly addresses: readonly string[];
  readonly port: number;
  /** As in the Host header, without a port. */
  readonly host: string;
  readonly path: string;
}

/** What a namespace says of its ways in. Names of load balancers stand as the addresses that they resolve to. */
export interface WaysIn {
  readonly services: readonly ServiceJson[];
  readonly ingresses: readonly IngressJson[];
  readonly nodes: readonly NodeJson[];
}

/** How the load comes into the cluster. */
export interface WayIn {
  /** The Service whose pods answer. */
  readonly service: ServiceJson;
  readonly balances: 'connections' | 'requests';
}

/** Where the dev cluster really listens, when a port was not free. */
const addressAnnotations = ['address', 'node-address', 'load-balancer-address'].map(
  (name) => `plimsoll.dev/${name}`,
);

/**
 * Which Service answers at an address, by the address alone for a Service (ClusterIP, NodePort, LoadBalancer) and by host and path
 * too for an Ingress; undefined when none says that it does: through a port-forward, for one.
 */
export function findWayIn(aim: Aim, { services, ingresses, nodes }: WaysIn): WayIn | undefined {
  const nodeAddresses = nodes.flatMap(({ status }) =>
    (status?.addresses ?? []).map(({ address }) => address),
  );
  const direct = services.find((service) => answersAt(service, nodeAddresses, aim));
  if (direct !== undefined) return { service: direct, balances: 'connections' };
  const name = ingresses
    .filter((ingress) => isIngressAt(ingress, aim))
    .flatMap((ingress) => backendsFor(ingress, aim))
    .toSorted((a, b) => b.rank - a.rank)[0]?.backend.service?.name;
  const service = services.find(({ metadata }) => name !== undefined && metadata?.name === name);
  return service === undefined ? undefined : { service, balances: 'requests' };
}

function answersAt(service: ServiceJson, nodeAddresses: readonly string[], aim: Aim): boolean {
  const { spec, status } = service;
  const clusterIPs = [spec?.clusterIP, ...(spec?.clusterIPs ?? [])].filter((ip) => ip !== undefined);
  return (
    isAnnotated(service, aim) ||
    (spec?.ports ?? []).some(
      ({ port, nodePort }) =>
        (port === aim.port && reaches([...clusterIPs, ...balancersOf(status)], aim)) ||
        (nodePort === aim.port && reaches(nodeAddresses, aim)),
    )
  );
}

/** Its controller's address is enough: which port it listens on no ingress says. */
function isIngressAt(ingress: IngressJson, aim: Aim): boolean {
  return isAnnotated(ingress, aim) || reaches(balancersOf(ingress.status), aim);
}

/** Of this machine's own addresses alone: an annotation is anybody's word. */
function isAnnotated({ metadata }: ServiceJson | IngressJson, aim: Aim): boolean {
  const texts = addressAnnotations.flatMap((name) => metadata?.annotations?.[name]?.split(',') ?? []);
  return aim.addresses.some((address) => isLoopback(address) && texts.includes(`${address}:${aim.port}`));
}

function balancersOf(status: BalancerJson | undefined): string[] {
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
}

/** All addresses of the aim must be the cluster's, or this machine's: another would have its part of the load. */
function reaches(known: readonly string[], { addresses }: Aim): boolean {
  const isKnown = (address: string): boolean => known.includes(address);
  return addresses.some(isKnown) && addresses.every((address) => isKnown(address) || isLoopback(address));
}

/** Those whose rule fits; the more of host and path a rule names, the higher it ranks. */
function backendsFor({ spec }: IngressJson, { host, path }: Aim): { backend: BackendJson; rank: number }[] {
  const ruled = (spec?.rules ?? [])
    .filter((rule) => fitsHost(rule.host ?? '', host))
    .flatMap((rule) =>
      (rule.http?.paths ?? []).map(({ path: prefix = '/', backend }) => ({
        ...{ backend, prefix, rank: hostRank(rule.host ?? '') + prefix.length },
      })),
    )
    .flatMap(({ backend, prefix, rank }) => (backend && fitsPath(prefix, path) ? [{ backend, rank }] : []));
  return spec?.defaultBackend === undefined ? ruled : [...ruled, { backend: spec.defaultBackend, rank: -1 }];
}

/** Above the length of any path. */
function hostRank(host: string): number {
  if (host === '') return 0;
  return host.startsWith('*.') ? 1e6 : 2e6;
}

function fitsHost(rule: string, host: string): boolean {
  if (rule.startsWith('*.')) return host.slice(host.indexOf('.')) === rule.slice(1);
  return rule === '' || rule === host;
}

function fitsPath(prefix: string, path: string): boolean {
  const whole = prefix.replace(/\/$/, '');
  return path === whole || path.startsWith(`${whole}/`);
}
