import type { FieldError } from '../field-error.ts';
import { isObject } from '../json.ts';
import { ruleErrors } from './crd-rules.ts';
import { fillDefaults } from './defaults.ts';
import { forbidden, invalidValue, notSupported, required } from './field-errors.ts';
import { regExpProblem } from './go-regexp.ts';
import type { JsonSchema } from './json-schema.ts';
import { valueSchema } from './json-schema.ts';
import { openApiErrors } from './openapi-errors.ts';
import { pruneUnknown } from './prune.ts';

/** A schema inside a CRD: where it is, and what surrounds it. */
export interface SchemaPlace {
  readonly schema: JsonSchema;
  readonly path: string;
  /** What the schema is to its parent. */
  readonly role: 'root' | 'property' | 'item' | 'value';
  /** The path of the list nearest above whose items have no identity: there rules have no old value. */
  readonly uncorrelatable: string | undefined;
}

const checks: readonly ((place: SchemaPlace) => FieldError[])[] = [
  typeErrors,
  shapeErrors,
  metadataErrors,
  embeddedErrors,
  patternErrors,
  listTypeErrors,
  combinationErrors,
  defaultErrors,
  ruleErrors,
];

/** Why a schema is not structural, or not one at all. */
export function schemaErrors(schema: JsonSchema, path: string): FieldError[] {
  return errorsAt({ schema, path, role: 'root', uncorrelatable: undefined });
}

function errorsAt(place: SchemaPlace): FieldError[] {
  if (place.schema.$ref !== undefined) return [forbidden(`${place.path}.$ref`, '$ref is not supported')];
  return [...checks.flatMap((check) => check(place)), ...below(place).flatMap(errorsAt)];
}

function below({ schema, path, uncorrelatable, role }: SchemaPlace): SchemaPlace[] {
  const properties = Object.entries(schema.properties ?? {})
    .filter(([key]) => role !== 'root' || key !== 'metadata')
    .map(([key, each]) => at(each, `${path}.properties[${key}]`, 'property', uncorrelatable));
  const values = valueSchema(schema);
  const { items } = schema;
  const listPath = schema['x-kubernetes-list-type'] === 'map' ? uncorrelatable : path;
  return [
    ...properties,
    ...(values === undefined ? [] : [at(values, `${path}.additionalProperties`, 'value', uncorrelatable)]),
    ...(items === undefined ? [] : [at(items, `${path}.items`, 'item', listPath)]),
  ];
}

function at(
  schema: JsonSchema,
  path: string,
  role: SchemaPlace['role'],
  uncorrelatable: string | undefined,
): SchemaPlace {
  return { schema, path, role, uncorrelatable };
}

const emptyTypeTexts: Readonly<Record<SchemaPlace['role'], string>> = {
  root: 'must not be empty at the root',
  property: 'must not be empty for specified object fields',
  item: 'must not be empty for specified array items',
  value: 'must not be empty for specified map values',
};
const types = ['object', 'array', 'string', 'integer', 'number', 'boolean'];

function typeErrors({ schema, path, role }: SchemaPlace): FieldError[] {
  const { type } = schema;
  if (type === undefined || type === '') {
    const mayLack =
      schema['x-kubernetes-int-or-string'] ?? schema['x-kubernetes-preserve-unknown-fields'] ?? false;
    return mayLack && role !== 'root' ? [] : [required(`${path}.type`, emptyTypeTexts[role])];
  }
  if (role === 'root' && type !== 'object')
    return [invalidValue(`${path}.type`, type, 'must be object at the root')];
  if (!types.includes(type)) return [notSupported(`${path}.type`, type, types)];
  return [];
}

function shapeErrors({ schema, path }: SchemaPlace): FieldError[] {
  const errors: FieldError[] = [];
  if (schema.type === 'array' && schema.items === undefined)
    errors.push(required(`${path}.items`, 'must be specified'));
  if (schema.properties !== undefined && schema.additionalProperties !== undefined) {
    errors.push(
      forbidden(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'),
    );
  }
  if (schema.uniqueItems === true) {
    errors.push(
      forbidden(
        `${path}.uniqueItems`,
        'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ),
    );
  }
  return errors;
}

/** The metadata at the root has its own schema; only the name may be narrowed. */
function metadataErrors({ schema, path, role }: SchemaPlace): FieldError[] {
  const metadata = role === 'root' ? schema.properties?.metadata : undefined;
  if (metadata === undefined) return [];
  const isPlain = Object.keys(metadata).every((key) => ['type', 'description', 'properties'].includes(key));
  const isNarrow = Object.keys(metadata.properties ?? {}).every((key) =>
    ['name', 'generateName'].includes(key),
  );
  if (isPlain && isNarrow) return [];
  const text =
    'must not specify anything other than name and generateName, but metadata is implicitly specified';
  return [forbidden(`${path}.properties[metadata]`, text)];
}

function embeddedErrors({ schema, path }: SchemaPlace): FieldError[] {
  if (schema['x-kubernetes-embedded-resource'] !== true) return [];
  if (schema.type !== 'object') {
    return [
      invalidValue(
        `${path}.type`,
        schema.type ?? '',
        'must be object if x-kubernetes-embedded-resource is true',
      ),
    ];
  }
  if (schema.properties !== undefined || schema['x-kubernetes-preserve-unknown-fields'] === true) return [];
  const text =
    'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
  return [required(`${path}.properties`, text)];
}

function patternErrors({ schema, path }: SchemaPlace): FieldError[] {
  const { pattern } = schema;
  const problem = pattern === undefined ? undefined : regExpProblem(pattern);
  if (problem === undefined) return [];
  return [
    invalidValue(`${path}.pattern`, pattern, `must be a valid regular expression, but isn't: ${problem}`),
  ];
}

function listTypeErrors({ schema, path }: SchemaPlace): FieldError[] {
  const listType = schema['x-kubernetes-list-type'];
  if (listType === undefined) return [];
  if (schema.type !== 'array') {
    return [
      invalidValue(`${path}.type`, schema.type ?? '', 'must be array if x-kubernetes-list-type is specified'),
    ];
  }
  if (listType === 'map') return mapListErrors(schema, path);
  if (listType === 'set') return setListErrors(schema, path);
  return listType === 'atomic'
    ? []
    : [notSupported(`${path}.x-kubernetes-list-type`, listType, ['atomic', 'set', 'map'])];
}

function setListErrors(schema: JsonSchema, path: string): FieldError[] {
  const isAtomic = schema.items?.type !== 'object' || schema.items['x-kubernetes-map-type'] === 'atomic';
  if (isAtomic) return [];
  const text = 'must be atomic as item of a list with x-kubernetes-list-type=set';
  return [
    invalidValue(`${path}.items.x-kubernetes-map-type`, schema.items['x-kubernetes-map-type'] ?? null, text),
  ];
}

function mapListErrors(schema: JsonSchema, path: string): FieldError[] {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const keysPath = `${path}.x-kubernetes-list-map-keys`;
  if (keys.length === 0) return [required(keysPath, 'must not be empty if x-kubernetes-list-type is map')];
  const properties = schema.items?.properties ?? {};
  if (keys.some((key) => properties[key] === undefined)) {
    return [invalidValue(keysPath, keys, 'entries must all be names of item properties')];
  }
  const text =
    'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property';
  return keys
    .filter((key) => properties[key]?.default === undefined && schema.items?.required?.includes(key) !== true)
    .map((key) => required(`${path}.items.properties[${key}].default`, text));
}

const combinations = ['allOf', 'anyOf', 'oneOf'] as const;
const structuralOnly = [
  'type',
  'description',
  'default',
  'nullable',
  'additionalProperties',
  'title',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-embedded-resource',
  'x-kubernetes-int-or-string',
] as const;

/** Inside allOf, anyOf, oneOf and not there are only constraints: the shape is said outside. */
function combinationErrors({ schema, path }: SchemaPlace): FieldError[] {
  const listed = combinations.flatMap((key) =>
    (schema[key] ?? []).map((each, index) => ({ each, at: `${path}.${key}[${index}]` })),
  );
  const negated = schema.not === undefined ? [] : [{ each: schema.not, at: `${path}.not` }];
  const isIntOrString = schema['x-kubernetes-int-or-string'] === true;
  return [...listed, ...negated].flatMap(({ each, at: where }) =>
    constraintErrors(each, where, isIntOrString),
  );
}

function constraintErrors(schema: JsonSchema, path: string, mayHaveType: boolean): FieldError[] {
  const fields: Readonly<Record<string, unknown>> = { ...schema };
  const own = structuralOnly
    .filter((key) => fields[key] !== undefined && !(mayHaveType && key === 'type'))
    .map((key) => forbidden(`${path}.${key}`, 'must be empty to be structural'));
  const nested = Object.entries(schema.properties ?? {}).flatMap(([key, each]) =>
    constraintErrors(each, `${path}.properties[${key}]`, false),
  );
  const items = schema.items === undefined ? [] : constraintErrors(schema.items, `${path}.items`, false);
  return [...own, ...nested, ...items];
}

/** A default must be valid itself: nothing unknown in it, and all that the schema asks of a value. */
function defaultErrors({ schema, path }: SchemaPlace): FieldError[] {
  if (schema.default === undefined) return [];
  const where = `${path}.default`;
  const value: unknown = structuredClone(schema.default);
  fillDefaults(value, schema);
  if (isObject(value) && pruneUnknown(value, schema, false).length > 0) {
    return [invalidValue(where, schema.default, 'must not have unknown fields')];
  }
  return openApiErrors({ value, path: '', old: undefined }, schema).map((error) => ({
    ...error,
    field: error.field === '' ? where : error.field === '<nil>' ? error.field : `${where}.${error.field}`,
  }));
}
