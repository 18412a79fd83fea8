import {
  compareQuantity,
  formatQuantity,
  milliValue,
  parseQuantity,
  quantityToNumber,
  QuantityError,
  wholeValue,
} from '../../../lib/quantity.ts';
import type { Quantity } from '../../../lib/quantity.ts';
import { goRegExp } from './go-regexp.ts';

/**
 * The functions that Kubernetes adds to CEL and that the CEL library does not have, by signature.
 * https://kubernetes.io/docs/reference/using-api/cel/ names them all; left out are IP, CIDR, URL, semver,
 * and macros with two variables; `matches` is the library's, whose patterns are JavaScript's.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the signature, which the library checks, is the type
export type CelFunction = (...args: any[]) => unknown;

/** A quantity as a CEL value. */
export class CelQuantity {
  readonly value: Quantity;

  constructor(value: Quantity) {
    this.value = value;
  }
}

const quantityType = 'kubernetes.Quantity';
const quantityPattern = '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$';

function quantity(text: string): CelQuantity {
  try {
    return new CelQuantity(parseQuantity(text));
  } catch (error) {
    if (!(error instanceof QuantityError)) throw error;
    throw new Error(`quantities must match the regular expression '${quantityPattern}'`, { cause: error });
  }
}

function isQuantity(text: string): boolean {
  try {
    parseQuantity(text);
    return true;
  } catch (error) {
    if (!(error instanceof QuantityError)) throw error;
    return false;
  }
}

const toQuantity = (value: bigint | CelQuantity): CelQuantity =>
  typeof value === 'bigint' ? quantity(String(value)) : value;
const compare = (a: CelQuantity, b: CelQuantity): number => compareQuantity(a.value, b.value);

function add(a: CelQuantity, b: CelQuantity, sign: 1n | -1n): CelQuantity {
  const exponent = Math.min(a.value.exponent, b.value.exponent);
  const scaled = ({ value }: CelQuantity): bigint =>
    value.unscaled * 10n ** BigInt(value.exponent - exponent);
  return new CelQuantity({ ...a.value, unscaled: scaled(a) + sign * scaled(b), exponent });
}

function isInteger({ value }: CelQuantity): boolean {
  return (
    milliValue(value) === wholeValue(value) * 1000n &&
    value.unscaled % 10n ** BigInt(Math.max(-value.exponent, 0)) === 0n
  );
}

function asInteger(each: CelQuantity): bigint {
  if (isInteger(each)) return wholeValue(each.value);
  throw new Error(`cannot convert value to integer: ${formatQuantity(each.value)}`);
}

export const quantityFunctions: Readonly<Record<string, CelFunction>> = {
  [`quantity(string): ${quantityType}`]: quantity,
  'isQuantity(string): bool': isQuantity,
  [`${quantityType}.isGreaterThan(${quantityType}): bool`]: (a: CelQuantity, b: CelQuantity) =>
    compare(a, b) > 0,
  [`${quantityType}.isLessThan(${quantityType}): bool`]: (a: CelQuantity, b: CelQuantity) =>
    compare(a, b) < 0,
  [`${quantityType}.compareTo(${quantityType}): int`]: (a: CelQuantity, b: CelQuantity) =>
    BigInt(compare(a, b)),
  [`${quantityType}.sign(): int`]: (a: CelQuantity) => BigInt(compare(a, quantity('0'))),
  [`${quantityType}.isInteger(): bool`]: isInteger,
  [`${quantityType}.asInteger(): int`]: asInteger,
  [`${quantityType}.asApproximateFloat(): double`]: (a: CelQuantity) => quantityToNumber(a.value),
  ...Object.fromEntries(
    [quantityType, 'int'].flatMap((other) => [
      [
        `${quantityType}.add(${other}): ${quantityType}`,
        (a: CelQuantity, b: CelQuantity | bigint): CelQuantity => add(a, toQuantity(b), 1n),
      ],
      [
        `${quantityType}.sub(${other}): ${quantityType}`,
        (a: CelQuantity, b: CelQuantity | bigint): CelQuantity => add(a, toQuantity(b), -1n),
      ],
    ]),
  ),
};

export const stringFunctions: Readonly<Record<string, CelFunction>> = {
  'string.charAt(int): string': charAt,
  'string.replace(string, string): string': (text: string, from: string, to: string) =>
    text.replaceAll(from, to),
  'string.replace(string, string, int): string': replaceSome,
  'string.reverse(): string': (text: string) => Array.from(text).reverse().join(''),
  'string.find(string): string': (text: string, pattern: string) => goRegExp(pattern).exec(text)?.[0] ?? '',
  'string.findAll(string): list<string>': (text: string, pattern: string) => findAll(text, pattern),
  'string.findAll(string, int): list<string>': (text: string, pattern: string, limit: bigint) =>
    limit < 0n ? findAll(text, pattern) : findAll(text, pattern).slice(0, Number(limit)),
  'string.format(list): string': format,
};

function charAt(text: string, index: bigint): string {
  const characters = Array.from(text);
  if (index < 0n || index > characters.length) throw new Error(`index out of range: ${index}`);
  return characters[Number(index)] ?? '';
}

function replaceSome(text: string, from: string, to: string, most: bigint): string {
  if (most < 0n) return text.replaceAll(from, to);
  const parts = text.split(from);
  const cut = Math.min(Number(most), parts.length - 1);
  return [parts.slice(0, cut + 1).join(to), ...parts.slice(cut + 1)].join(from);
}

function findAll(text: string, pattern: string): string[] {
  const expression = goRegExp(pattern);
  return Array.from(text.matchAll(new RegExp(expression, `${expression.flags}g`)), ([match]) => match);
}

/** `%s`, `%d`, `%f` (with a precision) and `%%`: what messages use of CEL's string.format. */
function format(text: string, args: readonly unknown[]): string {
  let next = 0;
  return text.replace(/%(?:\.(\d+))?([sdf%])/g, (_, precision: string | undefined, verb: string) => {
    if (verb === '%') return '%';
    if (next >= args.length) throw new Error(`index ${next} out of range`);
    const value = args[next++];
    return verb === 'f' ? Number(value).toFixed(Number(precision ?? 6)) : formatArgument(value);
  });
}

function formatArgument(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatArgument).join(', ')}]`;
  if (value instanceof CelQuantity) return formatQuantity(value.value);
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z');
  return String(value);
}

type Comparable = bigint | number | string | boolean | Date;

export const listFunctions: Readonly<Record<string, CelFunction>> = {
  'list<int>.sum(): int': (list: readonly bigint[]) => list.reduce((sum, each) => sum + each, 0n),
  'list<double>.sum(): double': (list: readonly number[]) => list.reduce((sum, each) => sum + each, 0),
  'list<T>.min(): T': (list: readonly Comparable[]) => extreme(list, 'min', (a, b) => a < b),
  'list<T>.max(): T': (list: readonly Comparable[]) => extreme(list, 'max', (a, b) => a > b),
  'list.isSorted(): bool': (list: readonly Comparable[]) =>
    list.every((each, index) => index === 0 || (list[index - 1] ?? each) <= each),
  'list<T>.indexOf(T): int': (list: readonly unknown[], each: unknown) => BigInt(list.indexOf(each)),
  'list<T>.lastIndexOf(T): int': (list: readonly unknown[], each: unknown) => BigInt(list.lastIndexOf(each)),
};

function extreme(
  list: readonly Comparable[],
  name: string,
  isBetter: (a: Comparable, b: Comparable) => boolean,
): Comparable {
  const [first, ...rest] = list;
  if (first === undefined) throw new Error(`${name} called on empty list`);
  return rest.reduce((best, each) => (isBetter(each, best) ? each : best), first);
}

/** What `sets` stands for in an expression. */
export class SetsNamespace {
  readonly name = 'sets';
}

const includesAll = (list: readonly unknown[], wanted: readonly unknown[]): boolean =>
  wanted.every((each) => list.includes(each));

export const setFunctions: Readonly<Record<string, CelFunction>> = {
  'SetsNamespace.contains(list, list): bool': (
    _: SetsNamespace,
    list: readonly unknown[],
    wanted: readonly unknown[],
  ) => includesAll(list, wanted),
  'SetsNamespace.equivalent(list, list): bool': (
    _: SetsNamespace,
    a: readonly unknown[],
    b: readonly unknown[],
  ) => includesAll(a, b) && includesAll(b, a),
  'SetsNamespace.intersects(list, list): bool': (
    _: SetsNamespace,
    a: readonly unknown[],
    b: readonly unknown[],
  ) => a.some((each) => b.includes(each)),
};
