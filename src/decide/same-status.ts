import type { AutoscalerStatus, Condition } from './snapshot.ts';

/**
 * Whether two statuses say the same: quantities by number, every word of the conditions, and nothing the same as
 * an empty list, as the API server does not tell those apart.
 */
export function sameStatus(a: AutoscalerStatus, b: AutoscalerStatus): boolean {
  return (
    (a.currentReplicas ?? 0) === (b.currentReplicas ?? 0) &&
    a.desiredReplicas === b.desiredReplicas &&
    a.lastScaleAtMs === b.lastScaleAtMs &&
    a.conditions.length === b.conditions.length &&
    a.conditions.every((condition, index) => sameCondition(condition, b.conditions[index])) &&
    same(a.currentMetrics, b.currentMetrics)
  );
}

/** Field by field, as there are several of them in every tick. */
function sameCondition(a: Condition, b: Condition | undefined): boolean {
  return (
    a === b ||
    (a.type === b?.type &&
      a.status === b.status &&
      a.reason === b.reason &&
      a.message === b.message &&
      a.lastTransitionAtMs === b.lastTransitionAtMs)
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
