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

const none: readonly Difference[] = [];

/** Where a tick differs from what was recorded; undefined when nothing was recorded to compare with. */
export function differencesOf(result: TickResult): readonly Difference[] | undefined {
  const { expect, notes = [] } = result.tick;
  if (expect === undefined) return undefined;
  const got = recordedResult(result);
  if (tick.same(expect, got)) return none;
  const found: Difference[] = [];
  tick.tell({ path: '', expected: expect, got }, found);
  return found.filter(({ path }) => !isArtefact(path, notes));
}

/** What a note calls an artefact of the recorder's machine, by the end of the path. */
const artefacts = new Map([['status-average-divides-by-zero', '.averageValue']]);

function isArtefact(path: string, notes: readonly string[]): boolean {
  return notes.some((note) => {
    const end = artefacts.get(note);
    return end !== undefined && path.endsWith(end);
  });
}

/** How values of one kind are compared: whether they are the same, and, where not, what to tell. */
interface Comparison {
  readonly same: (a: unknown, b: unknown) => boolean;
  readonly tell: (here: Difference, found: Difference[]) => void;
}

function leaf(same: Comparison['same']): Comparison {
  return { same, tell: add };
}

function add({ path, expected = null, got = null }: Difference, found: Difference[]): void {
  found.push({ path, expected, got });
}

/** The same JSON value; absent the same as null. */
const value = leaf((a, b) => a === b || (a ?? null) === (b ?? null));

/** A number; absent the same as 0, as the API server leaves zeros out. */
const count = leaf((a, b) => a === b || (a ?? 0) === (b ?? 0));

/** The same quantity, however it is written. */
const quantity = leaf(
  (a, b) => value.same(a, b) || (isPresent(a) && isPresent(b) && canonical(a) === canonical(b)),
);

/** The same labels, in any order. */
const labels = leaf((a, b) => sortedEntries(a) === sortedEntries(b));

function isPresent(one: unknown): boolean {
  return one !== undefined && one !== null;
}

function canonical(text: unknown): string {
  try {
    return formatAsStored(parseQuantity(String(text)));
  } catch (error) {
    if (error instanceof QuantityError) return `not a quantity: ${String(text)}`;
    throw error;
  }
}

function sortedEntries(map: unknown): string {
  return JSON.stringify(Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A list, in order; absent the same as empty. */
function list(item: Comparison): Comparison {
  return {
    same: (a, b) => {
      const [left, right] = [listOf(a), listOf(b)];
      return left.length === right.length && left.every((one, index) => item.same(one, right[index]));
    },
    tell: ({ path, expected, got }, found) => {
      const [left, right] = [listOf(expected), listOf(got)];
      for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
        tellIn(item, { path: `${path}[${index}]`, expected: left[index], got: right[index] }, found);
      }
    },
  };
}

function listOf(one: unknown): readonly unknown[] {
  return Array.isArray(one) ? one : [];
}

/** An object with these keys; any other is passed over, as messages and times of conditions are. */
function object(keys: Readonly<Record<string, Comparison>>): Comparison {
  const fields = Object.entries(keys);
  return {
    same: (a, b) => {
      if (!isObject(a) || !isObject(b)) return !isPresent(a) && !isPresent(b);
      return fields.every(([key, of]) => of.same(a[key], b[key]));
    },
    tell: ({ path, expected, got }, found) => {
      if (!isObject(expected) || !isObject(got)) add({ path, expected, got }, found);
      else
        for (const [key, of] of fields) {
          const inner = path === '' ? key : `${path}.${key}`;
          tellIn(of, { path: inner, expected: expected[key], got: got[key] }, found);
        }
    },
  };
}

function isObject(one: unknown): one is Readonly<Record<string, unknown>> {
  return typeof one === 'object' && one !== null;
}

function tellIn(of: Comparison, here: Difference, found: Difference[]): void {
  if (!of.same(here.expected, here.got)) of.tell(here, found);
}

const selector = object({
  matchLabels: labels,
  matchExpressions: list(object({ key: value, operator: value, values: list(value) })),
});
const metric = object({ name: value, selector });
const current = object({ value: quantity, averageValue: quantity, averageUtilization: value });
const describedObject = object({ apiVersion: value, kind: value, name: value });

const metricStatus = object({
  type: value,
  resource: object({ name: value, current }),
  containerResource: object({ name: value, container: value, current }),
  pods: object({ metric, current }),
  object: object({ metric, describedObject, current }),
  external: object({ metric, current }),
});

/** What is compared of a tick. */
const tick = object({
  scaledTo: value,
  statusWritten: value,
  status: object({
    currentReplicas: count,
    desiredReplicas: count,
    lastScaleTime: value,
    currentMetrics: list(metricStatus),
    conditions: list(object({ type: value, status: value, reason: value })),
  }),
  events: list(object({ type: value, reason: value })),
});
