import { flag, integer, isObject, isPresent, object, oneOf, text } from './checks.ts';
import type { FieldRule, Json, ObjectRule } from './checks.ts';
import { calendarDate, schedulesCheck } from './validate-schedules.ts';

const timeSyntax = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

function dateTime(value: string): string | undefined {
  const isTime =
    timeSyntax.test(value) &&
    calendarDate(value.slice(0, 'YYYY-MM-DD'.length)) === undefined &&
    !Number.isNaN(Date.parse(value.toUpperCase()));
  return isTime ? undefined : 'must be a time as RFC 3339 has it, such as 2026-12-24T18:00:00Z';
}

const suspend = object(
  {
    scaleUp: { check: flag },
    scaleDown: { check: flag },
    until: { check: text(64, dateTime) },
    reason: { check: text(512) },
  },
  (value, place) => {
    const { scaleUp, scaleDown } = value;
    const directions = [scaleUp, scaleDown].filter(isPresent);
    if (directions.length > 0 && directions.every((direction) => direction === false))
      place.invalid(value, 'scaleUp or scaleDown must be true, or both left out to hold back both');
  },
);

/** The fields of a spec that autoscaling/v2 does not have. */
export const ownFields = {
  mode: { check: oneOf('Active', 'DryRun', 'Paused') },
  suspend: { check: suspend },
  schedules: { check: schedulesCheck },
  podSelection: { check: oneOf('Owned', 'Selector') },
  syncPeriodSeconds: { check: integer({ min: 1, max: 300 }) },
  initializationPeriodSeconds: { check: integer({ min: 0, max: 3600 }) },
  readinessDelaySeconds: { check: integer({ min: 0, max: 3600 }) },
  onAllPodsUnready: { check: oneOf('Hold', 'StepUp') },
  requireFreshSamples: { check: flag },
} satisfies Readonly<Record<string, FieldRule>>;

const suspendNeedsPause: ObjectRule = ({ mode, suspend: given }, place) => {
  if (isPresent(given) && mode !== 'Paused')
    place.field('suspend').forbidden('may be set only when mode is Paused');
};

/** A rule of the largest of some counts, which stand where maxReplicas cannot be seen. */
function maxNotBelow(countsOf: (spec: Json) => readonly unknown[], of: string): ObjectRule {
  return (spec, place) => {
    const { maxReplicas } = spec;
    if (typeof maxReplicas !== 'number' || maxReplicas < 1) return;
    const largest = Math.max(0, ...countsOf(spec).filter((count) => typeof count === 'number'));
    if (largest > maxReplicas)
      place
        .field('maxReplicas')
        .invalid(maxReplicas, `must be greater than or equal to ${of}, the largest of which is ${largest}`);
  };
}

function objectsOf(list: unknown): readonly Json[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}

/** What relates these fields to others. */
export const ownRules: readonly ObjectRule[] = [
  maxNotBelow(
    ({ metrics }) =>
      objectsOf(metrics).map(({ onError }) => (isObject(onError) ? onError.replicas : undefined)),
    'onError.replicas of each metric',
  ),
  maxNotBelow(
    ({ schedules }) =>
      objectsOf(schedules).flatMap(({ minReplicas, maxReplicas, replicas }) => [
        minReplicas,
        maxReplicas,
        replicas,
      ]),
    'each count of schedules',
  ),
  suspendNeedsPause,
];
