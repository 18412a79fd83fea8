import { formatQuantity, quantityFromMilli } from '../lib/quantity.ts';
import type { QuantityFormat } from '../lib/quantity.ts';

/** Up to so many digits a value is told exactly. */
const maxDigits = 4;

const scales = {
  BinarySI: { base: 1024, suffixes: ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] },
  DecimalSI: { base: 1000, suffixes: ['', 'k', 'M', 'G', 'T', 'P', 'E'] },
} as const;

/**
 * A quantity for people: as Kubernetes writes it where that is short (`235m`, `512Mi`), else to the nearest tenth of the largest
 * unit that it reaches: 32,968,617 bytes are `31.4Mi`. Values that differ by less than that may read alike.
 */
export function readableQuantity(milli: bigint, format: Exclude<QuantityFormat, 'DecimalExponent'>): string {
  const exact = formatQuantity(quantityFromMilli(milli, format));
  if (exact.replaceAll(/\D/g, '').length <= maxDigits) return exact;
  const { base, suffixes } = scales[format];
  let value = Number(milli) / 1000;
  let unit = 0;
  while (Math.abs(toTenth(value)) >= base && unit < suffixes.length - 1) {
    value /= base;
    unit += 1;
  }
  return `${toTenth(value)}${suffixes[unit] ?? ''}`;
}

function toTenth(value: number): number {
  return Math.round(value * 10) / 10;
}
