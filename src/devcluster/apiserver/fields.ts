import type { KubeObject } from '../cluster-api.ts';
import { child, clone, isObject } from './json.ts';
import type { JsonObject } from './json.ts';
import type { Kind } from './kind.ts';
import { unknownFields } from './schema/known-fields.ts';

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

export interface CheckedFields {
  readonly object: KubeObject;
  /** Paths of what the kind does not know, which `object` no longer has. */
  readonly unknown: readonly string[];
}

/** Drops the fields that the kind does not know and says which they were. */
export function dropUnknownFields(kind: Kind, object: KubeObject): CheckedFields {
  if (kind.custom !== undefined) return dropUnknownMeta(kind.custom.schema.prune(object));
  if (kind.schemaName === undefined) return { object, unknown: [] };
  const unknown = unknownFields(kind.schemaName, object);
  if (unknown.length === 0) return { object, unknown };
  const pruned = clone(object);
  for (const path of unknown) removeAt(pruned, path);
  return { object: pruned, unknown };
}

const metaFields = new Set([
  'annotations',
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'finalizers',
  'generateName',
  'generation',
  'labels',
  'managedFields',
  'name',
  'namespace',
  'ownerReferences',
  'resourceVersion',
  'selfLink',
  'uid',
]);

/** Schemas of custom resources say nothing of metadata. */
function dropUnknownMeta({ object, unknown }: CheckedFields): CheckedFields {
  const found = Object.keys(child(object, 'metadata')).filter((key) => !metaFields.has(key));
  for (const key of found) Reflect.deleteProperty(object.metadata, key);
  return { object, unknown: [...unknown, ...found.map((key) => `metadata.${key}`)] };
}

/** Removes what a path like `spec.containers[0].foo` names. */
function removeAt(object: JsonObject, path: string): void {
  const parts = [...path.matchAll(/\[(\d+)\]|\[([^\]]*)\]|([^.[\]]+)/g)].map(([, index, key, name]) =>
    index === undefined ? (key ?? name ?? '') : Number(index),
  );
  const last = parts.pop();
  let parent: unknown = object;
  for (const part of parts) {
    parent = (parent as Record<string | number, unknown> | undefined)?.[part];
  }
  if (isObject(parent) && last !== undefined) Reflect.deleteProperty(parent, String(last));
}

/**
 * The keys that a JSON text has twice in one object, as paths in the order of their second appearance.
 * JSON.parse keeps the last and says nothing.
 */
export function duplicateKeys(text: string): string[] {
  const found: string[] = [];
  const stack: { path: string; keys: Set<string>; key: string; index: number; isArray: boolean }[] = [];
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;
  let previous: string | undefined;
  for (const match of text.matchAll(tokens)) {
    const token = match[0];
    const top = stack.at(-1);
    if (token === '{' || token === '[') {
      stack.push({ path: pathOf(top), keys: new Set(), key: '', index: 0, isArray: token === '[' });
    } else if (token === '}' || token === ']') stack.pop();
    else if (token === ',' && top?.isArray === true) top.index += 1;
    else if (token === ':' && top !== undefined && previous !== undefined) {
      top.key = String(JSON.parse(previous));
      if (top.keys.has(top.key)) found.push(pathOf(top));
      top.keys.add(top.key);
    }
    previous = token;
  }
  return [...new Set(found)];
}

function pathOf(place: { path: string; key: string; index: number; isArray: boolean } | undefined): string {
  if (place === undefined) return '';
  if (place.isArray) return `${place.path}[${place.index}]`;
  return place.path === '' ? place.key : `${place.path}.${place.key}`;
}
