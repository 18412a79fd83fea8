import type { KubeObject } from '../../cluster-api.ts';
import { child, children, dropEmpty, ensureChild, setDefault } from '../json.ts';
import { canonicalQuantities } from './quantities.ts';
import { microTime } from './times.ts';

export function defaultNamespace(namespace: KubeObject): void {
  const { metadata } = namespace;
  metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name };
}

export function newNamespace(namespace: KubeObject): void {
  namespace['spec'] = { finalizers: ['kubernetes'] };
  namespace['status'] = { phase: 'Active' };
}

/** spec.finalizers is changed through the finalize subresource only. */
export function keepNamespaceSpec(namespace: KubeObject, old: KubeObject): void {
  namespace['spec'] = old['spec'] as unknown;
}

export function defaultConfigMap(map: KubeObject): void {
  dropEmpty(map, ['data', 'binaryData']);
}

export function defaultSecret(secret: KubeObject): void {
  const plain = child(secret, 'stringData');
  if (Object.keys(plain).length > 0) {
    const encoded = Object.entries(plain).map(([key, value]) => [
      key,
      Buffer.from(String(value)).toString('base64'),
    ]);
    secret['data'] = { ...child(secret, 'data'), ...Object.fromEntries(encoded) };
  }
  Reflect.deleteProperty(secret, 'stringData');
  setDefault(secret, 'type', 'Opaque');
  dropEmpty(secret, ['data']);
}

const nodeInfoFields = [
  'machineID',
  'systemUUID',
  'bootID',
  'kernelVersion',
  'osImage',
  'containerRuntimeVersion',
  'kubeletVersion',
  'kubeProxyVersion',
  'operatingSystem',
  'architecture',
];

export function defaultNode(node: KubeObject): void {
  ensureChild(node, 'spec');
  const status = ensureChild(node, 'status');
  setDefault(status, 'daemonEndpoints', { kubeletEndpoint: { Port: 0 } });
  setDefault(status, 'nodeInfo', Object.fromEntries(nodeInfoFields.map((field) => [field, ''])));
  canonicalQuantities(status, ['capacity', 'allocatable']);
  if (status['capacity'] !== undefined) setDefault(status, 'allocatable', status['capacity']);
  for (const condition of children(status, 'conditions')) {
    condition['lastHeartbeatTime'] ??= null;
    condition['lastTransitionTime'] ??= null;
  }
}

/** A new node is tainted until its kubelet says that it is ready. */
export function newNode(node: KubeObject): void {
  const spec = ensureChild(node, 'spec');
  const taints = children(spec, 'taints');
  spec['taints'] = [...taints, { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }];
}

export function defaultEndpoints(endpoints: KubeObject): void {
  for (const subset of children(endpoints, 'subsets')) {
    for (const port of children(subset, 'ports')) setDefault(port, 'protocol', 'TCP');
  }
  dropEmpty(endpoints, ['subsets']);
}

export function defaultEndpointSlice(slice: KubeObject): void {
  for (const port of children(slice, 'ports')) {
    setDefault(port, 'name', '');
    setDefault(port, 'protocol', 'TCP');
  }
  for (const endpoint of children(slice, 'endpoints')) setDefault(endpoint, 'conditions', {});
  dropEmpty(slice, ['endpoints', 'ports']);
  slice['endpoints'] ??= null;
  slice['ports'] ??= null;
}

export function defaultIngress(ingress: KubeObject): void {
  ensureChild(ingress, 'spec');
  setDefault(ensureChild(ingress, 'status'), 'loadBalancer', {});
}

export function defaultLease(lease: KubeObject): void {
  const spec = ensureChild(lease, 'spec');
  for (const key of ['acquireTime', 'renewTime']) {
    const value = spec[key];
    if (typeof value === 'string') spec[key] = microTime(value);
  }
}
