import type { FieldError } from '../field-error.ts';

export { forbiddenField as forbidden, required } from '../field-error.ts';

/** Causes as Kubernetes words them (`Invalid value: -1: must be ...`), one function a type. */

export function invalidValue(field: string, value: unknown, detail: string): FieldError {
  return { type: 'FieldValueInvalid', field, message: `Invalid value: ${goValue(value)}: ${detail}` };
}

export function typeInvalid(field: string, value: unknown, detail: string): FieldError {
  return { type: 'FieldValueTypeInvalid', field, message: `Invalid value: ${goValue(value)}: ${detail}` };
}

export function duplicate(field: string, value: unknown): FieldError {
  return { type: 'FieldValueDuplicate', field, message: `Duplicate value: ${goValue(value)}` };
}

export function notSupported(field: string, value: unknown, allowed: readonly unknown[]): FieldError {
  const texts = allowed.map((each) => JSON.stringify(typeof each === 'string' ? each : goJson(each)));
  const message = `Unsupported value: ${goValue(value)}: supported values: ${texts.join(', ')}`;
  return { type: 'FieldValueNotSupported', field, message };
}

export function tooMany(field: string, actual: number, most: number): FieldError {
  const items = most === 1 ? 'item' : 'items';
  const message = `Too many: ${actual}: must have at most ${most} ${items}`;
  return { type: 'FieldValueTooMany', field, message };
}

export function tooLong(field: string, most: number): FieldError {
  const bytes = most === 1 ? 'byte' : 'bytes';
  return { type: 'FieldValueTooLong', field, message: `Too long: may not be more than ${most} ${bytes}` };
}

/** A value inside a message: text in quotes, a number as Go prints it, anything else as Go marshals it. */
export function goValue(value: unknown): string {
  if (typeof value === 'number') return goNumber(value);
  return typeof value === 'string' ? JSON.stringify(value) : goJson(value);
}

/** An int64 in full; a float64 as `%v` has it: with an exponent, of two digits at least, below 1e-4 and from 1e6 on. */
function goNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 63) return String(value);
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  if (Number(exponent) >= -4 && Number(exponent) < 6) return String(value);
  return `${digits}e${exponent.charAt(0)}${exponent.slice(1).padStart(2, '0')}`;
}

const htmlEscapes: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' };

/** JSON as Go's encoder writes it: `<`, `>` and `&` escaped. */
function goJson(value: unknown): string {
  if (value === undefined) return 'null';
  return JSON.stringify(value).replace(/[<>&]/g, (each) => htmlEscapes[each] ?? each);
}
