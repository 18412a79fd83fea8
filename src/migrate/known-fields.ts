import type { Remarks } from './remarks.ts';
import { isObject, isPresent, type Json } from '../api/checks.ts';

/** The fields of an object that are known: `any` is taken as it is, a list has one shape for all of its items. */
export type Shape = 'any' | { readonly [field: string]: Shape } | readonly [Shape];

/**
 * The value without the fields that the shape does not know, each of which leaves a remark; nulls count as absent. The others come in
 * the order of the shape: an API server may give them in the order of the alphabet.
 */
export function pickKnown(value: unknown, shape: Shape, path: string, remarks: Remarks): unknown {
  if (shape === 'any') return value;
  if (isList(shape)) {
    if (!Array.isArray(value)) return value;
    return value.map((item, index) => pickKnown(item, shape[0], `${path}[${index}]`, remarks));
  }
  if (!isObject(value)) return value;
  const kept: Record<string, unknown> = {};
  for (const [field, one] of Object.entries(value)) {
    const known = Object.hasOwn(shape, field) ? shape[field] : undefined;
    if (!isPresent(one)) continue;
    if (known === undefined) remarks.notKept(`${path}.${field}`, 'this version of the API has no such field');
    else kept[field] = pickKnown(one, known, `${path}.${field}`, remarks);
  }
  return inOrder(kept, Object.keys(shape));
}

/** With its fields in this order; those that are not named come last. */
export function inOrder(record: Json, fields: readonly string[]): Json {
  const known = fields.filter((field) => Object.hasOwn(record, field));
  return { ...Object.fromEntries(known.map((field) => [field, record[field]])), ...record };
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

const reference: Shape = { apiVersion: 'any', kind: 'any', name: 'any' };
const metric: Shape = {
  name: 'any',
  selector: { matchLabels: 'any', matchExpressions: [{ key: 'any', operator: 'any', values: 'any' }] },
};
const target: Shape = { type: 'any', value: 'any', averageValue: 'any', averageUtilization: 'any' };
const rules: Shape = {
  stabilizationWindowSeconds: 'any',
  selectPolicy: 'any',
  policies: [{ type: 'any', value: 'any', periodSeconds: 'any' }],
  tolerance: 'any',
};

/** spec.behavior of autoscaling/v2. */
export const behaviorShape: Shape = { scaleUp: rules, scaleDown: rules };

/** spec of autoscaling/v2. */
export const hpaSpecShape: Shape = {
  scaleTargetRef: reference,
  minReplicas: 'any',
  maxReplicas: 'any',
  metrics: [
    {
      type: 'any',
      resource: { name: 'any', target },
      containerResource: { name: 'any', container: 'any', target },
      pods: { metric, target },
      object: { describedObject: reference, metric, target },
      external: { metric, target },
    },
  ],
  behavior: behaviorShape,
};
