import type { FieldError } from '../field-error.ts';
import { isObject } from '../json.ts';
import { sameJson } from './correlate.ts';
import { invalidValue, notSupported, required, tooLong, tooMany, typeInvalid } from './field-errors.ts';
import { hasFormat } from './formats.ts';
import { goRegExp } from './go-regexp.ts';
import type { JsonSchema } from './json-schema.ts';
import { childPath, childSchema } from './json-schema.ts';
import { oldItem, oldProperty } from './correlate.ts';

/** A value, where it is, and what stood there before (undefined: nothing). */
export interface Place {
  readonly value: unknown;
  readonly path: string;
  readonly old: unknown;
}

type Check = (place: Place, schema: JsonSchema) => FieldError[];

/** In the order in which Kubernetes reports them. */
const checks: readonly Check[] = [
  typeErrors,
  combinationErrors,
  stringErrors,
  numberErrors,
  listErrors,
  enumErrors,
  objectErrors,
];

/**
 * What is wrong with a value by its OpenAPI schema, in Kubernetes' words.
 * Ratcheting: what did not change since `old` is not looked at.
 */
export function openApiErrors(place: Place, schema: JsonSchema | undefined): FieldError[] {
  if (schema === undefined || isUnchanged(place)) return [];
  if (place.value === null && schema.nullable === true) return [];
  return checks.flatMap((check) => check(place, schema));
}

function isUnchanged({ value, old }: Place): boolean {
  return old !== undefined && sameJson(value, old);
}

/** `spec.replicas in body`: how messages name a field. */
function inBody(path: string): string {
  return `${path} in body`;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function allowedTypes(schema: JsonSchema): string[] {
  if (schema['x-kubernetes-int-or-string'] === true) return ['integer', 'string'];
  return schema.type === undefined ? [] : [schema.type];
}

function typeErrors({ value, path }: Place, schema: JsonSchema): FieldError[] {
  const allowed = allowedTypes(schema);
  const actual = typeName(value);
  const isMatch = allowed.includes(actual) || (actual === 'integer' && allowed.includes('number'));
  if (allowed.length === 0 || isMatch) return [];
  const named = numberFormatName(actual, schema) ?? { expected: allowed.join(','), actual };
  const text = `${inBody(path)} must be of type ${named.expected}: ${JSON.stringify(named.actual)}`;
  return [typeInvalid(path, named.actual, text)];
}

/** A number where an integer with a format is wanted is told by its formats. */
function numberFormatName(
  actual: string,
  schema: JsonSchema,
): { expected: string; actual: string } | undefined {
  if (schema.format === undefined || schema.type === 'string' || actual !== 'number') return undefined;
  return { expected: schema.format, actual: 'float64' };
}

function combinationErrors(place: Place, schema: JsonSchema): FieldError[] {
  const name = JSON.stringify(place.path);
  const attempt = (each: JsonSchema): FieldError[] => openApiErrors({ ...place, old: undefined }, each);
  const all = (schema.allOf ?? []).map(attempt);
  const any = (schema.anyOf ?? []).map(attempt);
  const one = (schema.oneOf ?? []).map(attempt);
  return [
    ...anyOfErrors(any, name),
    ...oneOfErrors(one, name),
    ...allOfErrors(all, name),
    ...(schema.not !== undefined && attempt(schema.not).length === 0
      ? [pathless(`${name} must not validate the schema (not)`)]
      : []),
  ];
}

/** A problem that Kubernetes reports without a field. */
function pathless(text: string): FieldError {
  return { type: 'FieldValueInvalid', field: '<nil>', message: `Invalid value: "": ${text}` };
}

function anyOfErrors(attempts: readonly FieldError[][], name: string): FieldError[] {
  if (attempts.length === 0 || attempts.some((errors) => errors.length === 0)) return [];
  return [pathless(`${name} must validate at least one schema (anyOf)`), ...(attempts[0] ?? [])];
}

function oneOfErrors(attempts: readonly FieldError[][], name: string): FieldError[] {
  const valid = attempts.filter((errors) => errors.length === 0).length;
  if (attempts.length === 0 || valid === 1) return [];
  const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`;
  const text = pathless(`${name} must validate one and only one schema (oneOf). ${found}`);
  return [text, ...(valid === 0 ? (attempts[0] ?? []) : [])];
}

function allOfErrors(attempts: readonly FieldError[][], name: string): FieldError[] {
  const failed = attempts.filter((errors) => errors.length > 0);
  if (failed.length === 0) return [];
  const none = failed.length === attempts.length ? '. None validated' : '';
  return [pathless(`${name} must validate all the schemas (allOf)${none}`), ...failed.flat()];
}

function stringErrors({ value, path }: Place, schema: JsonSchema): FieldError[] {
  if (typeof value !== 'string') return [];
  const { minLength = 0, maxLength = Infinity, pattern, format } = schema;
  const length = Array.from(value).length;
  const where = inBody(path);
  const errors: FieldError[] = [];
  if (length > maxLength) errors.push(tooLong(path, maxLength));
  if (length < minLength)
    errors.push(invalidValue(path, value, `${where} should be at least ${minLength} chars long`));
  if (pattern !== undefined && !goRegExp(pattern).test(value)) {
    errors.push(invalidValue(path, value, `${where} should match '${pattern}'`));
  }
  if (format !== undefined && !hasFormat(value, format)) {
    errors.push(typeInvalid(path, value, `${where} must be of type ${format}: ${JSON.stringify(value)}`));
  }
  return errors;
}

function numberErrors({ value, path }: Place, schema: JsonSchema): FieldError[] {
  if (typeof value !== 'number') return [];
  return [...rangeErrors(value, path, schema), ...boundErrors(value, path, schema)];
}

/** An integer has the range of its format. */
function rangeErrors(value: number, path: string, { type, format }: JsonSchema): FieldError[] {
  if (type !== 'integer' || isInRange(value, format)) return [];
  const range = format === undefined ? '(default format)' : `with format ${format}`;
  return [pathless(`Checked value must be of type integer ${range} in ${path}`)];
}

function isInRange(value: number, format: string | undefined): boolean {
  const limit = format === 'int32' ? 2 ** 31 : 2 ** 63;
  return Number.isInteger(value) && value >= -limit && value < limit;
}

function boundErrors(value: number, path: string, schema: JsonSchema): FieldError[] {
  const { minimum = -Infinity, maximum = Infinity, multipleOf } = schema;
  const texts: string[] = [];
  if (schema.exclusiveMaximum === true ? value >= maximum : value > maximum) {
    texts.push(`should be less than ${schema.exclusiveMaximum === true ? '' : 'or equal to '}${maximum}`);
  }
  if (schema.exclusiveMinimum === true ? value <= minimum : value < minimum) {
    texts.push(`should be greater than ${schema.exclusiveMinimum === true ? '' : 'or equal to '}${minimum}`);
  }
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) {
    texts.push(`should be a multiple of ${multipleOf}`);
  }
  return texts.map((text) => invalidValue(path, value, `${inBody(path)} ${text}`));
}

function listErrors({ value, path, old }: Place, schema: JsonSchema): FieldError[] {
  if (!Array.isArray(value)) return [];
  const { minItems = 0, maxItems = Infinity } = schema;
  const list: readonly unknown[] = value;
  const errors: FieldError[] = [];
  if (list.length < minItems) {
    errors.push(invalidValue(path, list.length, `${inBody(path)} should have at least ${minItems} items`));
  }
  if (list.length > maxItems) errors.push(tooMany(path, list.length, maxItems));
  const items = list.flatMap((item, index) =>
    openApiErrors({ value: item, path: `${path}[${index}]`, old: oldItem(schema, old, item) }, schema.items),
  );
  return [...errors, ...items];
}

function enumErrors({ value, path }: Place, schema: JsonSchema): FieldError[] {
  if (schema.enum === undefined || schema.enum.some((allowed) => sameJson(allowed, value))) return [];
  return [notSupported(path, value, schema.enum)];
}

function objectErrors({ value, path, old }: Place, schema: JsonSchema): FieldError[] {
  if (!isObject(value)) return [];
  const { minProperties = 0, maxProperties = Infinity } = schema;
  const count = Object.keys(value).length;
  const errors: FieldError[] = [];
  if (count < minProperties) {
    errors.push(
      invalidValue(path, count, `${inBody(path)} should have at least ${minProperties} properties`),
    );
  }
  if (count > maxProperties) errors.push(tooMany(path, count, maxProperties));
  const below = Object.entries(value).flatMap(([key, each]) =>
    openApiErrors(
      { value: each, path: childPath(path, key), old: oldProperty(old, key) },
      childSchema(schema, key),
    ),
  );
  const missing = (schema.required ?? []).filter((key) => !Object.hasOwn(value, key));
  return [...errors, ...below, ...missing.map((key) => required(childPath(path, key)))];
}
