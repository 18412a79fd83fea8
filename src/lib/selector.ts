/**
 * Label selectors: the query syntax (`app=web,tier in (a, b),!old`) as `labels.Parse` of apimachinery reads it,
 * and the LabelSelector of the API as `LabelSelectorAsSelector` does.
 */

import { remember } from './remember.ts';
import { checkKey, requirement, requirementText, satisfied, SelectorError } from './selector-requirement.ts';
import type { Operator, Requirement } from './selector-requirement.ts';

export { SelectorError };
export type { Requirement };

export interface ExactLabel {
  readonly key: string;
  readonly value: string;
}

export interface Selector {
  /** True when it has no requirement: it then matches everything. */
  readonly empty: boolean;
  /** The labels without which nothing matches, each with its only value: the requirements that are equalities. */
  readonly exact: readonly ExactLabel[];
  matches(labels: Readonly<Record<string, string>> | undefined): boolean;
  /** The query syntax, requirements in the order of their keys. */
  toString(): string;
}

/** The part of meta/v1 LabelSelector that selects. */
export interface LabelSelectorLike {
  readonly matchLabels?: Readonly<Record<string, string>> | undefined;
  readonly matchExpressions?:
    | readonly {
        readonly key: string;
        readonly operator: string;
        readonly values?: readonly string[] | undefined;
      }[]
    | undefined;
}

/**
 * Reads the query syntax. Empty text matches everything.
 * @throws SelectorError
 */
export function parseSelector(text: string): Selector {
  return selectorOf(parseRequirements(text));
}

/**
 * The requirements of the query syntax, in their order: for who asks something else than labels by them.
 * @throws SelectorError
 */
export function parseRequirements(text: string): Requirement[] {
  return new Parser(tokenize(text)).requirements();
}

/** A text as a selector, or what is wrong with it. Targets and autoscalers show the same texts in each tick: each is read once. */
export const readSelector = remember((text): { readonly selector: Selector } | { readonly error: string } => {
  try {
    return { selector: parseSelector(text) };
  } catch (error) {
    if (error instanceof SelectorError) return { error: error.message };
    throw error;
  }
});

/**
 * As `metav1.LabelSelectorAsSelector`: absent matches nothing, empty matches everything.
 * @throws SelectorError for a key, value or operator that Kubernetes refuses
 */
export function selectorFromLabelSelector(selector: LabelSelectorLike | null | undefined): Selector {
  if (selector === null || selector === undefined) return nothing;
  const labels = Object.entries(selector.matchLabels ?? {}).map(([key, value]) =>
    requirement(key, '=', [value]),
  );
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values }) => {
    const known = expressionOperators.get(operator);
    if (known === undefined)
      throw new SelectorError(`${JSON.stringify(operator)} is not a valid label selector operator`);
    return requirement(key, known, values ?? []);
  });
  return selectorOf([...labels, ...expressions]);
}

const nothing: Selector = { empty: false, exact: [], matches: () => false, toString: () => '' };

const expressionOperators = new Map<string, Operator>([
  ['In', 'in'],
  ['NotIn', 'notin'],
  ['Exists', 'exists'],
  ['DoesNotExist', '!'],
]);

function selectorOf(requirements: readonly Requirement[]): Selector {
  const sorted = requirements.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const exact = sorted.flatMap(({ key, operator, values: [value] }) =>
    value !== undefined && (operator === '=' || operator === '==') ? [{ key, value }] : [],
  );
  return {
    empty: sorted.length === 0,
    exact,
    matches: (labels = {}) => sorted.every((one) => satisfied(one, labels)),
    toString: () => sorted.map(requirementText).join(','),
  };
}

interface Token {
  readonly kind: 'identifier' | 'keyword' | 'symbol' | 'end';
  readonly text: string;
}

const end: Token = { kind: 'end', text: '' };

/** Symbols are taken as long as they can be; all else between symbols and white space is a word. */
function tokenize(text: string): Token[] {
  const parts = text.match(/==|!=|[=!(),<>]|[^ \t\r\n=!(),<>]+/g) ?? [];
  return parts.map((part) => ({ kind: kinds.get(part) ?? 'identifier', text: part }));
}

const kinds = new Map<string, Token['kind']>([
  ['in', 'keyword'],
  ['notin', 'keyword'],
  ...['==', '!=', '=', '!', '(', ')', ',', '<', '>'].map((symbol) => [symbol, 'symbol'] as const),
]);

const binaryOperators = new Map<string, Operator>([
  ['in', 'in'],
  ['notin', 'notin'],
  ['=', '='],
  ['==', '=='],
  ['!=', '!='],
  ['>', 'gt'],
  ['<', 'lt'],
]);

class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  requirements(): Requirement[] {
    const found: Requirement[] = [];
    if (this.#peek().kind === 'end') return found;
    for (;;) {
      found.push(this.#requirement());
      const separator = this.#next();
      if (separator.kind === 'end') return found;
      if (separator.text !== ',') throw expected(separator, "',' or 'end of string'");
      const follower = this.#peek();
      if (!isWord(follower) && follower.text !== '!') throw expected(follower, "identifier after ','");
    }
  }

  #requirement(): Requirement {
    const negated = this.#peek().text === '!';
    if (negated) this.#next();
    const key = this.#next();
    if (!isWord(key)) {
      throw new SelectorError(
        `unable to parse requirement: ${expected(key, negated ? 'identifier' : "!, identifier, or 'end of string'").message}`,
      );
    }
    try {
      return this.#operation(key.text, negated);
    } catch (error) {
      throw new SelectorError(
        `unable to parse requirement: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  #operation(key: string, negated: boolean): Requirement {
    checkKey(key);
    if (negated) return requirement(key, '!', []);
    const follower = this.#peek();
    if (follower.kind === 'end' || follower.text === ',') return requirement(key, 'exists', []);
    const operator = binaryOperators.get(this.#next().text);
    if (operator === undefined) throw expected(follower, 'in, notin, =, ==, !=, gt, lt');
    const values = operator === 'in' || operator === 'notin' ? this.#valueList() : [this.#exactValue()];
    return requirement(key, operator, values);
  }

  #exactValue(): string {
    const value = this.#peek();
    if (value.kind === 'end' || value.text === ',') return '';
    if (!isWord(this.#next())) throw expected(value, 'identifier');
    return value.text;
  }

  /** `(a, b)`; a place left empty, also in `()`, is the empty value. */
  #valueList(): string[] {
    const opening = this.#next();
    if (opening.text !== '(') throw expected(opening, "'('");
    const values = new Set<string>();
    for (;;) {
      values.add(isWord(this.#peek()) ? this.#next().text : '');
      const separator = this.#next();
      if (separator.text === ')') return [...values];
      if (separator.text !== ',') throw expected(separator, "',', ')' or identifier");
    }
  }

  #peek(): Token {
    return this.#tokens[this.#position] ?? end;
  }

  #next(): Token {
    const token = this.#peek();
    this.#position += 1;
    return token;
  }
}

function isWord({ kind }: Token): boolean {
  return kind === 'identifier' || kind === 'keyword';
}

function expected(token: Token, what: string): SelectorError {
  return new SelectorError(`found '${token.text}', expected: ${what}`);
}
