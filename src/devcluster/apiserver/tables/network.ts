import type { KubeObject } from '../../cluster-api.ts';
import { child, children, stringAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { ageColumn, firstOf, nameColumn, numberAt, orNone } from './column.ts';
import type { Column } from './column.ts';

const spec = (object: KubeObject): JsonObject => child(object, 'spec');

function textList(parent: JsonObject, key: string): string[] {
  const list = parent[key];
  return Array.isArray(list) ? list.map(String) : [];
}

/** The addresses under which a load balancer answers. */
function balancerAddresses(object: KubeObject): string[] {
  const ingress = children(child(child(object, 'status'), 'loadBalancer'), 'ingress');
  const addresses = ingress.map((each) => stringAt(each, 'ip') || stringAt(each, 'hostname'));
  return [...new Set(addresses)].filter((address) => address !== '').sort();
}

function externalIp(service: KubeObject): string {
  const own = textList(spec(service), 'externalIPs');
  switch (stringAt(spec(service), 'type')) {
    case 'ExternalName':
      return stringAt(spec(service), 'externalName');
    case 'LoadBalancer': {
      const all = [...balancerAddresses(service), ...own];
      return all.length === 0 ? '<pending>' : all.join(',');
    }
    default:
      return orNone(own.join(','));
  }
}

function portText(port: JsonObject): string {
  const node = numberAt(port, 'nodePort');
  return `${numberAt(port, 'port')}${node > 0 ? `:${node}` : ''}/${stringAt(port, 'protocol')}`;
}

function labelsText(labels: JsonObject): string {
  const texts = Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`);
  return orNone(texts.sort().join(','));
}

export const serviceColumns: readonly Column[] = [
  nameColumn,
  {
    name: 'Type',
    description: 'How the service can be reached.',
    cell: (service) => stringAt(spec(service), 'type'),
  },
  {
    name: 'Cluster-IP',
    description: 'The address inside the cluster.',
    cell: (service) => orNone(stringAt(spec(service), 'clusterIP')),
  },
  { name: 'External-IP', description: 'The addresses outside the cluster.', cell: externalIp },
  {
    name: 'Port(s)',
    description: 'The ports, with the port of the node where there is one.',
    cell: (service) => orNone(children(spec(service), 'ports').map(portText).join(',')),
  },
  ageColumn,
  {
    name: 'Selector',
    description: 'Which pods get its connections.',
    isWide: true,
    cell: (service) => labelsText(child(spec(service), 'selector')),
  },
];

function hostsText(ingress: KubeObject): string {
  const hosts = children(spec(ingress), 'rules').map((rule) => stringAt(rule, 'host'));
  const named = hosts.filter((host) => host !== '');
  return named.length === 0 ? '*' : firstOf(named, 3);
}

export const ingressColumns: readonly Column[] = [
  nameColumn,
  {
    name: 'Class',
    description: 'The class of controller that serves it.',
    cell: (ingress) => orNone(stringAt(spec(ingress), 'ingressClassName')),
  },
  { name: 'Hosts', description: 'The hosts whose requests it takes.', cell: hostsText },
  {
    name: 'Address',
    description: 'The addresses under which it answers.',
    cell: (ingress) => balancerAddresses(ingress).join(','),
  },
  {
    name: 'Ports',
    description: 'The ports on which it answers.',
    cell: (ingress) => (children(spec(ingress), 'tls').length > 0 ? '80, 443' : '80'),
  },
  ageColumn,
];

function endpointsText(endpoints: KubeObject): string {
  const all = children(endpoints, 'subsets').flatMap((subset) => {
    const addresses = children(subset, 'addresses').map((address) => stringAt(address, 'ip'));
    const ports = children(subset, 'ports').map((port) => numberAt(port, 'port'));
    return ports.length === 0 ? addresses : ports.flatMap((port) => addresses.map((ip) => `${ip}:${port}`));
  });
  return orNone(firstOf(all, 3));
}

export const endpointsColumns: readonly Column[] = [
  nameColumn,
  { name: 'Endpoints', description: 'The addresses that are ready.', cell: endpointsText },
  ageColumn,
];

const orUnset = (text: string): string => (text === '' ? '<unset>' : text);

function slicePort(port: JsonObject): string {
  const { port: number } = port;
  return typeof number === 'number' ? String(number) : stringAt(port, 'name') || '*';
}

export const endpointSliceColumns: readonly Column[] = [
  nameColumn,
  {
    name: 'AddressType',
    description: 'The type of all addresses in the slice.',
    cell: (slice) => stringAt(slice, 'addressType'),
  },
  {
    name: 'Ports',
    description: 'The ports of every endpoint.',
    cell: (slice) => orUnset(firstOf(children(slice, 'ports').map(slicePort), 3)),
  },
  {
    name: 'Endpoints',
    description: 'The addresses in the slice.',
    cell: (slice) => {
      const addresses = children(slice, 'endpoints').flatMap((endpoint) => textList(endpoint, 'addresses'));
      return orUnset(firstOf(addresses, 3));
    },
  },
  ageColumn,
];
