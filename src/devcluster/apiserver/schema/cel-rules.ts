import { Optional } from '@marcbachmann/cel-js';
import type { FieldError } from '../field-error.ts';
import { isObject } from '../json.ts';
import { runtime } from './cel-environment.ts';
import { escapeName } from './cel-values.ts';
import { oldItem, oldProperty, sameJson } from './correlate.ts';
import { duplicate, forbidden, goValue, required } from './field-errors.ts';
import type { JsonSchema, ValidationRule } from './json-schema.ts';
import { childPath, childSchema } from './json-schema.ts';

type Expression = (context: Readonly<Record<string, unknown>>) => unknown;

interface CompiledRule extends ValidationRule {
  readonly evaluate: Expression;
  readonly evaluateMessage: Expression | undefined;
  readonly isTransition: boolean;
}

/** A value as JSON and as CEL sees it, with what stood there before. */
export interface RulePlace {
  readonly path: string;
  readonly value: unknown;
  readonly cel: unknown;
  readonly old: unknown;
  readonly oldCel: unknown;
}

/** Whether a rule compares with the old value. */
export function usesOldSelf(rule: string): boolean {
  return /\boldSelf\b/.test(rule.replace(/'[^']*'|"[^"]*"/g, ''));
}

/** The rules of a schema and below it, compiled once. */
export class SchemaRules {
  readonly #schema: JsonSchema;
  readonly #rules: readonly CompiledRule[];
  readonly #children = new Map<JsonSchema, SchemaRules>();
  readonly #isEmpty: boolean;

  /** @throws ParseError of the CEL library when a rule is not CEL */
  constructor(schema: JsonSchema) {
    this.#schema = schema;
    this.#rules = (schema['x-kubernetes-validations'] ?? []).map(compileRule);
    for (const below of childSchemas(schema)) this.#children.set(below, new SchemaRules(below));
    this.#isEmpty = this.#rules.length === 0 && [...this.#children.values()].every((child) => child.#isEmpty);
  }

  /** The rules that do not hold, the value's own before those of its parts. */
  errors(place: RulePlace): FieldError[] {
    if (this.#isEmpty || (place.value === null && this.#schema.nullable === true)) return [];
    const own = this.#rules.flatMap((rule) => ruleErrors(rule, place, this.#schema));
    return [...own, ...this.#below(place)];
  }

  #below(place: RulePlace): FieldError[] {
    if (Array.isArray(place.value)) return this.#items(place, place.value);
    if (!isObject(place.value)) return [];
    return Object.entries(place.value).flatMap(([key, value]) => {
      const schema = childSchema(this.#schema, key);
      const rules = schema === undefined ? undefined : this.#children.get(schema);
      return rules?.errors(this.#property(place, key, value)) ?? [];
    });
  }

  #property(place: RulePlace, key: string, value: unknown): RulePlace {
    const celKey = this.#schema.properties?.[key] === undefined ? key : escapeName(key);
    return {
      path: childPath(place.path, key),
      value,
      cel: celAt(place.cel, celKey),
      old: oldProperty(place.old, key),
      oldCel: celAt(place.oldCel, celKey),
    };
  }

  #items(place: RulePlace, list: readonly unknown[]): FieldError[] {
    const { items } = this.#schema;
    const rules = items === undefined ? undefined : this.#children.get(items);
    if (rules === undefined) return [];
    return list.flatMap((value, index) => {
      const old = oldItem(this.#schema, place.old, value);
      const oldIndex = Array.isArray(place.old) ? place.old.indexOf(old) : -1;
      const cel = celAt(place.cel, index);
      return rules.errors({
        path: `${place.path}[${index}]`,
        value,
        cel,
        old,
        oldCel: celAt(place.oldCel, oldIndex),
      });
    });
  }
}

function childSchemas(schema: JsonSchema): JsonSchema[] {
  const values = typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
  const items = schema.items === undefined ? [] : [schema.items];
  return [...Object.values(schema.properties ?? {}), ...values, ...items];
}

function celAt(value: unknown, key: string | number): unknown {
  if (value instanceof Map) return value.get(key);
  return Array.isArray(value) && typeof key === 'number' ? value[key] : undefined;
}

function compileRule(rule: ValidationRule): CompiledRule {
  const { messageExpression } = rule;
  return {
    ...rule,
    evaluate: runtime.parse(rule.rule),
    evaluateMessage: messageExpression === undefined ? undefined : runtime.parse(messageExpression),
    isTransition: usesOldSelf(rule.rule),
  };
}

function ruleErrors(rule: CompiledRule, place: RulePlace, schema: JsonSchema): FieldError[] {
  if (isSkipped(rule, place)) return [];
  const context = contextOf(rule, place);
  const holds = attempt(() => rule.evaluate(context));
  if ('value' in holds && holds.value === true) return [];
  if ('value' in holds) return [failure(rule, place, context)];
  const text = `${holds.error} evaluating rule: ${rule.message ?? rule.rule}`;
  const type = schema['x-kubernetes-int-or-string'] === true ? '' : (schema.type ?? '');
  const message = `Invalid value: ${JSON.stringify(type)}: ${text}`;
  return [{ type: 'FieldValueInvalid', field: place.path, message }];
}

/** A transition rule needs an old value; any other holds for what did not change (ratcheting). */
function isSkipped(rule: CompiledRule, place: RulePlace): boolean {
  if (place.old === undefined) return rule.isTransition && rule.optionalOldSelf !== true;
  return !rule.isTransition && sameJson(place.value, place.old);
}

function contextOf(rule: CompiledRule, place: RulePlace): Readonly<Record<string, unknown>> {
  if (!rule.isTransition) return { self: place.cel };
  if (rule.optionalOldSelf !== true) return { self: place.cel, oldSelf: place.oldCel };
  const oldSelf = place.old === undefined ? Optional.none() : Optional.of(place.oldCel);
  return { self: place.cel, oldSelf };
}

type Attempt = { readonly value: unknown } | { readonly error: string };

function attempt(evaluate: () => unknown): Attempt {
  try {
    return { value: evaluate() };
  } catch (error) {
    return { error: celMessage(error) };
  }
}

/** The CEL library's message without its drawing, in the case that cel-go uses. */
function celMessage(error: unknown): string {
  const summary = error instanceof Error && 'summary' in error ? error.summary : undefined;
  const text = typeof summary === 'string' ? summary : error instanceof Error ? error.message : String(error);
  return text.replace(/^No such key/, 'no such key');
}

function failure(
  rule: CompiledRule,
  place: RulePlace,
  context: Readonly<Record<string, unknown>>,
): FieldError {
  const field =
    rule.fieldPath === undefined ? place.path : `${place.path}${rule.fieldPath}`.replace(/^\./, '');
  const text = ruleMessage(rule, context);
  const byReason = reasons[rule.reason ?? ''];
  if (byReason !== undefined) return byReason(field, text, place.value);
  return { type: 'FieldValueInvalid', field, message: `Invalid value: ${shownValue(place.value)}${text}` };
}

const reasons: Readonly<Record<string, (field: string, text: string, value: unknown) => FieldError>> = {
  FieldValueForbidden: forbidden,
  FieldValueRequired: required,
  FieldValueDuplicate: (field, _text, value) => duplicate(field, value),
};

/** Objects and lists are left out of messages, for their size. */
function shownValue(value: unknown): string {
  return typeof value === 'object' ? '' : `${goValue(value)}: `;
}

function ruleMessage(rule: CompiledRule, context: Readonly<Record<string, unknown>>): string {
  const fixed = rule.message ?? `failed rule: ${rule.rule.trim()}`;
  const { evaluateMessage } = rule;
  if (evaluateMessage === undefined) return fixed;
  const attempted = attempt(() => evaluateMessage(context));
  const text = 'value' in attempted && typeof attempted.value === 'string' ? attempted.value.trim() : '';
  return text === '' || text.includes('\n') ? fixed : text;
}
