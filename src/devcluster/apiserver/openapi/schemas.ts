import type { Kind } from '../kind.ts';
import type { Definition, Field, FieldType, SimpleType } from './definitions.ts';
import { simpleTypes } from './definitions.ts';
import { builtInDefinitions, metaPackage } from './registry.ts';

export type Schema = Readonly<Record<string, unknown>>;

const refPrefix = '#/components/schemas/';

/** Names of kinds without a built-in schema name: `dev.plimsoll.v1.CustomAutoscaler`. */
export function schemaNameOf(kind: Kind): string {
  if (kind.schemaName !== undefined) return kind.schemaName;
  if (kind.group === 'metrics.k8s.io') return `io.k8s.metrics.pkg.apis.metrics.${kind.version}.${kind.kind}`;
  return `${kind.group.split('.').reverse().join('.')}.${kind.version}.${kind.kind}`;
}

export function refTo(name: string): Schema {
  return { $ref: refPrefix + name };
}

/** The schemas of some kinds and their lists, and of all that these refer to, in alphabetical order. */
export function componentSchemas(kinds: readonly Kind[]): Readonly<Record<string, Schema>> {
  const own = kinds.flatMap((kind) => [
    [schemaNameOf(kind), kindSchema(kind)] as const,
    [`${schemaNameOf(kind)}List`, listSchema(kind)] as const,
  ]);
  const schemas = new Map<string, Schema>(own);
  const roots = ['ObjectMeta', 'ListMeta', 'DeleteOptions', 'Status'].map((name) => `${metaPackage}.${name}`);
  const scales = kinds.some((kind) => kind.subresources.scale !== undefined) ? [scaleName] : [];
  const pending = [...roots, ...scales, ...own.flatMap(([, schema]) => refsIn(schema))];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const schema = schemaNamed(name);
    if (schema === undefined || schemas.has(name)) continue;
    schemas.set(name, name === scaleName ? { ...schema, [gvkKey]: [scaleGvk] } : schema);
    pending.push(...refsIn(schema));
  }
  return Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function schemaNamed(name: string): Schema | undefined {
  const definition = builtInDefinitions.get(name);
  return definition === undefined ? namedSchemas.get(name) : definitionSchema(definition);
}

export const scaleName = 'io.k8s.api.autoscaling.v1.Scale';
export const scaleGvk = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
export const gvkKey = 'x-kubernetes-group-version-kind';

function refsIn(schema: Schema): string[] {
  const found = JSON.stringify(schema).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
  return Array.from(found, ([, name = '']) => name);
}

function kindSchema(kind: Kind): Schema {
  const gvk = { [gvkKey]: [{ group: kind.group, version: kind.version, kind: kind.kind }] };
  const definition = builtInDefinitions.get(schemaNameOf(kind));
  if (kind.custom !== undefined) return { ...customSchema(kind.custom.openAPIV3Schema), ...gvk };
  return { ...(definition === undefined ? { type: 'object' } : definitionSchema(definition)), ...gvk };
}

/** A CRD's schema, with what every object has. */
function customSchema(schema: Schema): Schema {
  const metadata = builtInDefinitions.get('io.k8s.api.core.v1.ConfigMap')?.fields;
  const common = Object.entries(metadata ?? {}).filter(([key]) =>
    ['apiVersion', 'kind', 'metadata'].includes(key),
  );
  const fields = Object.fromEntries(common.map(([key, field]) => [key, fieldSchema(field)]));
  const given: unknown = schema.properties;
  return { ...schema, properties: { ...(given as Schema | undefined), ...fields } };
}

function listSchema(kind: Kind): Schema {
  return {
    description: `${kind.listKind} is a list of ${kind.kind}.`,
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: { type: 'string' },
      items: { type: 'array', items: refTo(schemaNameOf(kind)) },
      kind: { type: 'string' },
      metadata: { allOf: [refTo(`${metaPackage}.ListMeta`)] },
    },
    [gvkKey]: [{ group: kind.group, version: kind.version, kind: kind.listKind }],
  };
}

function definitionSchema({ description, fields }: Definition): Schema {
  const required = Object.keys(fields).filter((name) => fields[name]?.isRequired === true);
  const properties = Object.entries(fields).map(([name, field]) => [name, fieldSchema(field)]);
  return {
    description,
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(properties) as Schema,
  };
}

function fieldSchema({ type, description, mergeKey }: Field): Schema {
  const merge = mergeKey === undefined ? {} : mergeMarks(mergeKey);
  // A reference cannot have siblings, so a described one stands inside allOf.
  const name = refName(type);
  const shape = name === undefined ? typeSchema(type) : { allOf: [refTo(name)] };
  return { ...(description === '' ? {} : { description }), ...shape, ...merge };
}

function mergeMarks(key: string): Schema {
  return {
    'x-kubernetes-patch-merge-key': key,
    'x-kubernetes-patch-strategy': 'merge',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': [key],
  };
}

function typeSchema(type: FieldType): Schema {
  const name = refName(type);
  if (name !== undefined) return refTo(name);
  if ('list' in type) return { type: 'array', items: typeSchema(type.list) };
  if ('map' in type) return { type: 'object', additionalProperties: typeSchema(type.map) };
  return 'simple' in type ? simpleTypes[type.simple] : {};
}

/** The schema that a type refers to, if it is one. */
function refName(type: FieldType): string | undefined {
  if ('ref' in type) return type.ref;
  return 'simple' in type ? namedTypes.get(type.simple)?.name : undefined;
}

/** Simple types that have a name of their own, which kubectl explain prints. */
const namedTypes = new Map<SimpleType, { readonly name: string; readonly description: string }>([
  [
    'quantity',
    {
      name: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
      description: 'An amount, as a number with an optional suffix: 250m, 2, 1.5k, 128Mi.',
    },
  ],
  [
    'intOrString',
    {
      name: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
      description: 'A number, or a name or percentage.',
    },
  ],
]);

const namedSchemas: ReadonlyMap<string, Schema> = new Map(
  Array.from(namedTypes, ([type, { name, description }]) => [name, { description, ...simpleTypes[type] }]),
);
