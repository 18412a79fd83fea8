import type { FieldError } from '../field-error.ts';
import { isObject, stringAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { invalidValue, notSupported, required } from './field-errors.ts';
import type { JsonSchema } from './json-schema.ts';
import { childSchema } from './json-schema.ts';

/** The JSON paths of a CRD: where the scale subresource, printed columns and selectable fields read. */

const simplePath = /^(\.[A-Za-z_][A-Za-z0-9_-]*)+$/;

const scaleParents: Readonly<Record<string, readonly string[]>> = {
  specReplicasPath: ['.spec'],
  statusReplicasPath: ['.status'],
  labelSelectorPath: ['.spec', '.status'],
};

export function scalePathErrors(scale: unknown, path: string): FieldError[] {
  if (!isObject(scale)) return [];
  return Object.entries(scaleParents).flatMap(([key, parents]) => {
    const value = stringAt(scale, key);
    if (value === '') return key === 'labelSelectorPath' ? [] : [required(`${path}.${key}`)];
    const problem = scalePathProblem(value, parents);
    return problem === undefined ? [] : [invalidValue(`${path}.${key}`, value, problem)];
  });
}

function scalePathProblem(value: string, parents: readonly string[]): string | undefined {
  if (!value.startsWith('.')) return 'must be a simple json path starting with .';
  const isBelow = parents.some((parent) => value.startsWith(`${parent}.`));
  if (simplePath.test(value) && isBelow) return undefined;
  return `should be a json path under ${parents.length > 1 ? 'either ' : ''}${parents.join(' or ')}`;
}

const columnTypes = ['integer', 'number', 'string', 'boolean', 'date'];
const columnFormats = ['int32', 'int64', 'float', 'double', 'byte', 'date', 'date-time', 'password'];

export function columnErrors(columns: readonly JsonObject[], path: string): FieldError[] {
  return columns.flatMap((column, index) => {
    const at = `${path}[${index}]`;
    const type = stringAt(column, 'type');
    const format = stringAt(column, 'format');
    return [
      ...(stringAt(column, 'name') === '' ? [required(`${at}.name`)] : []),
      ...typeErrors(type, `${at}.type`),
      ...(format === '' || columnFormats.includes(format)
        ? []
        : [invalidValue(`${at}.format`, format, `must be one of ${columnFormats.join(',')}`)]),
      ...(stringAt(column, 'jsonPath') === '' ? [required(`${at}.JSONPath`)] : []),
    ];
  });
}

function typeErrors(type: string, path: string): FieldError[] {
  if (type === '') return [required(path, `must be one of ${columnTypes.join(',')}`)];
  return columnTypes.includes(type) ? [] : [notSupported(path, type, columnTypes)];
}

export function selectableFieldErrors(
  fields: readonly JsonObject[],
  schema: JsonSchema,
  path: string,
): FieldError[] {
  return fields.flatMap((field, index) => {
    const at = `${path}[${index}].jsonPath`;
    const value = stringAt(field, 'jsonPath');
    if (value === '') return [required(at)];
    const target = schemaAt(schema, value);
    if (target === undefined)
      return [invalidValue(at, value, 'is an invalid path: does not refer to a valid field')];
    if (['string', 'boolean', 'integer'].includes(target.type ?? '')) return [];
    const text =
      'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';
    return [invalidValue(at, value, text)];
  });
}

/** The schema that a path such as `.spec.a['b.c']` leads to; undefined where it leads nowhere. */
export function schemaAt(schema: JsonSchema, path: string): JsonSchema | undefined {
  const parts = [...path.matchAll(/\.([^.['\]]+)|\['([^']*)'\]/g)];
  if (parts.map(([part]) => part).join('') !== path) return undefined;
  return parts.reduce<JsonSchema | undefined>((at, [, name, quoted]) => {
    const key = name ?? quoted ?? '';
    return at === undefined ? undefined : childSchema(at, key);
  }, schema);
}
