/** What the replay format's JSON Schema is put together from. `description` is what an error says was expected. */
export interface Schema {
  readonly description?: string;
  readonly [keyword: string]: unknown;
}

export const text: Schema = { type: 'string', description: 'text' };
export const number: Schema = { type: 'number', description: 'a number' };
export const trueOrFalse: Schema = { type: 'boolean', description: 'true or false' };
export const int32: Schema = {
  type: 'integer',
  minimum: -(2 ** 31),
  maximum: 2 ** 31 - 1,
  description: 'a whole number of at most 32 bits',
};
export const int64: Schema = { type: 'integer', description: 'a whole number' };
export const time: Schema = {
  type: 'string',
  format: 'time',
  description: 'a time in RFC 3339, such as "2030-01-01T00:00:15Z"',
};
export const duration: Schema = {
  type: 'string',
  format: 'duration',
  description: 'a duration such as "15s" or "1m0s"',
};
export const quantity: Schema = {
  quantity: true,
  description: 'a quantity: a number, or text such as "250m", "2" or "1.5Gi"',
};

export function listOf(items: Schema, description = 'a list'): Schema {
  return { type: 'array', items, description };
}

/** An object with any keys. */
export function mapOf(additionalProperties: Schema, description = 'an object'): Schema {
  return { type: 'object', additionalProperties, description };
}

/** An object with these fields; unknown ones are passed over. */
export function object(
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[] = [],
  description = 'an object',
): Schema {
  return { type: 'object', properties, required, description };
}

export function orNull(schema: Schema): Schema {
  const { type, description = '' } = schema;
  return { ...schema, type: [type, 'null'], description: `${description} or null` };
}

/** Where the condition holds, the field must be there. */
export function requiredIf(condition: Schema, field: string, schema: Schema): Schema {
  return { if: condition, then: { required: [field], properties: { [field]: schema } } };
}
