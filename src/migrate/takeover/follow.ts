import { isDeepStrictEqual } from 'node:util';
import { keepsake, keptHpa, takenFrom, type Autoscaler, type HpaObject } from './scene.ts';
import { convertObject } from '../convert.ts';
import type { Json } from '../../api/checks.ts';
import { applyDefaults } from '../../api/defaults.ts';

/** What has become of a HorizontalPodAutoscaler since it was written down on the CustomAutoscaler. */
export interface Drift {
  /** Something of it changed: its spec, a label, an annotation. */
  readonly isNewer: boolean;
  /** The spec that the CustomAutoscaler has to have; its own fields and mode stay. */
  readonly spec: Autoscaler['spec'];
  /** Fields that were changed on both, each in another way. */
  readonly conflicts: readonly string[];
}

/**
 * Field by field, as in a merge of three: what changed on the HorizontalPodAutoscaler alone is taken over, what was changed on the
 * CustomAutoscaler alone stays.
 * @throws UserError when nothing readable was written down
 */
export function driftOf(hpa: HpaObject, autoscaler: Autoscaler): Drift {
  const kept = keptHpa(autoscaler);
  const [before, now] = [specOf(kept), specOf(hpa)];
  const ours = defaulted(autoscaler.spec);
  const changed = fieldsThatDiffer(before, now);
  const conflicts = changed.filter((field) => ![before, now].some((spec) => same(spec, ours, field)));
  const taken = changed.filter((field) => !conflicts.includes(field));
  const spec = { ...autoscaler.spec, ...Object.fromEntries(taken.map((field) => [field, now[field]])) };
  const isNewer = autoscaler.metadata.annotations?.[takenFrom] !== keepsake(hpa);
  return { isNewer, spec, conflicts };
}

/** The fields in which a CustomAutoscaler says something else than the HorizontalPodAutoscaler that it was made from. */
export function ownFields(autoscaler: Autoscaler): readonly string[] {
  const ours = defaulted(autoscaler.spec);
  return fieldsThatDiffer(specOf(keptHpa(autoscaler)), ours).filter(
    (field) => field !== 'mode' && field !== 'suspend',
  );
}

/** As a CustomAutoscaler would say it. */
function specOf(hpa: HpaObject | undefined): Json {
  const converted = hpa && convertObject(hpa);
  const spec = converted?.ok === true ? converted.object?.spec : undefined;
  return spec === undefined ? {} : defaulted(spec);
}

const defaulted = (spec: Autoscaler['spec']): Json => applyDefaults(spec) as unknown as Json;

function fieldsThatDiffer(one: Json, other: Json): string[] {
  const fields = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...fields].filter((field) => !same(one, other, field));
}

function same(one: Json, other: Json, field: string): boolean {
  return isDeepStrictEqual(one[field], other[field]);
}
