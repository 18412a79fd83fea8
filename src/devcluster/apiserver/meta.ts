import { randomInt } from 'node:crypto';
import type { KubeObject, ObjectMeta } from '../cluster-api.ts';
import { dropEmpty } from './json.ts';

/** As Kubernetes makes names: no vowels, nothing that looks alike. */
const suffixLetters = 'bcdfghjklmnpqrstvwxz2456789';

export function generateName(prefix: string): string {
  const letters = Array.from({ length: 5 }, () => suffixLetters[randomInt(suffixLetters.length)] ?? '');
  return `${prefix.slice(0, 58)}${letters.join('')}`;
}

/** RFC 3339 with whole seconds, as metav1.Time is written. */
export function formatTime(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** What the server alone decides; what a client sends in its place is dropped. */
const serverFields = ['selfLink', 'managedFields'];

export function tidyMeta(meta: ObjectMeta): void {
  for (const field of serverFields) Reflect.deleteProperty(meta, field);
  for (const [key, value] of Object.entries(meta)) {
    if (value === null || value === '') Reflect.deleteProperty(meta, key);
  }
  dropEmpty(meta, ['labels', 'annotations', 'finalizers', 'ownerReferences']);
}

/** Sets a field, or removes it when the value is undefined. */
export function assign(meta: ObjectMeta, key: string, value: unknown): void {
  if (value === undefined) Reflect.deleteProperty(meta, key);
  else meta[key] = value;
}

export function isTerminating(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}
