import type { Environment } from '@marcbachmann/cel-js';
import type { FieldError } from '../field-error.ts';
import { typedEnvironment } from './cel-environment.ts';
import { usesOldSelf } from './cel-rules.ts';
import { schemaAt } from './crd-paths.ts';
import type { SchemaPlace } from './crd-schema.ts';
import { invalidValue, notSupported, required } from './field-errors.ts';
import type { ValidationRule } from './json-schema.ts';

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

/** What is wrong with a schema's x-kubernetes-validations; each rule is type-checked against the schema. */
export function ruleErrors(place: SchemaPlace): FieldError[] {
  const rules = place.schema['x-kubernetes-validations'] ?? [];
  return rules.flatMap((rule, index) => {
    const path = `${place.path}.x-kubernetes-validations[${index}]`;
    return [
      ...textErrors(rule, path),
      ...expressionErrors(rule, path, place),
      ...fieldPathErrors(rule, path, place),
    ];
  });
}

function textErrors(rule: ValidationRule, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const { message, reason } = rule;
  if (rule.rule.trim() === '') errors.push(required(`${path}.rule`, 'rule is not specified'));
  if (message?.trim() === '')
    errors.push(invalidValue(`${path}.message`, message, 'message must be non-empty if specified'));
  if (message?.includes('\n') === true) {
    errors.push(invalidValue(`${path}.message`, message, 'must not contain line breaks'));
  }
  if (rule.rule.trim().includes('\n') && message === undefined && rule.messageExpression === undefined) {
    errors.push(required(`${path}.message`, 'message must be specified if rule contains line breaks'));
  }
  if (reason !== undefined && !reasons.includes(reason))
    errors.push(notSupported(`${path}.reason`, reason, reasons));
  if (rule.optionalOldSelf !== undefined && !usesOldSelf(rule.rule)) {
    const text = 'may not be set if oldSelf is not used in rule';
    errors.push(invalidValue(`${path}.optionalOldSelf`, rule.optionalOldSelf, text));
  }
  return errors;
}

function expressionErrors(rule: ValidationRule, path: string, place: SchemaPlace): FieldError[] {
  const environment = typedEnvironment(place.schema, {
    isResource: place.role === 'root',
    optionalOldSelf: rule.optionalOldSelf === true,
  });
  const { messageExpression } = rule;
  return [
    ...compileErrors(environment, rule, { path: `${path}.rule`, expression: rule.rule, type: 'bool' }),
    ...(messageExpression === undefined
      ? []
      : compileErrors(environment, rule, {
          path: `${path}.messageExpression`,
          expression: messageExpression,
          type: 'string',
        })),
    ...uncorrelatableErrors(rule, path, place),
  ];
}

function uncorrelatableErrors(rule: ValidationRule, path: string, place: SchemaPlace): FieldError[] {
  if (place.uncorrelatable === undefined || !usesOldSelf(rule.rule)) return [];
  const text = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${place.uncorrelatable}`;
  return [invalidValue(`${path}.rule`, rule.rule, text)];
}

interface Expected {
  readonly path: string;
  readonly expression: string;
  readonly type: 'bool' | 'string';
}

function compileErrors(environment: Environment, rule: ValidationRule, expected: Expected): FieldError[] {
  if (expected.expression.trim() === '') return [];
  const { valid, type, error } = checkRule(environment, expected.expression);
  if (valid && [expected.type, 'dyn'].includes(String(type))) return [];
  const wrongType = {
    bool: 'cel expression must evaluate to a bool',
    string: 'messageExpression must evaluate to a string',
  }[expected.type];
  const text =
    error === undefined ? wrongType : `compilation failed: ${drawProblem(expected.expression, error)}`;
  return [
    invalidValue(expected.path, expected.type === 'bool' ? shownRule(rule) : expected.expression, text),
  ];
}

type CheckResult = ReturnType<Environment['check']>;

/** The library does not look into `has(...)`; `dyn(...)`, of the same length, shows whether the field exists. */
function checkRule(environment: Environment, expression: string): CheckResult {
  const result = environment.check(expression);
  if (!result.valid) return result;
  const looked = environment.check(expression.replaceAll(/\bhas\(/g, 'dyn('));
  return looked.error?.code === 'no_such_key' ? looked : result;
}

/** As Kubernetes prints a rule in a message: its internal form. */
function shownRule(rule: ValidationRule): Record<string, unknown> {
  return {
    Rule: rule.rule,
    Message: rule.message ?? '',
    MessageExpression: rule.messageExpression ?? '',
    Reason: rule.reason ?? null,
    FieldPath: rule.fieldPath ?? '',
    OptionalOldSelf: rule.optionalOldSelf ?? null,
  };
}

type CelError = NonNullable<CheckResult['error']>;

/** A compile error as cel-go draws it: position, problem, the line, and where in it. */
function drawProblem(expression: string, error: CelError): string {
  const problem = problemOf(expression, error);
  const before = expression.slice(0, problem.offset).split('\n');
  const column = before.at(-1)?.length ?? 0;
  const line = expression.split('\n')[before.length - 1] ?? '';
  const position = `ERROR: <input>:${before.length}:${column + 1}: ${problem.text}`;
  return `${position}\n | ${line}\n | ${'.'.repeat(column)}^`;
}

const expectedTokens =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

function problemOf(expression: string, error: CelError): { offset: number; text: string } {
  const { code, summary, range } = error;
  const offset = range?.start ?? 0;
  const name = /: (.+)$/.exec(summary)?.[1] ?? '';
  if (code === 'no_such_key') {
    const dot = expression.lastIndexOf(`.${name}`, range?.end);
    return { offset: dot < 0 ? offset : dot, text: `undefined field '${name}'` };
  }
  if (code === 'unknown_variable')
    return { offset, text: `undeclared reference to '${name}' (in container '')` };
  if (summary.includes('Unexpected token: EOF')) {
    const text = `Syntax error: mismatched input '<EOF>' expecting ${expectedTokens}`;
    return { offset: expression.trimEnd().length, text };
  }
  return { offset, text: error.name === 'ParseError' ? `Syntax error: ${summary}` : summary };
}

function fieldPathErrors(rule: ValidationRule, path: string, place: SchemaPlace): FieldError[] {
  const { fieldPath } = rule;
  if (fieldPath === undefined || schemaAt(place.schema, fieldPath) !== undefined) return [];
  const text = `fieldPath must be a valid path: does not refer to a valid field`;
  return [invalidValue(`${path}.fieldPath`, fieldPath, text)];
}
