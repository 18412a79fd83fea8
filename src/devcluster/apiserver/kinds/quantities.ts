import { formatQuantity, parseQuantity, QuantityError } from '../../../lib/quantity.ts';
import { DecodeError } from '../errors.ts';
import { child } from '../json.ts';
import type { JsonObject } from '../json.ts';

/** `1000m` is `1`, `0.5Gi` is `512Mi`: built-in kinds print quantities in their canonical form. @throws DecodeError */
export function canonicalQuantity(value: unknown): unknown {
  if (typeof value !== 'string' && typeof value !== 'number') return value;
  try {
    return formatQuantity(parseQuantity(String(value)));
  } catch (error) {
    if (!(error instanceof QuantityError)) throw error;
    const form = "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    throw new DecodeError(`quantities must match the regular expression ${form}`, { cause: error });
  }
}

/** Makes every quantity in these maps of an object canonical. @throws DecodeError */
export function canonicalQuantities(parent: JsonObject, maps: readonly string[]): void {
  for (const name of maps) {
    const map = child(parent, name);
    for (const [key, value] of Object.entries(map)) map[key] = canonicalQuantity(value);
  }
}
