import type { EndpointSlice, Service, ServicePort } from '../controllers/objects.ts';
import type { Backend } from './connection-proxy.ts';

/**
 * The backends of a service's port: its ready endpoints; where there are none, those that still serve while they
 * terminate, as kube-proxy does.
 */
export function backendsOf(slices: readonly EndpointSlice[], port: ServicePort): Backend[] {
  const candidates = slices.flatMap((slice) => {
    const number = (slice.ports ?? []).find(({ name }) => name === (port.name ?? ''))?.port;
    if (number === undefined) return [];
    return (slice.endpoints ?? []).flatMap(({ addresses: [host], conditions }) =>
      host === undefined ? [] : [{ backend: { host, port: number }, conditions }],
    );
  });
  const ready = candidates.filter(({ conditions }) => conditions.ready);
  const usable =
    ready.length > 0
      ? ready
      : candidates.filter(({ conditions }) => conditions.serving && conditions.terminating);
  return usable.map(({ backend }) => backend);
}

/** TCP ports that a service is reached at; none without a cluster IP. */
export function tcpPorts(service: Service): readonly ServicePort[] {
  const { type = 'ClusterIP', clusterIP = '', ports = [] } = service.spec;
  if (type === 'ExternalName' || clusterIP === 'None') return [];
  return ports.filter(({ protocol = 'TCP' }) => protocol === 'TCP');
}

/** A random order, each as likely. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}
