import { isObject } from '../json.ts';
import type { FieldType } from '../openapi/definitions.ts';
import { builtInDefinitions } from '../openapi/registry.ts';
import { childPath } from './json-schema.ts';

/**
 * The paths of the fields that a built-in schema does not have (`spec.containers[0].foo`), in the order in which they
 * stand in the object. A schema that is not known has every field.
 * @param schemaName the full name: `io.k8s.api.apps.v1.Deployment`
 */
export function unknownFields(schemaName: string, object: unknown): string[] {
  return unknownIn(object, { ref: schemaName }, '');
}

function unknownIn(value: unknown, type: FieldType, path: string): string[] {
  if ('simple' in type) return [];
  if ('list' in type) {
    const items: readonly unknown[] = Array.isArray(value) ? value : [];
    return items.flatMap((item, index) => unknownIn(item, type.list, `${path}[${index}]`));
  }
  if (!isObject(value)) return [];
  if ('map' in type) {
    return Object.entries(value).flatMap(([key, each]) => unknownIn(each, type.map, childPath(path, key)));
  }
  const definition = builtInDefinitions.get(type.ref);
  if (definition === undefined) return [];
  return Object.entries(value).flatMap(([key, each]) => {
    const at = childPath(path, key);
    const field = Object.hasOwn(definition.fields, key) ? definition.fields[key] : undefined;
    return field === undefined ? [at] : unknownIn(each, field.type, at);
  });
}
