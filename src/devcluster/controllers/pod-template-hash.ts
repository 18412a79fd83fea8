import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import type { PodTemplate } from './objects.ts';

export const templateHashLabel = 'pod-template-hash';

const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/**
 * A short stable name for what a pod template says, in the letters that Kubernetes uses (no vowels, so no words). It is
 * not the number that Kubernetes computes, which depends on how Go prints its structs.
 * @param collisionCount changes the hash when its name was taken by another template
 */
export function podTemplateHash(template: PodTemplate, collisionCount: number): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(sorted(template)))
    .update(String(collisionCount))
    .digest();
  return Array.from(digest.subarray(0, 10), (byte) => alphabet[byte % alphabet.length]).join('');
}

/** Equal but for the label that the Deployment controller adds. */
export function sameTemplate(one: PodTemplate, other: PodTemplate): boolean {
  return isDeepStrictEqual(withoutHash(one), withoutHash(other));
}

function withoutHash(template: PodTemplate): unknown {
  const { labels = {}, ...metadata } = template.metadata ?? {};
  const kept = Object.entries(labels).filter(([name]) => name !== templateHashLabel);
  return sorted({ ...template, metadata: { ...metadata, labels: Object.fromEntries(kept) } });
}

/** The same JSON with its keys in order, so that the order in which a client wrote them means nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, field]) => [name, sorted(field)]),
  );
}
