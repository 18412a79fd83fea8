import { Environment } from '@marcbachmann/cel-js';
import {
  CelQuantity,
  listFunctions,
  quantityFunctions,
  setFunctions,
  SetsNamespace,
  stringFunctions,
} from './cel-functions.ts';
import { escapeName, resourceProperties } from './cel-values.ts';
import type { JsonSchema } from './json-schema.ts';
import { valueSchema } from './json-schema.ts';

const quantityType = 'kubernetes.Quantity';

function newBase(): Environment {
  const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false });
  environment.registerType(quantityType, { ctor: CelQuantity, fields: {} });
  const same = (a: CelQuantity, b: CelQuantity): boolean => quantityFunctions[compareTo]?.(a, b) === 0n;
  environment.registerOperator(`${quantityType} == ${quantityType}`, same);
  environment.registerType('SetsNamespace', { ctor: SetsNamespace, fields: {} });
  environment.registerConstant('sets', 'SetsNamespace', new SetsNamespace());
  const functions = { ...quantityFunctions, ...stringFunctions, ...listFunctions, ...setFunctions };
  for (const [signature, handler] of Object.entries(functions))
    environment.registerFunction(signature, handler);
  return environment;
}

const compareTo = `${quantityType}.compareTo(${quantityType}): int`;
const base = newBase();

/** Where rules run: values carry their types with them. */
export const runtime: Environment = base
  .clone()
  .registerVariable('self', 'dyn')
  .registerVariable('oldSelf', 'dyn');

/**
 * Where rules are checked when a CRD is written: `self` has the type of the schema, so that a name that the schema
 * does not have, or a comparison of two types, is an error.
 */
export function typedEnvironment(
  schema: JsonSchema,
  options: { isResource: boolean; optionalOldSelf: boolean },
): Environment {
  const environment = base.clone();
  const type = new TypeNames(environment).of(schema, options.isResource) ?? 'dyn';
  const old = options.optionalOldSelf ? `optional<${type}>` : type;
  return environment.registerVariable('self', type).registerVariable('oldSelf', old);
}

const formatTypes: Readonly<Record<string, string>> = {
  'date-time': 'google.protobuf.Timestamp',
  date: 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
  byte: 'bytes',
};
const simpleTypes: Readonly<Record<string, string>> = { integer: 'int', number: 'double', boolean: 'bool' };

/** Gives each object of a schema a type of its own. What has no type (it may be anything) rules do not see. */
class TypeNames {
  readonly #environment: Environment;
  #count = 0;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  of(schema: JsonSchema | undefined, isResource = false): string | undefined {
    if (schema === undefined) return undefined;
    if (schema['x-kubernetes-int-or-string'] === true) return 'dyn';
    const type = this.#typed(schema, isResource);
    return type !== undefined && schema.nullable === true ? 'dyn' : type;
  }

  #typed(schema: JsonSchema, isResource: boolean): string | undefined {
    if (schema.type === 'string') return formatTypes[schema.format ?? ''] ?? 'string';
    if (schema.type === 'array') return this.#list(schema);
    if (schema.type === 'object') return this.#object(schema, isResource);
    return simpleTypes[schema.type ?? ''];
  }

  #list(schema: JsonSchema): string | undefined {
    const item = this.of(schema.items);
    return item === undefined ? undefined : `list<${item}>`;
  }

  #object(schema: JsonSchema, isResource: boolean): string | undefined {
    const properties = resourceProperties(schema, isResource);
    if (properties === undefined && schema.additionalProperties !== undefined) {
      const value = this.of(valueSchema(schema));
      return value === undefined ? undefined : `map<string, ${value}>`;
    }
    const fields: Record<string, string> = {};
    for (const [key, each] of Object.entries(properties ?? {})) {
      const type = this.of(each);
      if (type !== undefined) fields[escapeName(key)] = type;
    }
    const name = `Object${this.#count++}`;
    this.#environment.registerType(name, { fields });
    this.#environment.registerOperator(`${name} == ${name}`, () => false);
    return name;
  }
}
