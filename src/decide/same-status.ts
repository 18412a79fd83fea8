import type { AutoscalerStatus } from './snapshot.ts';

/**
 * Whether two statuses say the same: quantities by number, every word of the conditions, and nothing the same as
 * an empty list, as the API server does not tell those apart.
 */
export function sameStatus(a: AutoscalerStatus, b: AutoscalerStatus): boolean {
  return (
    (a.currentReplicas ?? 0) === (b.currentReplicas ?? 0) &&
    same({ ...a, currentReplicas: 0 }, { ...b, currentReplicas: 0 })
  );
}

function same(a: unknown, b: unknown): boolean {
  if (a === b || (isEmpty(a) && isEmpty(b))) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  return sameEntries(a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>);
}

function sameEntries(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  for (const key in a) if (!same(a[key], b[key])) return false;
  for (const key in b) if (!(key in a) && !isEmpty(b[key])) return false;
  return true;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'object') return false;
  for (const _ in value) return false;
  return true;
}
