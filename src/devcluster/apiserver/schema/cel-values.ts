import { Duration } from '@marcbachmann/cel-js/evaluator';
import { parseDuration } from '../../../lib/duration.ts';
import { isObject } from '../json.ts';
import type { JsonSchema } from './json-schema.ts';
import { valueSchema } from './json-schema.ts';

const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return void var while'.split(
    ' ',
  ),
);
const escapes: readonly (readonly [string, string])[] = [
  ['__', '__underscores__'],
  ['.', '__dot__'],
  ['-', '__dash__'],
  ['/', '__slash__'],
];

/** The name of a property inside CEL: reserved words and characters that no identifier has are escaped. */
export function escapeName(name: string): string {
  if (reserved.has(name)) return `__${name}__`;
  return escapes.reduce((text, [from, to]) => text.replaceAll(from, to), name);
}

/**
 * The same value as CEL sees it: integers are bigint, objects are Maps with escaped names, dates and durations by
 * their format. Of an object with named properties only those are seen.
 * @param isResource apiVersion, kind, metadata.name and metadata.generateName are seen without being named
 */
export function toCel(value: unknown, schema: JsonSchema | undefined, isResource = false): unknown {
  if (Array.isArray(value)) return value.map((item) => toCel(item, schema?.items));
  if (isObject(value)) return isMap(schema) ? celMap(value, schema) : celObject(value, schema, isResource);
  if (typeof value === 'number') return celNumber(value, schema);
  if (typeof value === 'string') return celString(value, schema?.format);
  return value ?? null;
}

/** Keys are data, not names. */
function isMap(schema: JsonSchema | undefined): boolean {
  return schema?.properties === undefined && schema?.additionalProperties !== undefined;
}

function celMap(value: Record<string, unknown>, schema: JsonSchema | undefined): Map<string, unknown> {
  const values = schema === undefined ? undefined : valueSchema(schema);
  return new Map(Object.entries(value).map(([key, each]) => [key, toCel(each, values)]));
}

function celObject(
  value: Record<string, unknown>,
  schema: JsonSchema | undefined,
  isResource: boolean,
): Map<string, unknown> {
  const properties = resourceProperties(schema, isResource);
  const named = Object.entries(value).filter(
    ([key]) => properties === undefined || Object.hasOwn(properties, key),
  );
  return new Map(named.map(([key, each]) => [escapeName(key), toCel(each, properties?.[key])]));
}

const text: JsonSchema = { type: 'string' };
const resourceSchemas: Readonly<Record<string, JsonSchema>> = {
  apiVersion: text,
  kind: text,
  metadata: { type: 'object', properties: { name: text, generateName: text } },
};

/** The properties that rules see; undefined for an object without a schema. */
export function resourceProperties(
  schema: JsonSchema | undefined,
  isResource: boolean,
): Readonly<Record<string, JsonSchema>> | undefined {
  if (!isResource && schema?.['x-kubernetes-embedded-resource'] !== true) return schema?.properties;
  return { ...schema?.properties, ...resourceSchemas };
}

function celNumber(value: number, schema: JsonSchema | undefined): unknown {
  return schema?.type !== 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}

const fromFormat: Readonly<Record<string, (text: string) => unknown>> = {
  'date-time': (value) => new Date(value),
  date: (value) => new Date(`${value}T00:00:00Z`),
  byte: (value) => Buffer.from(value, 'base64'),
  duration: (value) => {
    const ms = parseDuration(value);
    return ms === undefined ? value : Duration.fromMilliseconds(ms);
  },
};

function celString(value: string, format: string | undefined): unknown {
  return fromFormat[format ?? '']?.(value) ?? value;
}
