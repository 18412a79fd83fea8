import { Ajv, type ErrorObject } from 'ajv';
import { withoutNulls } from '../api/json.ts';
import { parseDuration } from '../lib/duration.ts';
import { parseQuantity, QuantityError } from '../lib/quantity.ts';
import type { Scenario } from './scenario.ts';
import { scenarioSchema } from './schema.ts';
import type { Schema } from './schema-parts.ts';

/** What is wrong with the shape of a scenario. */
interface ShapeProblem {
  /** `ticks[3].scale.spec.replicas`; empty for the scenario as a whole. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

export type CheckedScenario =
  { readonly ok: true; readonly scenario: Scenario } | { readonly ok: false; readonly problem: ShapeProblem };

const validate = createValidator();

/** The parsed line of a recording as a scenario, or the first thing that keeps it from being one. Null counts as absent. */
export function checkScenario(line: unknown): CheckedScenario {
  if (validate(line)) return { ok: true, scenario: line as Scenario };
  const present = withoutInputNulls(line);
  if (validate(present)) return { ok: true, scenario: present as Scenario };
  return { ok: false, problem: problemOf(validate.errors ?? [], line) };
}

function createValidator() {
  const ajv = new Ajv({
    verbose: true,
    allowUnionTypes: true,
    strictRequired: false,
    strictTypes: false,
    inlineRefs: false,
    // Of a schema that never changes: to look for mistakes in it and to tidy the code takes longer than it saves.
    validateSchema: false,
    code: { optimize: false },
  });
  ajv.addFormat('time', isTime);
  ajv.addFormat('duration', (text) => plainDuration.test(text) || parseDuration(text) !== undefined);
  ajv.addKeyword({
    keyword: 'quantity',
    errors: false,
    validate: (_: true, value: unknown) => isQuantity(value),
  });
  return ajv.compile(scenarioSchema);
}

/** What most windows look like. */
const plainDuration = /^(?:\d{1,4}m)?\d{1,4}s$/;

const timePattern =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** What most times look like: on a day that each month has. */
const plainTime = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/** RFC 3339, as Go's decoder reads it: no day that its month has not, no leap second. */
function isTime(text: string): boolean {
  if (plainTime.test(text)) return true;
  const [, year, month, day] = timePattern.exec(text) ?? [];
  return day !== undefined && (Number(day) < 29 || Number(day) <= daysIn(Number(year), Number(month)));
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

/** What most quantities look like, so that they need not be computed twice. */
const plainQuantity = /^\d{1,15}(\.\d{1,3})?(m|k|Ki|Mi|Gi|M|G)?$/;

function isQuantity(value: unknown): boolean {
  if (typeof value === 'string' && plainQuantity.test(value)) return true;
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  try {
    parseQuantity(String(value));
    return true;
  } catch (error) {
    if (error instanceof QuantityError) return false;
    throw error;
  }
}

/** Null counts as absent wherever the controller reads; in `expect` it says that there is none. */
function withoutInputNulls(line: unknown): unknown {
  const scenario = withoutNulls(line);
  const [given, kept] = [ticksOf(line), ticksOf(scenario)];
  if (given === undefined || kept === undefined) return scenario;
  const ticks = kept.map((tick, index) => withExpectationOf(tick, given[index]));
  return { ...(scenario as object), ticks };
}

function ticksOf(scenario: unknown): unknown[] | undefined {
  const ticks = (scenario as { ticks?: unknown } | null)?.ticks;
  return Array.isArray(ticks) ? ticks : undefined;
}

function withExpectationOf(tick: unknown, given: unknown): unknown {
  const expectation = (given as { expect?: unknown } | null)?.expect;
  if (expectation === undefined || expectation === null) return tick;
  return { ...(tick as object), expect: expectation };
}

function problemOf([error]: readonly ErrorObject[], line: unknown): ShapeProblem {
  if (error === undefined) throw new Error('Cannot say what is wrong as the validator named no error');
  const { missingProperty } = error.params as { missingProperty?: string };
  const schema = error.parentSchema as Schema;
  const keys = keysOf(error.instancePath);
  if (missingProperty === undefined) {
    const expected = schema.description ?? error.message ?? 'something else';
    return { path: pathText(keys, line), expected, found: foundText(valueAt(line, keys)) };
  }
  const missing = (schema.properties as Record<string, Schema> | undefined)?.[missingProperty];
  const path = [...keys, missingProperty];
  return {
    path: pathText(path, line),
    expected: missing?.description ?? 'a value',
    found: foundText(valueAt(line, path)),
  };
}

/** A JSON pointer's keys. */
function keysOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function valueAt(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | null)?.[key], value);
}

function pathText(keys: readonly string[], line: unknown): string {
  const parts = keys.map((key, index) => {
    if (Array.isArray(valueAt(line, keys.slice(0, index)))) return `[${key}]`;
    return /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
  });
  return parts.join('').replace(/^\./, '');
}

const longestShown = 60;

function foundText(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length > longestShown ? `${text.slice(0, longestShown)}...` : text;
}
