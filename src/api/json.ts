import type { ResourceList, WireQuantity } from './types.ts';
import { milliValue, parseQuantity } from '../lib/quantity.ts';
import { remember } from '../lib/remember.ts';

type UndefinedKeys<T> = { [K in keyof T]: undefined extends T[K] ? K : never }[keyof T];

/** T, where a key that may be undefined is a key that may be absent. */
export type Defined<T> = { [K in Exclude<keyof T, UndefinedKeys<T>>]: T[K] } & {
  [K in UndefinedKeys<T>]?: Exclude<T[K], undefined>;
};

/** The object without the keys whose value is undefined; itself where there are none, since this runs once a pod and tick. */
export function defined<T extends object>(object: T): Defined<T> {
  for (const key in object) if (object[key] === undefined) return withoutUndefined(object);
  return object;
}

function withoutUndefined<T extends object>(object: T): Defined<T> {
  const present: Partial<T> = {};
  for (const key in object) if (object[key] !== undefined) present[key] = object[key];
  return present as Defined<T>;
}

/** The value without the keys that hold null, at any depth: null counts as absent on the wire. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const present = Object.entries(value).filter(([, one]) => one !== null);
  return Object.fromEntries(present.map(([key, one]) => [key, withoutNulls(one)]));
}

/** Go's zero time, which an absent timestamp is to upstream. */
const zeroTimeMs = Date.parse('0001-01-01T00:00:00Z');

/** RFC 3339 -> milliseconds since 1970; an absent or unreadable time is Go's zero time, as upstream reads it. */
export function timeMs(text: string | null | undefined): number {
  return text === undefined || text === null ? zeroTimeMs : readTime(text);
}

const readTime = remember((text) => {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? zeroTimeMs : ms;
});

/** Milliseconds since 1970 -> RFC 3339 in whole seconds, rounded down, as metav1.Time is written. */
export function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -'.000Z'.length)}Z`;
}

/** Milliseconds since 1970 -> RFC 3339 with all of them, for what is compared after it is read again. */
export function exactTimeText(ms: number): string {
  return new Date(ms).toISOString();
}

/**
 * Thousandths of a quantity on the wire, rounded away from zero; an absent one is 0, as in Go.
 * @throws QuantityError
 */
export function milli(quantity: WireQuantity | undefined): bigint {
  return quantity === undefined ? 0n : readMilli(String(quantity));
}

const readMilli = remember((text) => milliValue(parseQuantity(text)));
const readMilliNumber = remember((text) => Number(readMilli(text)));

/**
 * A resource list in milli units. Exact up to 2^53, which is 8 TiB of memory.
 * @throws QuantityError
 */
export function milliResources(list: ResourceList | null | undefined): Record<string, number> {
  const milliUnits: Record<string, number> = {};
  for (const resource in list) milliUnits[resource] = readMilliNumber(String(list[resource]));
  return milliUnits;
}
