import type { KubeObject } from '../cluster-api.ts';
import { DecodeError } from './errors.ts';
import { dropNulls, isObject, valueAt } from './json.ts';
import type { Kind } from './kind.ts';

const maxInt32 = 2_147_483_647;

/** A JSON value as Go's decoder names it. */
function describe(value: unknown): string {
  if (typeof value === 'number') return `number ${value}`;
  if (typeof value === 'boolean') return 'bool';
  return Array.isArray(value) ? 'array' : typeof value;
}

function mismatch(value: unknown, field: string, type: string): DecodeError {
  return new DecodeError(
    `json: cannot unmarshal ${describe(value)} into Go struct field ${field} of type ${type}`,
  );
}

/** @param field for the message: `DeploymentSpec.spec.replicas` @throws DecodeError unless absent or a 32-bit integer */
export function checkInt32(value: unknown, field: string): void {
  if (value === undefined || value === null) return;
  const isFine = typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= maxInt32;
  if (!isFine) throw mismatch(value, field, 'int32');
}

function checkStringMap(value: unknown, field: string): void {
  if (value === undefined || value === null) return;
  if (!isObject(value)) throw mismatch(value, field, 'map[string]string');
  for (const item of Object.values(value)) {
    if (typeof item === 'number')
      throw new DecodeError(mismatch(item, field, 'string').message.replace(/number \S+/, 'number'));
    if (typeof item !== 'string' && item !== null) throw mismatch(item, field, 'string');
  }
}

/** Nulls as a decoded Go struct has them: the empty string in a map of strings, absent elsewhere. */
export function settleNulls(kind: Kind, object: KubeObject): void {
  for (const path of kind.stringMaps ?? []) {
    const map = valueAt(object, path);
    if (!isObject(map)) continue;
    for (const [key, value] of Object.entries(map)) map[key] = value ?? '';
  }
  dropNulls(object);
}

/**
 * The types of the fields that everything else relies on: labels and annotations, and what the kind's row names.
 * @throws DecodeError naming the first field of another type
 */
export function checkTypes(kind: Kind, object: KubeObject): void {
  const prefix = kind.custom === undefined ? 'ObjectMeta.metadata' : 'ObjectMeta';
  const metadata: unknown = object.metadata;
  if (isObject(metadata)) {
    for (const key of ['labels', 'annotations']) checkStringMap(metadata[key], `${prefix}.${key}`);
  }
  for (const [path, struct] of Object.entries(kind.integers ?? {})) {
    checkInt32(valueAt(object, path), `${struct}.${path}`);
  }
  for (const path of kind.stringMaps ?? []) checkStringMap(valueAt(object, path), `${kind.kind}.${path}`);
}
