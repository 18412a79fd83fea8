import type { MetricIdentifier, ObjectReference } from './references.ts';
import type { AutoscalerStatus, Condition, MetricStatus } from './status.ts';

/**
 * Whether two statuses say the same: quantities by number, every word of the conditions, and nothing the same as
 * an empty list, as the API server does not tell those apart. A cold start is left out: the HPA has none, and by this is told when
 * it would write.
 */
export function sameStatus(a: AutoscalerStatus, b: AutoscalerStatus): boolean {
  return (
    (a.currentReplicas ?? 0) === (b.currentReplicas ?? 0) &&
    a.desiredReplicas === b.desiredReplicas &&
    a.lastScaleAtMs === b.lastScaleAtMs &&
    same(a.fallback, b.fallback) &&
    a.conditions.length === b.conditions.length &&
    a.conditions.every((condition, index) => sameCondition(condition, b.conditions[index])) &&
    sameMetrics(a.currentMetrics ?? [], b.currentMetrics ?? [])
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

function sameMetrics(a: readonly MetricStatus[], b: readonly MetricStatus[]): boolean {
  return a.length === b.length && a.every((metric, index) => sameMetric(metric, b[index]));
}

/** What metrics of any type may have. */
interface MetricFields {
  readonly type: MetricStatus['type'];
  readonly resource?: string;
  readonly container?: string;
  readonly averageMilli?: bigint;
  readonly averageUtilization?: number;
  readonly valueMilli?: bigint;
  readonly metric?: MetricIdentifier;
  readonly describedObject?: ObjectReference;
  readonly server?: string;
  readonly query?: string;
}

function sameMetric(a: MetricFields, b: MetricFields | undefined): boolean {
  return (
    a.type === b?.type &&
    a.resource === b.resource &&
    a.container === b.container &&
    a.averageMilli === b.averageMilli &&
    a.averageUtilization === b.averageUtilization &&
    a.valueMilli === b.valueMilli &&
    a.server === b.server &&
    a.query === b.query &&
    same(a.metric, b.metric) &&
    same(a.describedObject, b.describedObject)
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
