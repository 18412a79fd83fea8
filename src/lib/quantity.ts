/**
 * Kubernetes resource quantities (`250m`, `1.5Gi`, `2e3`): exact values, as `resource.Quantity` of apimachinery
 * reads, rounds and prints them.
 */

export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

/** An exact value: `unscaled * 10^exponent`. */
export interface Quantity {
  readonly unscaled: bigint;
  readonly exponent: number;
  readonly format: QuantityFormat;
  /** Upstream holds it beyond int64; it then rounds negative values in another direction. */
  readonly wide: boolean;
}

/** The text is not a quantity. The message names it and says what is allowed. */
export class QuantityError extends Error {
  override readonly name = 'QuantityError';
}

const decimalExponents: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const decimalSuffixes = new Map(
  Object.entries(decimalExponents).map(([suffix, exponent]) => [exponent, suffix]),
);
const binaryExponents: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const binarySuffixes = ['', ...Object.keys(binaryExponents)];

const smallestExponent = -9;
/** Beyond it no real resource goes; the arithmetic would only eat time and memory. */
const largestExponent = 1000;
const maxInt64 = 2n ** 63n - 1n;

const pattern = /^([+-]?)(\d*)(?:\.(\d*))?([eE][+-]?\d+|[KMGTPE]i|[numkMGTPE]|)$/;

/**
 * Reads a quantity. Digits below one nano are rounded away from zero; a binary value is capped at 2^63-1.
 * @throws QuantityError when the text is not a quantity
 */
export function parseQuantity(text: string): Quantity {
  const [, sign, whole, fraction = '', suffix] = pattern.exec(text) ?? [];
  if (text === '' || sign === undefined || whole === undefined || suffix === undefined) throw invalid(text);
  const digits = { negative: sign === '-', whole: whole.replace(/^0+/, ''), fraction };
  const binary = binaryExponents[suffix];
  if (binary !== undefined) return binaryQuantity(digits, binary);
  const exponential = suffix.length > 1;
  const exponent = exponential ? Number(suffix.slice(1)) : (decimalExponents[suffix] ?? 0);
  if (exponent > largestExponent)
    throw new QuantityError(
      `quantity ${JSON.stringify(text)} is too large: exponents end at ${largestExponent}`,
    );
  return decimalQuantity(digits, exponent, exponential ? 'DecimalExponent' : 'DecimalSI');
}

interface Digits {
  readonly negative: boolean;
  readonly whole: string;
  readonly fraction: string;
}

function invalid(text: string): QuantityError {
  return new QuantityError(
    `${JSON.stringify(text)} is not a quantity: use a number with an optional suffix, such as 250m, 2, 1.5k, 128Mi or 1e3`,
  );
}

function decimalQuantity(digits: Digits, suffixExponent: number, format: QuantityFormat): Quantity {
  const magnitude = BigInt(digits.whole + digits.fraction || '0');
  const exponent = suffixExponent - digits.fraction.length;
  const length = Math.max(digits.whole.length, 1) + digits.fraction.length;
  if (length <= 18 && exponent >= smallestExponent) {
    return { unscaled: signed(digits, magnitude), exponent, format, wide: false };
  }
  return {
    unscaled: signed(digits, toNano(magnitude, exponent)),
    exponent: smallestExponent,
    format,
    wide: true,
  };
}

function binaryQuantity(digits: Digits, power: number): Quantity {
  const magnitude = BigInt(digits.whole + digits.fraction || '0') << BigInt(power);
  const wideness = 14 - Math.max(digits.whole.length, 1) - Math.floor((power * 3) / 10);
  if (digits.fraction === '' && wideness >= 0) {
    return { unscaled: signed(digits, magnitude), exponent: 0, format: 'BinarySI', wide: false };
  }
  const cap = maxInt64 * 10n ** 9n;
  const nano = toNano(magnitude, -digits.fraction.length);
  return {
    unscaled: signed(digits, nano > cap ? cap : nano),
    exponent: smallestExponent,
    format: nano < 10n ** 9n ? 'DecimalSI' : 'BinarySI',
    wide: true,
  };
}

function signed(digits: Digits, magnitude: bigint): bigint {
  return digits.negative ? -magnitude : magnitude;
}

/** A magnitude in billionths, rounded up, so that no request for a little becomes a request for nothing. */
function toNano(magnitude: bigint, exponent: number): bigint {
  const shift = exponent - smallestExponent;
  if (shift >= 0) return magnitude * 10n ** BigInt(shift);
  if (magnitude === 0n) return 0n;
  if (-shift > magnitude.toString().length) return 1n;
  const divisor = 10n ** BigInt(-shift);
  return (magnitude + divisor - 1n) / divisor;
}

/** A quantity of so many thousandths, as `resource.NewMilliQuantity`. */
export function quantityFromMilli(milli: bigint, format: QuantityFormat = 'DecimalSI'): Quantity {
  return { unscaled: milli, exponent: -3, format, wide: false };
}

/** The value in thousandths, rounded away from zero (negative values beyond int64 as upstream rounds them). */
export function milliValue(quantity: Quantity): bigint {
  return scaledValue(quantity, -3);
}

/** The value in whole units, rounded as milliValue rounds. */
export function wholeValue(quantity: Quantity): bigint {
  return scaledValue(quantity, 0);
}

function scaledValue({ unscaled, exponent, wide }: Quantity, scale: number): bigint {
  const shift = exponent - scale;
  if (shift >= 0) return unscaled * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  const truncated = unscaled / divisor;
  if (truncated * divisor === unscaled) return truncated;
  if (unscaled > 0n) return truncated + 1n;
  return wide ? truncated + 1n : truncated - 1n;
}

/** The nearest double, computed as `AsApproximateFloat64` does, so that comparisons end alike. */
export function quantityToNumber({ unscaled, exponent }: Quantity): number {
  return exponent === 0 ? Number(unscaled) : Number(unscaled) * powerOfTen(exponent);
}

/** As Go's `math.Pow10`: from two tables, hence one rounding more beyond 1e32. */
function powerOfTen(exponent: number): number {
  if (exponent < 0) return Number(`1e${exponent}`);
  const low = exponent % 32;
  return Number(`1e${exponent - low}`) * Number(`1e${low}`);
}

/** Negative, zero or positive as `a` is smaller than, equal to or larger than `b`; formats play no part. */
export function compareQuantity(a: Quantity, b: Quantity): number {
  const scale = Math.min(a.exponent, b.exponent);
  const left = a.unscaled * 10n ** BigInt(a.exponent - scale);
  const right = b.unscaled * 10n ** BigInt(b.exponent - scale);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The canonical text: the largest suffix that keeps an integer, in the quantity's own format. */
export function formatQuantity(quantity: Quantity): string {
  if (quantity.unscaled === 0n) return '0';
  const binary = quantity.format === 'BinarySI' ? binaryText(quantity) : undefined;
  return binary ?? decimalText(quantity, quantity.format === 'DecimalExponent');
}

/**
 * The canonical text as it stands after one passage through an API server, which reads it back by its suffix:
 * 152,000,000 bytes in BinarySI print as `152000000`, and are a decimal `152M` from then on.
 */
export function formatAsStored(quantity: Quantity): string {
  return formatQuantity(parseQuantity(formatQuantity(quantity)));
}

/** Undefined where a binary suffix would hide digits: below 1024 and for fractions the decimal form is used. */
function binaryText({ unscaled, exponent }: Quantity): string | undefined {
  const divisor = 10n ** BigInt(Math.max(-exponent, 0));
  let value = (unscaled * 10n ** BigInt(Math.max(exponent, 0))) / divisor;
  if (exponent < 0 && value * divisor !== unscaled) return undefined;
  if (value > -1024n && value < 1024n) return undefined;
  let suffix = 0;
  while (value % 1024n === 0n && suffix < binarySuffixes.length - 1) {
    value /= 1024n;
    suffix += 1;
  }
  return `${value}${binarySuffixes[suffix] ?? ''}`;
}

function decimalText(quantity: Quantity, exponential: boolean): string {
  let { unscaled, exponent } = quantity;
  while (exponent % 3 !== 0) {
    unscaled *= 10n;
    exponent -= 1;
  }
  while (unscaled % 1000n === 0n && (exponential || exponent < 18)) {
    unscaled /= 1000n;
    exponent += 3;
  }
  if (exponential) return exponent === 0 ? String(unscaled) : `${unscaled}e${exponent}`;
  return `${unscaled}${decimalSuffixes.get(exponent) ?? ''}`;
}
