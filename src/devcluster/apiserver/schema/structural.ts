import type { KubeObject } from '../../cluster-api.ts';
import type { FieldError } from '../field-error.ts';
import { isObject, valueAt } from '../json.ts';
import { SchemaRules } from './cel-rules.ts';
import { toCel } from './cel-values.ts';
import { fillDefaults } from './defaults.ts';
import { invalidValue } from './field-errors.ts';
import { metaPackage } from '../openapi/registry.ts';
import { unknownFields } from './known-fields.ts';
import type { JsonSchema } from './json-schema.ts';
import { listTypeErrors } from './list-types.ts';
import { openApiErrors } from './openapi-errors.ts';
import { pruneUnknown } from './prune.ts';

/** A version's openAPIV3Schema, ready to be used on its objects. */
export interface CompiledSchema {
  /** A new object with the defaults filled in: on create, on update, and on reads of what was stored earlier. */
  applyDefaults(object: KubeObject): KubeObject;
  /** A new object without the fields that the schema does not have, and their paths (`spec.list[0].y`). */
  prune(object: KubeObject): { object: KubeObject; unknown: string[] };
  /**
   * What is wrong with an object: by schema, list types, scale paths and rules, in the order and words of Kubernetes.
   * @param old on update: what did not change is not looked at, and rules with oldSelf run
   * @param preceding problems of the metadata; they come first, and the rules are not checked where one of them, or one
   * of the schema's, makes the object's shape doubtful
   */
  validate(object: KubeObject, old?: KubeObject, preceding?: readonly FieldError[]): FieldError[];
}

export interface CompileOptions {
  /** Of the scale subresource, if it has one: `.spec.replicas`. */
  readonly specReplicasPath?: string;
  readonly statusReplicasPath?: string;
}

/**
 * Compiles a schema once for many objects.
 * @param openAPIV3Schema has passed validateCrd
 * @throws ParseError of the CEL library when a rule is not CEL
 */
export function compileSchema(
  openAPIV3Schema: Readonly<Record<string, unknown>>,
  options: CompileOptions = {},
): CompiledSchema {
  const schema = openAPIV3Schema as JsonSchema;
  const own = withoutMetadata(schema);
  const rules = new SchemaRules(schema);
  return {
    applyDefaults(object) {
      const copy = structuredClone(object);
      fillDefaults(copy, own);
      return copy;
    },
    prune(object) {
      const copy = structuredClone(object);
      const unknown = [...pruneUnknown(copy, schema, true), ...pruneMetadata(copy)];
      return { object: copy, unknown };
    },
    validate(object, old, preceding = []) {
      const found = [
        ...preceding,
        ...openApiErrors({ value: object, path: '', old }, own),
        ...scaleErrors(object, options),
        ...listTypeErrors(object, schema),
      ];
      const isBlocked = found.some(({ type }) => blocking.has(type));
      return isBlocked ? [...found, notChecked] : [...found, ...ruleErrors(rules, schema, object, old)];
    },
  };
}

/** What the metadata of every object has, custom resources have as well, and no more. */
function pruneMetadata(object: KubeObject): string[] {
  const unknown = unknownFields(metadataSchema, object.metadata).filter((key) => key in object.metadata);
  for (const key of unknown) Reflect.deleteProperty(object.metadata, key);
  return unknown.map((key) => `metadata.${key}`);
}

/** The metadata has rules of its own, whatever the schema says of it. */
function withoutMetadata(schema: JsonSchema): JsonSchema {
  const properties = Object.entries(schema.properties ?? {}).filter(([key]) => key !== 'metadata');
  return { ...schema, properties: Object.fromEntries(properties) };
}

const metadataSchema = `${metaPackage}.ObjectMeta`;

const blocking: ReadonlySet<FieldError['type']> = new Set<FieldError['type']>([
  'FieldValueRequired',
  'FieldValueNotSupported',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

const notChecked: FieldError = invalidValue(
  '<nil>',
  null,
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
);

function ruleErrors(
  rules: SchemaRules,
  schema: JsonSchema,
  object: KubeObject,
  old: KubeObject | undefined,
): FieldError[] {
  const cel = toCel(object, schema, true);
  const oldCel = old === undefined ? undefined : toCel(old, schema, true);
  return rules.errors({ path: '', value: object, cel, old, oldCel });
}

/** The replica counts of the scale subresource are read whatever the schema says, and must be whole and not negative. */
function scaleErrors(object: KubeObject, options: CompileOptions): FieldError[] {
  return [options.specReplicasPath, options.statusReplicasPath].flatMap((path) => {
    const value = path === undefined ? undefined : valueAt(object, path);
    if (path === undefined || value === undefined) return [];
    if (typeof value === 'number' && Number.isInteger(value)) {
      return value < 0 ? [invalidValue(path, value, 'should be a non-negative integer')] : [];
    }
    return [
      invalidValue(
        path,
        0,
        `${path} accessor error: ${goText(value)} is of the type ${goType(value)}, expected int64`,
      ),
    ];
  });
}

function goText(value: unknown): string {
  if (value === null) return '<nil>';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const goTypes: Readonly<Record<string, string>> = { number: 'float64', string: 'string', boolean: 'bool' };

function goType(value: unknown): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  return isObject(value) ? 'map[string]interface {}' : (goTypes[typeof value] ?? typeof value);
}
