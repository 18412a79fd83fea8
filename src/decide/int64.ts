/**
 * The integers of upstream's arithmetic: int64 that wraps around and divides by cutting off. A plain number as
 * long as that is exact, a bigint beyond, since a decision adds up thousands of them and nearly all are small.
 */
export type Int64 = number | bigint;

export const maxInt32 = 2 ** 31 - 1;
export const maxInt64 = 2n ** 63n - 1n;

/** The smallest form of a bigint. */
export function int64(value: bigint): Int64 {
  const wrapped = BigInt.asIntN(64, value);
  return wrapped >= Number.MIN_SAFE_INTEGER && wrapped <= Number.MAX_SAFE_INTEGER ? Number(wrapped) : wrapped;
}

export function add(a: Int64, b: Int64): Int64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return int64(BigInt(a) + BigInt(b));
}

export function multiply(a: Int64, b: Int64): Int64 {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product;
  }
  return int64(BigInt(a) * BigInt(b));
}

/** Cuts the fraction off, toward zero. The divisor is not zero. */
export function divide(a: Int64, b: Int64): Int64 {
  if (typeof a === 'number' && typeof b === 'number') return (a - (a % b)) / b;
  return int64(BigInt(a) / BigInt(b));
}

/** The lower 32 bits, as Go converts int64 to int32. */
export function toInt32(value: Int64): number {
  return typeof value === 'number' && Math.abs(value) <= maxInt32
    ? value
    : Number(BigInt.asIntN(32, BigInt(value)));
}

/** A double rounded up to a replica count, at most 2^31-1. Not a number counts as nothing. */
export function ceilToReplicas(value: number): number {
  const replicas = Math.ceil(value);
  return replicas > maxInt32 ? maxInt32 : replicas < -maxInt32 ? -maxInt32 : replicas || 0;
}
