import { convertObject } from './convert.ts';
import type { Manifest } from './manifests.ts';
import type { Remark } from './remarks.ts';
import { isObject, type Json } from '../api/checks.ts';
import type { CustomAutoscaler } from '../api/generated/custom-autoscaler.ts';
import { UserError } from '../lib/errors.ts';

/** An autoscaler of an input, and what became of it. */
export interface Converted {
  /** `ScaledObject shop/orders (so.yaml, document 2)` */
  readonly title: string;
  readonly origin: string;
  /** Absent where nothing of it can be kept. */
  readonly object?: CustomAutoscaler;
  readonly remarks: readonly Remark[];
}

/**
 * Converts every autoscaler among the manifests; objects of other kinds are passed over.
 * @throws UserError when one of them is wrong, with all that is wrong with all of them
 */
export function convertManifests(manifests: readonly Manifest[]): Converted[] {
  const converted: Converted[] = [];
  const wrong: string[] = [];
  for (const { origin, object } of manifests) {
    const conversion = convertObject(object);
    if (conversion === undefined) continue;
    const title = `${nameOf(object)} (${origin})`;
    if (conversion.ok) converted.push({ ...conversion, title, origin });
    else wrong.push(...conversion.problems.map(({ message }) => `${origin}, ${nameOf(object)}: ${message}`));
  }
  if (wrong.length > 0) throw new UserError(wrong.join('; '));
  return converted;
}

function nameOf({ kind, metadata }: Json): string {
  const { namespace, name } = isObject(metadata) ? metadata : {};
  const words = [namespace, name].filter((word) => typeof word === 'string');
  return `${String(kind)} ${words.length > 0 ? words.join('/') : 'without a name'}`;
}
