import { isIP } from 'node:net';
import type { KubeObject } from '../../cluster-api.ts';
import type { FieldError } from '../field-error.ts';
import { duplicate, invalidValue, required } from '../field-error.ts';
import { child, children, stringAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import type { KindContext } from '../kind.ts';
import { oneOf, portNumber, portRange, present } from './checks.ts';
import { nodePorts, takenNodePorts } from './services.ts';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

export function validateService(
  service: KubeObject,
  old: KubeObject | undefined,
  context: KindContext,
): FieldError[] {
  const spec = child(service, 'spec');
  const others = context.all('services').filter((other) => other.metadata.uid !== service.metadata.uid);
  return [
    ...validatePorts(spec),
    ...oneOf(spec, 'sessionAffinity', 'spec', ['ClientIP', 'None']),
    ...oneOf(spec, 'type', 'spec', types),
    ...(spec.type === 'ExternalName' ? present(spec, 'externalName', 'spec') : []),
    ...validateClusterIp(spec, old, others, context),
    ...validateNodePorts(spec, others),
  ];
}

function validatePorts(spec: JsonObject): FieldError[] {
  const ports = children(spec, 'ports');
  const isOptional = spec.type === 'ExternalName' || spec.clusterIP === 'None';
  if (ports.length === 0) return isOptional ? [] : [required('spec.ports')];
  const seen = new Set<string>();
  return ports.flatMap((port, index) => {
    const path = `spec.ports[${index}]`;
    const key = `${stringAt(port, 'protocol')}/${String(port.port)}`;
    const repeated = seen.has(key) ? [duplicate(path, goPort(port))] : [];
    seen.add(key);
    return [...validatePort(port, path, ports.length > 1), ...repeated];
  });
}

function validatePort(port: JsonObject, path: string, needsName: boolean): FieldError[] {
  const target = port.targetPort;
  const targetText = 'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)';
  return [
    ...(needsName ? present(port, 'name', path) : []),
    ...portNumber(port, 'port', path),
    ...oneOf(port, 'protocol', path, ['SCTP', 'TCP', 'UDP']),
    ...portRange(target, `${path}.targetPort`),
    ...(typeof target === 'string' && !/^[a-z0-9-]+$/.test(target)
      ? [invalidValue(`${path}.targetPort`, target, targetText)]
      : []),
  ];
}

/** A port as Go prints it in a Duplicate. */
function goPort(port: JsonObject): JsonObject {
  const { protocol, port: number } = port;
  return { Name: '', Protocol: protocol, AppProtocol: null, Port: number, TargetPort: 0, NodePort: 0 };
}

function validateClusterIp(
  spec: JsonObject,
  old: KubeObject | undefined,
  others: readonly KubeObject[],
  { serviceNetwork }: KindContext,
): FieldError[] {
  const ip = stringAt(spec, 'clusterIP');
  if (ip === '' || ip === 'None') return [];
  if (isIP(ip) === 0) {
    return [
      invalidValue('spec.clusterIPs[0]', ip, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'),
    ];
  }
  const before = stringAt(child(old, 'spec'), 'clusterIP');
  if (before !== '' && before !== ip) {
    return [invalidValue('spec.clusterIPs[0]', [ip], 'may not change once set')];
  }
  const failed = (reason: string): FieldError[] => [
    invalidValue('spec.clusterIPs', [ip], `failed to allocate IP ${ip}: ${reason}`),
  ];
  if (!serviceNetwork.contains(ip)) return failed('the provided network does not match the current range');
  const isTaken = others.some((other) => child(other, 'spec').clusterIP === ip);
  return isTaken || ip === serviceNetwork.address(1) ? failed('provided IP is already allocated') : [];
}

function validateNodePorts(spec: JsonObject, others: readonly KubeObject[]): FieldError[] {
  const taken = takenNodePorts(others);
  const range = `${nodePorts.first}-${nodePorts.last}`;
  return children(spec, 'ports').flatMap((port, index) => {
    const number = port.nodePort;
    const field = `spec.ports[${index}].nodePort`;
    if (typeof number !== 'number') return [];
    if (number < nodePorts.first || number > nodePorts.last) {
      const text = `provided port is not in the valid range. The range of valid ports is ${range}`;
      return [invalidValue(field, number, text)];
    }
    return taken.has(number) ? [invalidValue(field, number, 'provided port is already allocated')] : [];
  });
}
