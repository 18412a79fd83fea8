/** A problem with one field, ready to be a cause in a Status. */
export interface FieldError {
  readonly type:
    | 'FieldValueInvalid'
    | 'FieldValueRequired'
    | 'FieldValueNotSupported'
    | 'FieldValueTooMany'
    | 'FieldValueTooLong'
    | 'FieldValueTypeInvalid'
    | 'FieldValueDuplicate'
    | 'FieldValueForbidden'
    | 'FieldValueNotFound';
  /** A path: `spec.template.spec.containers[0].name`. */
  readonly field: string;
  /** The cause's whole text, without the path: `Invalid value: -1: must be greater than or equal to 0`. */
  readonly message: string;
}

/** As Go prints a value in a message: JSON. */
export function quote(value: unknown): string {
  return value === undefined ? 'null' : JSON.stringify(value);
}

export const required = (field: string, text = ''): FieldError => ({
  type: 'FieldValueRequired',
  field,
  message: text === '' ? 'Required value' : `Required value: ${text}`,
});

export const invalidValue = (field: string, value: unknown, text: string): FieldError => ({
  type: 'FieldValueInvalid',
  field,
  message: `Invalid value: ${quote(value)}: ${text}`,
});

export const duplicate = (field: string, value: unknown): FieldError => ({
  type: 'FieldValueDuplicate',
  field,
  message: `Duplicate value: ${quote(value)}`,
});

export const forbiddenField = (field: string, text: string): FieldError => ({
  type: 'FieldValueForbidden',
  field,
  message: `Forbidden: ${text}`,
});

/** `supported` in the order in which Kubernetes prints it. */
export const notSupported = (field: string, value: unknown, supported: readonly string[]): FieldError => ({
  type: 'FieldValueNotSupported',
  field,
  message: `Unsupported value: ${quote(value)}: supported values: ${supported.map(quote).join(', ')}`,
});

export const tooLong = (field: string, text: string): FieldError => ({
  type: 'FieldValueTooLong',
  field,
  message: `Too long: ${text}`,
});

export const immutable = (field: string, value: unknown): FieldError =>
  invalidValue(field, value, 'field is immutable');
