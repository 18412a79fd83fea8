import type { KubeObject } from '../../cluster-api.ts';
import { child, children, stringAt } from '../json.ts';
import { ageColumn, nameColumn, orNone } from './column.ts';
import type { Column } from './column.ts';

function nodeStatus(node: KubeObject): string {
  const ready = children(child(node, 'status'), 'conditions').find((each) => each.type === 'Ready');
  const readiness = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return child(node, 'spec').unschedulable === true ? `${readiness},SchedulingDisabled` : readiness;
}

function nodeRoles(node: KubeObject): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.entries(node.metadata.labels ?? {}).flatMap(([key, value]) => {
    if (key.startsWith(prefix)) return [key.slice(prefix.length)];
    return key === 'kubernetes.io/role' ? [value] : [];
  });
  return orNone(
    roles
      .filter((role) => role !== '')
      .sort()
      .join(','),
  );
}

function nodeAddress(node: KubeObject, type: string): string {
  const found = children(child(node, 'status'), 'addresses').find((address) => address.type === type);
  return orNone(stringAt(found, 'address'));
}

function nodeInfo(node: KubeObject, key: string): string {
  return stringAt(child(child(node, 'status'), 'nodeInfo'), key);
}

function kernelText(node: KubeObject): string {
  const [kernel, architecture] = [nodeInfo(node, 'kernelVersion'), nodeInfo(node, 'architecture')];
  if (kernel === '') return '<unknown>';
  return architecture === '' ? kernel : `${kernel} (${architecture})`;
}

export const nodeColumns: readonly Column[] = [
  nameColumn,
  { name: 'Status', description: 'Whether the node is ready for pods.', cell: nodeStatus },
  { name: 'Roles', description: 'What the node is for.', cell: nodeRoles },
  ageColumn,
  {
    name: 'Version',
    description: 'The version of its kubelet.',
    cell: (node) => nodeInfo(node, 'kubeletVersion'),
  },
  {
    name: 'Internal-IP',
    description: 'Its address inside the cluster.',
    isWide: true,
    cell: (node) => nodeAddress(node, 'InternalIP'),
  },
  {
    name: 'External-IP',
    description: 'Its address outside the cluster.',
    isWide: true,
    cell: (node) => nodeAddress(node, 'ExternalIP'),
  },
  {
    name: 'OS-Image',
    description: 'Its operating system.',
    isWide: true,
    cell: (node) => nodeInfo(node, 'osImage') || '<unknown>',
  },
  { name: 'Kernel-Version', description: 'Its kernel.', isWide: true, cell: kernelText },
  {
    name: 'Container-Runtime',
    description: 'What runs its containers.',
    isWide: true,
    cell: (node) => nodeInfo(node, 'containerRuntimeVersion') || '<unknown>',
  },
];
