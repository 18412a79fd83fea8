import type { FieldError } from '../field-error.ts';
import { invalidValue, notSupported, required } from '../field-error.ts';
import { stringAt, textOf } from '../json.ts';
import type { JsonObject } from '../json.ts';

/** Small checks that validations are put together from. Each gives its problems, none when all is well. */

export function notNegative(parent: JsonObject, key: string, path: string): FieldError[] {
  const value = parent[key];
  if (typeof value !== 'number' || value >= 0) return [];
  return [invalidValue(`${path}.${key}`, value, 'must be greater than or equal to 0')];
}

/** An absent value is left to `required`. */
export function oneOf(
  parent: JsonObject,
  key: string,
  path: string,
  supported: readonly string[],
): FieldError[] {
  const value = parent[key];
  if (value === undefined || supported.includes(textOf(value))) return [];
  return [notSupported(`${path}.${key}`, value, supported)];
}

export function present(parent: JsonObject, key: string, path: string, text = ''): FieldError[] {
  return stringAt(parent, key) === '' ? [required(`${path}.${key}`, text)] : [];
}

/** A port number; absent and 0 count as missing. */
export function portNumber(parent: JsonObject, key: string, path: string): FieldError[] {
  const value = parent[key] ?? 0;
  if (value === 0) return [required(`${path}.${key}`)];
  return portRange(value, `${path}.${key}`);
}

export function portRange(value: unknown, field: string): FieldError[] {
  const isFine = typeof value !== 'number' || (value >= 1 && value <= 65_535);
  return isFine ? [] : [invalidValue(field, value, 'must be between 1 and 65535, inclusive')];
}
