import type { KubeObject } from '../../cluster-api.ts';
import { compareQuantity, formatQuantity, parseQuantity } from '../../../lib/quantity.ts';
import { child, children, stringAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { ageColumn, createdAtColumn, nameColumn } from './column.ts';
import type { Column } from './column.ts';

const countKeys = (object: KubeObject, ...keys: readonly string[]): number =>
  keys.reduce((sum, key) => sum + Object.keys(child(object, key)).length, 0);

export const configMapColumns: readonly Column[] = [
  nameColumn,
  {
    name: 'Data',
    description: 'How many keys it has.',
    cell: (object) => countKeys(object, 'data', 'binaryData'),
  },
  ageColumn,
];

export const secretColumns: readonly Column[] = [
  nameColumn,
  { name: 'Type', description: 'What the secret is for.', cell: (secret) => stringAt(secret, 'type') },
  { name: 'Data', description: 'How many keys it has.', cell: (secret) => countKeys(secret, 'data') },
  ageColumn,
];

export const serviceAccountColumns: readonly Column[] = [
  nameColumn,
  {
    name: 'Secrets',
    description: 'How many secrets it names.',
    cell: (account) => children(account, 'secrets').length,
  },
  ageColumn,
];

export const namespaceColumns: readonly Column[] = [
  nameColumn,
  {
    name: 'Status',
    description: 'Active, or Terminating.',
    cell: (namespace) => stringAt(child(namespace, 'status'), 'phase'),
  },
  ageColumn,
];

export const leaseColumns: readonly Column[] = [
  nameColumn,
  {
    name: 'Holder',
    description: 'Who holds the lease.',
    cell: (lease) => stringAt(child(lease, 'spec'), 'holderIdentity'),
  },
  ageColumn,
];

export const plainColumns: readonly Column[] = [nameColumn, createdAtColumn];

/** A resource's use over all containers of PodMetrics, or of the node of NodeMetrics. */
function usage(object: KubeObject, resource: string): string {
  const parts: JsonObject[] = [object, ...children(object, 'containers')].map((part) => child(part, 'usage'));
  const found = parts.map((part) => part[resource]).filter((text) => typeof text === 'string');
  const sorted = found.map(parseQuantity).sort(compareQuantity);
  const total = sorted.reduce((sum, each) => {
    const exponent = Math.min(sum.exponent, each.exponent);
    const scaled = (part: typeof each): bigint => part.unscaled * 10n ** BigInt(part.exponent - exponent);
    return { ...each, unscaled: scaled(sum) + scaled(each), exponent };
  }, parseQuantity('0'));
  return formatQuantity(total);
}

export const metricsColumns: readonly Column[] = [
  nameColumn,
  { name: 'CPU', description: 'How much CPU is used.', cell: (metrics) => usage(metrics, 'cpu') },
  { name: 'Memory', description: 'How much memory is used.', cell: (metrics) => usage(metrics, 'memory') },
  {
    name: 'Window',
    description: 'Over how long it was measured.',
    cell: (metrics) => stringAt(metrics, 'window'),
  },
];
