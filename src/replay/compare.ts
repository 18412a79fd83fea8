import { formatAsStored, parseQuantity, QuantityError } from '../lib/quantity.ts';
import { recordedResult } from './result.ts';
import type { TickResult } from './run.ts';

/** A value that is not as it was recorded. */
export interface Difference {
  /** `status.conditions[0].reason` */
  readonly path: string;
  /** Null for what is not there. */
  readonly expected: unknown;
  readonly got: unknown;
}

/** Where a tick differs from what was recorded; undefined when nothing was recorded to compare with. */
export function differencesOf(result: TickResult): Difference[] | undefined {
  const { expect, notes = [] } = result.tick;
  if (expect === undefined) return undefined;
  const found: Difference[] = [];
  compare(compared, { path: '', expected: expect, got: recordedResult(result) }, found);
  return notes.length === 0 ? found : found.filter(({ path }) => !isArtefact(path, notes));
}

/** What a note calls an artefact of the recorder's machine, by the end of the path. */
const artefacts = new Map([['status-average-divides-by-zero', '.averageValue']]);

function isArtefact(path: string, notes: readonly string[]): boolean {
  return notes.some((note) => path.endsWith(artefacts.get(note) ?? '\n'));
}

/**
 * What is compared, by key; a key that is not here is passed over, as messages and times of conditions are.
 * A name is a row of `same` below; `[of]` is a list, in order, absent the same as empty.
 */
type Compared = keyof typeof same | readonly [Compared] | { readonly [key: string]: Compared };

const same = {
  /** The same JSON value; absent the same as null. */
  value: (a: unknown, b: unknown): boolean => (a ?? null) === (b ?? null),
  /** A number; absent the same as 0, as the API server leaves zeros out. */
  count: (a: unknown, b: unknown): boolean => (a ?? 0) === (b ?? 0),
  /** The same quantity, however it is written. */
  quantity: (a: unknown, b: unknown): boolean =>
    (a ?? null) === (b ?? null) || (isPresent(a) && isPresent(b) && canonical(a) === canonical(b)),
  /** The same labels, in any order. */
  labels: (a: unknown, b: unknown): boolean => sortedEntries(a) === sortedEntries(b),
};

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function canonical(value: unknown): string {
  try {
    return formatAsStored(parseQuantity(String(value)));
  } catch (error) {
    if (error instanceof QuantityError) return `not a quantity: ${String(value)}`;
    throw error;
  }
}

function sortedEntries(labels: unknown): string {
  return JSON.stringify(Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const selector: Compared = {
  matchLabels: 'labels',
  matchExpressions: [{ key: 'value', operator: 'value', values: ['value'] }],
};
const metric: Compared = { name: 'value', selector };
const current: Compared = { value: 'quantity', averageValue: 'quantity', averageUtilization: 'value' };
const describedObject: Compared = { apiVersion: 'value', kind: 'value', name: 'value' };

const compared: Compared = {
  scaledTo: 'value',
  statusWritten: 'value',
  status: {
    currentReplicas: 'count',
    desiredReplicas: 'count',
    lastScaleTime: 'value',
    currentMetrics: [
      {
        type: 'value',
        resource: { name: 'value', current },
        containerResource: { name: 'value', container: 'value', current },
        pods: { metric, current },
        object: { metric, describedObject, current },
        external: { metric, current },
      },
    ],
    conditions: [{ type: 'value', status: 'value', reason: 'value' }],
  },
  events: [{ type: 'value', reason: 'value' }],
};

/** Adds to `found` each place below this one where the two are not the same. */
function compare(what: Compared, here: Difference, found: Difference[]): void {
  if (typeof what === 'string') {
    if (!same[what](here.expected, here.got)) add(here, found);
  } else if (isList(what)) {
    compareLists(what[0], here, found);
  } else {
    compareObjects(what, here, found);
  }
}

function isList(what: Exclude<Compared, string>): what is readonly [Compared] {
  return Array.isArray(what);
}

function compareLists(item: Compared, { path, expected, got }: Difference, found: Difference[]): void {
  const [a, b] = [listOf(expected), listOf(got)];
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    compare(item, { path: `${path}[${index}]`, expected: a[index], got: b[index] }, found);
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function compareObjects(
  keys: Readonly<Record<string, Compared>>,
  here: Difference,
  found: Difference[],
): void {
  const { path, expected, got } = here;
  if (!isObject(expected) || !isObject(got)) {
    if (isPresent(expected) || isPresent(got)) add(here, found);
    return;
  }
  for (const [key, what] of Object.entries(keys)) {
    const inner = path === '' ? key : `${path}.${key}`;
    compare(what, { path: inner, expected: expected[key], got: got[key] }, found);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function add({ path, expected = null, got = null }: Difference, found: Difference[]): void {
  found.push({ path, expected, got });
}
