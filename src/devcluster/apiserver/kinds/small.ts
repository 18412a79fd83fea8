import type { KubeObject } from '../../cluster-api.ts';
import { DecodeError } from '../errors.ts';
import { child, children, dropEmpty, ensureChild, setDefault, textOf } from '../json.ts';
import { canonicalQuantities } from './quantities.ts';
import { microTime } from './times.ts';

export function defaultNamespace(namespace: KubeObject): void {
  const { metadata } = namespace;
  metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name };
}

export function newNamespace(namespace: KubeObject): void {
  namespace.spec = { finalizers: ['kubernetes'] };
  namespace.status = { phase: 'Active' };
}

export function beginNamespaceDeletion(namespace: KubeObject): void {
  namespace.status = { ...child(namespace, 'status'), phase: 'Terminating' };
}

/** spec.finalizers is changed through the finalize subresource only. */
export function keepNamespaceSpec(namespace: KubeObject, old: KubeObject): void {
  namespace.spec = old.spec as unknown;
}

export function defaultConfigMap(map: KubeObject): void {
  for (const value of Object.values(child(map, 'binaryData'))) checkBase64(String(value));
  dropEmpty(map, ['data', 'binaryData']);
}

/** @throws DecodeError at the first byte that is none */
function checkBase64(text: string): void {
  const bad = /[^A-Za-z0-9+/=]/.exec(text)?.index ?? (text.length % 4 === 0 ? -1 : text.length);
  if (bad >= 0) throw new DecodeError(`illegal base64 data at input byte ${bad}`);
}

export function defaultSecret(secret: KubeObject): void {
  const plain = child(secret, 'stringData');
  if (Object.keys(plain).length > 0) {
    const data = ensureChild(secret, 'data');
    for (const [key, value] of Object.entries(plain))
      data[key] = Buffer.from(textOf(value)).toString('base64');
  }
  Reflect.deleteProperty(secret, 'stringData');
  setDefault(secret, 'type', 'Opaque');
  for (const value of Object.values(child(secret, 'data'))) checkBase64(String(value));
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
  if (status.capacity !== undefined) setDefault(status, 'allocatable', status.capacity);
  for (const condition of children(status, 'conditions')) {
    condition.lastHeartbeatTime ??= null;
    condition.lastTransitionTime ??= null;
  }
}

/** A new node is tainted until its kubelet says that it is ready. */
export function newNode(node: KubeObject): void {
  const spec = ensureChild(node, 'spec');
  const taints = children(spec, 'taints');
  spec.taints = [...taints, { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }];
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
  slice.endpoints ??= null;
  slice.ports ??= null;
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
