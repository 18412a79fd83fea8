import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../json.ts';
import type { JsonSchema } from './json-schema.ts';
import { identityOf } from './list-types.ts';

/**
 * Which old value a new one is compared with, for ratcheting and for rules with oldSelf: fields and map values by
 * their key, items of a list of type map by their keys, items of other lists never.
 */

export function oldProperty(old: unknown, key: string): unknown {
  return isObject(old) && Object.hasOwn(old, key) ? old[key] : undefined;
}

export function oldItem(schema: JsonSchema, old: unknown, item: unknown): unknown {
  if (!Array.isArray(old) || schema['x-kubernetes-list-type'] !== 'map') return undefined;
  const identify = identityOf(schema);
  if (identify === undefined) return undefined;
  const identity = identify(item);
  return old.find((each) => sameJson(identify(each), identity));
}

export function sameJson(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(a, b);
}
