import type { FieldError } from '../field-error.ts';
import { isObject } from '../json.ts';
import { duplicate } from './field-errors.ts';
import type { JsonSchema } from './json-schema.ts';
import { childPath, childSchema } from './json-schema.ts';

/** Duplicates in lists of type set and map, each at the path of its second place. */
export function listTypeErrors(value: unknown, schema: JsonSchema | undefined, path = ''): FieldError[] {
  if (schema === undefined) return [];
  if (isObject(value)) {
    return Object.entries(value).flatMap(([key, below]) =>
      listTypeErrors(below, childSchema(schema, key), childPath(path, key)),
    );
  }
  if (!Array.isArray(value)) return [];
  const below = value.flatMap((item, index) => listTypeErrors(item, schema.items, `${path}[${index}]`));
  return [...duplicates(value, schema, path), ...below];
}

function duplicates(list: readonly unknown[], schema: JsonSchema, path: string): FieldError[] {
  const identify = identityOf(schema);
  if (identify === undefined) return [];
  const seen = new Set<string>();
  return list.flatMap((item, index) => {
    const identity = identify(item);
    const text = JSON.stringify(identity);
    if (!seen.has(text)) {
      seen.add(text);
      return [];
    }
    return [duplicate(`${path}[${index}]`, identity)];
  });
}

/** What tells the items of a list apart; undefined where they may repeat. */
export function identityOf(schema: JsonSchema): ((item: unknown) => unknown) | undefined {
  if (schema['x-kubernetes-list-type'] === 'set') return (item) => item;
  if (schema['x-kubernetes-list-type'] !== 'map') return undefined;
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  return (item) =>
    isObject(item)
      ? Object.fromEntries(keys.filter((key) => key in item).map((key) => [key, item[key]]))
      : item;
}
