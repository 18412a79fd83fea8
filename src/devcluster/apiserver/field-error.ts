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
    | 'FieldValueForbidden';
  /** A path: `spec.template.spec.containers[0].name`. */
  readonly field: string;
  /** The cause's whole text, without the path: `Invalid value: -1: must be greater than or equal to 0`. */
  readonly message: string;
}
