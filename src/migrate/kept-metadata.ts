import { inOrder } from './known-fields.ts';
import type { Remarks } from './remarks.ts';
import { isObject, type Json } from '../api/checks.ts';

/** What the API server sets, or a tool for itself: of no meaning to another object. */
const ofTheServer = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'selfLink',
]);
const kept = ['name', 'namespace', 'labels', 'annotations'];

/** Annotations and labels that are no user's own words. */
const ofTools = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'autoscaling.alpha.kubernetes.io/conditions',
  'autoscaling.alpha.kubernetes.io/current-metrics',
  'scaledobject.keda.sh/name',
]);

/**
 * Name, namespace, labels and annotations of a converted object. Annotations in `read` were given a meaning elsewhere; others of an
 * autoscaler's own would have none, and are named.
 */
export function keptMetadata(metadata: unknown, remarks: Remarks, read: readonly string[] = []): Json {
  const result: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(isObject(metadata) ? metadata : {})) {
    if (value === null || ofTheServer.has(field)) continue;
    if (!kept.includes(field))
      remarks.notKept(`metadata.${field}`, 'belongs to the object that was converted');
    else if (isObject(value)) {
      const words = keptWords(value, `metadata.${field}`, remarks, read);
      if (Object.keys(words).length > 0) result[field] = words;
    } else result[field] = value;
  }
  return inOrder(result, kept);
}

const autoscalers = /^([a-z]+\.)?(keda\.sh|autoscaling\.alpha\.kubernetes\.io)\//;

function keptWords(words: Json, path: string, remarks: Remarks, read: readonly string[]): Json {
  const entries = Object.entries(words).filter(([key]) => !ofTools.has(key) && !read.includes(key));
  const own = entries.filter(([key]) => autoscalers.test(key));
  for (const [key, value] of own)
    remarks.notKept(`${path}[${key}]`, `${JSON.stringify(value)} has no counterpart`);
  return Object.fromEntries(entries.filter((entry) => !own.includes(entry)));
}
