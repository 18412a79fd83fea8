import { isObject } from '../json.ts';
import type { JsonSchema } from './json-schema.ts';
import { childPath, childSchema } from './json-schema.ts';

const resourceFields = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * Drops what the schema does not name (changes `value`); `x-kubernetes-preserve-unknown-fields` keeps it.
 * @param isResource `apiVersion`, `kind` and `metadata` are known without being named
 * @returns the paths of what was dropped, in alphabetical order: `spec.list[0].y`
 */
export function pruneUnknown(value: unknown, schema: JsonSchema, isResource: boolean): string[] {
  const unknown: string[] = [];
  prune(value, schema, { path: '', isResource, unknown });
  return unknown.sort();
}

interface PruneContext {
  readonly path: string;
  readonly isResource: boolean;
  readonly unknown: string[];
}

function prune(value: unknown, schema: JsonSchema | undefined, context: PruneContext): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      prune(item, schema?.items, { ...context, path: `${context.path}[${index}]`, isResource: false });
    });
  }
  if (!isObject(value)) return;
  const isResource = context.isResource || schema?.['x-kubernetes-embedded-resource'] === true;
  for (const key of Object.keys(value)) {
    if (isResource && resourceFields.has(key)) continue;
    pruneField(value, key, schema, { ...context, path: childPath(context.path, key), isResource: false });
  }
}

function pruneField(
  parent: Record<string, unknown>,
  key: string,
  schema: JsonSchema | undefined,
  context: PruneContext,
): void {
  const below = schema === undefined ? undefined : childSchema(schema, key);
  if (below !== undefined) prune(parent[key], below, context);
  else if (
    schema?.['x-kubernetes-preserve-unknown-fields'] !== true &&
    schema?.additionalProperties !== true
  ) {
    context.unknown.push(context.path);
    Reflect.deleteProperty(parent, key);
  }
}
