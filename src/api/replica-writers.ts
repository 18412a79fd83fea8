import { defined } from './json.ts';
import type { ManagedFieldsJson } from './types.ts';
import type { FieldWriter } from '../decide/snapshot.ts';

/** Under this name Plimsoll stands in managedFields. */
export const fieldManager = 'plimsoll';

const nobody: readonly FieldWriter[] = [];

/** Who else owns `spec.replicas` of a workload, and nothing more of its managedFields, which are large. */
export function replicaWriters(managedFields: readonly ManagedFieldsJson[]): readonly FieldWriter[] {
  const owners = managedFields.filter(
    ({ manager, fieldsV1 }) => manager !== fieldManager && fieldsV1?.['f:spec']?.['f:replicas'] !== undefined,
  );
  return owners.length === 0 ? nobody : owners.map(fieldWriter);
}

function fieldWriter({ manager = '', operation, subresource, time }: ManagedFieldsJson): FieldWriter {
  return defined({
    manager,
    operation: operation === 'Apply' ? ('Apply' as const) : ('Update' as const),
    subresource: subresource === '' ? undefined : subresource,
    atMs: typeof time === 'string' ? Date.parse(time) : undefined,
  });
}
