import type { Place } from './problems.ts';
import { compareQuantity, parseQuantity, QuantityError } from '../lib/quantity.ts';
import type { Quantity } from '../lib/quantity.ts';

/** Looks at a value that is there (neither undefined nor null) and reports what is wrong with it. */
export type Check = (value: unknown, place: Place) => void;

export type Json = Readonly<Record<string, unknown>>;

/** Null counts as absent, as on the wire. */
export function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface FieldRule {
  readonly check: Check;
  /** What to say when the field is absent; without it the field is optional. */
  readonly required?: string;
}

/** An object with these fields, then, if it is one, the rules that relate them. Unknown fields are passed over. */
export function object(fields: Readonly<Record<string, FieldRule>>, ...relations: ObjectRule[]): Check {
  return (value, place) => {
    if (!isObject(value)) {
      place.invalid(value, 'must be an object');
      return;
    }
    for (const [name, { check, required }] of Object.entries(fields)) {
      const field = value[name];
      if (isPresent(field)) check(field, place.field(name));
      else if (required !== undefined) place.field(name).required(required);
    }
    for (const relation of relations) relation(value, place);
  };
}

export type ObjectRule = (value: Json, place: Place) => void;

export function list(item: Check, { min = 0, max }: { min?: number; max: number }): Check {
  return (value, place) => {
    if (!Array.isArray(value)) place.invalid(value, 'must be a list');
    else if (value.length < min) place.required(`must have at least ${min} item`);
    else if (value.length > max) place.invalid(value.length, `must have at most ${max} items`);
    else for (const [index, one] of value.entries()) item(one, place.item(index));
  };
}

/** An object with any keys. */
export function mapOf(check: Check, max = Infinity): Check {
  return (value, place) => {
    if (!isObject(value)) place.invalid(value, 'must be an object');
    else if (Object.keys(value).length > max)
      place.invalid(Object.keys(value).length, `must have at most ${max} entries`);
    else for (const [key, one] of Object.entries(value)) check(one, place.field(key));
  };
}

const maxInt32 = 2 ** 31 - 1;

export function integer({ min, max = maxInt32 }: { min: number; max?: number }): Check {
  return (value, place) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) place.invalid(value, 'must be an integer');
    else if (value < min) place.invalid(value, `must be greater than or equal to ${min}`);
    else if (value > max) place.invalid(value, `must be less than or equal to ${max}`);
  };
}

export const flag: Check = (value, place) => {
  if (typeof value !== 'boolean') place.invalid(value, 'must be true or false');
};

export function oneOf(...supported: readonly string[]): Check {
  return (value, place) => {
    if (typeof value !== 'string') place.invalid(value, 'must be a string');
    else if (!supported.includes(value)) place.unsupported(value, supported);
  };
}

/** Text of a length, with rules: each returns what is wrong, or undefined. */
export function text(maxLength: number, ...rules: ((value: string) => string | undefined)[]): Check {
  return (value, place) => {
    if (typeof value !== 'string') place.invalid(value, 'must be a string');
    else if (value.length > maxLength) place.invalid(value, `must have at most ${maxLength} characters`);
    else
      for (const rule of rules) {
        const wrong = rule(value);
        if (wrong !== undefined) place.invalid(value, wrong);
      }
  };
}

/** Text that must be there: the empty one counts as absent. */
export function nonEmpty(check: Check, required: string): Check {
  return (value, place) => {
    if (value === '') place.required(required);
    else check(value, place);
  };
}

/** A name that becomes a part of a URL. */
export function pathSegment(value: string): string | undefined {
  if (value === '.' || value === '..') return `may not be '${value}'`;
  const wrong = ['/', '%'].find((character) => value.includes(character));
  return wrong === undefined ? undefined : `may not contain '${wrong}'`;
}

export function matching(pattern: RegExp, detail: string): (value: string) => string | undefined {
  return (value) => (pattern.test(value) ? undefined : detail);
}

const zero = parseQuantity('0');
const maxQuantityLength = 64;

export const positiveQuantity = quantity(
  (value) => compareQuantity(value, zero) > 0,
  'must be greater than 0',
);

export const nonNegativeQuantity = quantity(
  (value) => compareQuantity(value, zero) >= 0,
  'must be greater than or equal to 0',
);

function quantity(allowed: (value: Quantity) => boolean, detail: string): Check {
  return (value, place) => {
    if (typeof value !== 'string' && typeof value !== 'number') {
      place.invalid(value, 'must be a quantity: a number, or text such as "500m" or "100Mi"');
      return;
    }
    try {
      const tooLong = String(value).length > maxQuantityLength;
      if (tooLong) place.invalid(value, `must have at most ${maxQuantityLength} characters`);
      else if (!allowed(parseQuantity(String(value)))) place.invalid(value, detail);
    } catch (error) {
      if (!(error instanceof QuantityError)) throw error;
      place.invalid(value, 'must be a quantity, such as "500m", "2", "100Mi" or "1e3"');
    }
  };
}
