import { isObject } from '../json.ts';
import type { JsonSchema } from './json-schema.ts';
import { childSchema, valueSchema } from './json-schema.ts';

/**
 * Fills in the schema's defaults below `value` (changes it), then drops the nulls that no schema allows.
 * Defaults apply inside parents that are there: an absent parent stays absent unless it has a default of its own.
 * A null for a non-nullable field with a default becomes the default.
 */
export function fillDefaults(value: unknown, schema: JsonSchema): void {
  setDefaults(value, schema);
  dropRefusedNulls(value, schema);
}

function setDefaults(value: unknown, schema: JsonSchema | undefined): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) value.forEach((item) => setDefaults(item, schema.items));
  if (!isObject(value)) return;
  for (const [key, property] of Object.entries(schema.properties ?? {})) setDefault(value, key, property);
  const values = valueSchema(schema);
  for (const key of Object.keys(value)) {
    const below = childSchema(schema, key);
    if (below === values && below !== undefined && value[key] === null) setDefault(value, key, below);
    setDefaults(value[key], below);
  }
}

function setDefault(parent: Record<string, unknown>, key: string, schema: JsonSchema): void {
  if (schema.default === undefined) return;
  const current = Object.hasOwn(parent, key) ? parent[key] : undefined;
  if (current === undefined || isRefusedNull(current, schema)) parent[key] = structuredClone(schema.default);
}

function isRefusedNull(value: unknown, schema: JsonSchema): boolean {
  return value === null && schema.nullable !== true;
}

function dropRefusedNulls(value: unknown, schema: JsonSchema | undefined): void {
  if (schema === undefined) return;
  if (Array.isArray(value)) value.forEach((item) => dropRefusedNulls(item, schema.items));
  if (!isObject(value)) return;
  for (const key of Object.keys(value)) {
    const property = schema.properties?.[key];
    if (property !== undefined && isRefusedNull(value[key], property)) {
      Reflect.deleteProperty(value, key);
    } else dropRefusedNulls(value[key], childSchema(schema, key));
  }
}
