import type { KubeObject } from '../cluster-api.ts';

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object under a key; an empty one where it is absent or something else. */
export function child(parent: JsonObject | undefined, key: string): JsonObject {
  const value = parent?.[key];
  return isObject(value) ? value : {};
}

/** The elements of a list that are objects; none where it is absent or something else. */
export function children(parent: JsonObject | undefined, key: string): JsonObject[] {
  const value = parent?.[key];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function stringAt(parent: JsonObject | undefined, key: string): string {
  const value = parent?.[key];
  return typeof value === 'string' ? value : '';
}

/** Sets a field that is absent (or null). */
export function setDefault(parent: JsonObject, key: string, value: unknown): void {
  parent[key] ??= value;
}

/** The object under a key, made where it is absent. */
export function ensureChild(parent: JsonObject, key: string): JsonObject {
  const value = parent[key];
  if (isObject(value)) return value;
  const made: JsonObject = {};
  parent[key] = made;
  return made;
}

/** The value at a dotted path (`spec.nodeName`, `.spec.replicas`); undefined where a part is missing. */
export function valueAt(object: unknown, path: string): unknown {
  let value = object;
  for (const part of path.split('.')) {
    if (part === '') continue;
    if (!isObject(value)) return undefined;
    value = value[part];
  }
  return value;
}

/** Sets the value at a dotted path, making the objects on the way. */
export function setValueAt(object: JsonObject, path: string, value: unknown): void {
  const parts = path.split('.').filter((part) => part !== '');
  const last = parts.pop();
  if (last === undefined) return;
  let parent = object;
  for (const part of parts) parent = ensureChild(parent, part);
  parent[last] = value;
}

export function clone<T>(value: T): T {
  return structuredClone(value);
}

/** A JSON value as a KubeObject; whether it is one has been checked when it was decoded. */
export function asKubeObject(value: JsonObject): KubeObject {
  return value as KubeObject;
}

/** Drops nulls at any depth, as a decoded Go struct does. */
export function dropNulls(value: unknown): void {
  if (Array.isArray(value)) value.forEach(dropNulls);
  if (!isObject(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (item === null) Reflect.deleteProperty(value, key);
    else dropNulls(item);
  }
}

export function dropEmpty(parent: JsonObject, keys: readonly string[]): void {
  for (const key of keys) {
    const value = parent[key];
    const isEmpty = Array.isArray(value)
      ? value.length === 0
      : isObject(value) && Object.keys(value).length === 0;
    if (isEmpty || value === null) Reflect.deleteProperty(parent, key);
  }
}

/** A copy without some of its keys. */
export function omit(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** A value as text: a string as it is, anything else as JSON; absent is empty. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}
