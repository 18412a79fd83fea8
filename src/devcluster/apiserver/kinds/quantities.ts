import { formatQuantity, parseQuantity } from '../../../lib/quantity.ts';
import { child } from '../json.ts';
import type { JsonObject } from '../json.ts';

/** `1000m` is `1`, `0.5Gi` is `512Mi`: built-in kinds print quantities in their canonical form. */
export function canonicalQuantity(value: unknown): unknown {
  if (typeof value !== 'string' && typeof value !== 'number') return value;
  return formatQuantity(parseQuantity(String(value)));
}

/** Makes every quantity in these maps of an object canonical. @throws QuantityError */
export function canonicalQuantities(parent: JsonObject, maps: readonly string[]): void {
  for (const name of maps) {
    const map = child(parent, name);
    for (const [key, value] of Object.entries(map)) map[key] = canonicalQuantity(value);
  }
}
