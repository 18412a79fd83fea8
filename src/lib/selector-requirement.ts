/** One requirement of a label selector: what it may hold, what it asks of labels, how it prints. */

/** The text or object is not a selector; the message is worded as Kubernetes words it. */
export class SelectorError extends Error {
  override readonly name = 'SelectorError';
}

export type Operator = 'in' | 'notin' | '=' | '==' | '!=' | 'exists' | '!' | 'gt' | 'lt';

export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

/** Whether labels meet the requirement. An absent label meets those that exclude. */
export function satisfied(
  { key, operator, values }: Requirement,
  labels: Readonly<Record<string, string>>,
): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  if (value === undefined) return operator === 'notin' || operator === '!=' || operator === '!';
  return matchers[operator](value, values);
}

/** What each operator asks of a label that is there. */
const matchers: Readonly<Record<Operator, (value: string, values: readonly string[]) => boolean>> = {
  in: (value, values) => values.includes(value),
  '=': (value, values) => values.includes(value),
  '==': (value, values) => values.includes(value),
  notin: (value, values) => !values.includes(value),
  '!=': (value, values) => !values.includes(value),
  exists: () => true,
  '!': () => false,
  gt: (value, [bound]) => compareIntegers(value, bound, (a, b) => a > b),
  lt: (value, [bound]) => compareIntegers(value, bound, (a, b) => a < b),
};

function compareIntegers(value: string, bound = '', compare: (a: bigint, b: bigint) => boolean): boolean {
  const [a, b] = [integer(value), integer(bound)];
  return a !== undefined && b !== undefined && compare(a, b);
}

/** An int64 in decimal digits, or undefined. */
function integer(text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = BigInt(text.replace('+', ''));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

export function requirementText({ key, operator, values }: Requirement): string {
  const list = values.toSorted().join(',');
  switch (operator) {
    case 'exists':
      return key;
    case '!':
      return `!${key}`;
    case 'in':
    case 'notin':
      return `${key} ${operator} (${list})`;
    case 'gt':
      return `${key}>${list}`;
    case 'lt':
      return `${key}<${list}`;
    case '=':
    case '==':
    case '!=':
      return `${key}${operator}${list}`;
  }
}

const dnsSubdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const labelName = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

/**
 * A requirement that Kubernetes accepts.
 * @throws SelectorError for a key, a value or a number of values that it refuses
 */
export function requirement(key: string, operator: Operator, values: readonly string[]): Requirement {
  checkKey(key);
  const wrongCount = wrongValueCount(operator, values.length);
  if (wrongCount !== undefined)
    throw new SelectorError(`values: Invalid value: ${goList(values)}: ${wrongCount}`);
  if (operator === 'gt' || operator === 'lt') checkInteger(values);
  for (const value of values) checkValue(key, value);
  return { key, operator, values };
}

function wrongValueCount(operator: Operator, count: number): string | undefined {
  switch (operator) {
    case 'in':
    case 'notin':
      return count > 0 ? undefined : "for 'in', 'notin' operators, values set can't be empty";
    case 'exists':
    case '!':
      return count === 0 ? undefined : 'values set must be empty for exists and does not exist';
    case '=':
    case '==':
    case '!=':
      return count === 1 ? undefined : 'exact-match compatibility requires one single value';
    case 'gt':
    case 'lt':
      return count === 1 ? undefined : "for 'Gt', 'Lt' operators, exactly one value is required";
  }
}

function checkInteger(values: readonly string[]): void {
  const wrong = values.findIndex((value) => integer(value) === undefined);
  if (wrong === -1) return;
  throw new SelectorError(
    `values[${wrong}]: Invalid value: ${JSON.stringify(values[wrong])}: for 'Gt', 'Lt' operators, the value must be an integer`,
  );
}

/** @throws SelectorError */
export function checkKey(key: string): void {
  const parts = key.split('/');
  const name = parts.at(-1) ?? '';
  const prefixed = parts.length === 2;
  const prefix = parts[0] ?? '';
  const valid =
    parts.length <= 2 &&
    (!prefixed || (prefix.length <= 253 && dnsSubdomain.test(prefix))) &&
    name.length <= 63 &&
    labelName.test(name);
  if (valid) return;
  throw new SelectorError(
    `key: Invalid value: ${JSON.stringify(key)}: a label key is a name of at most 63 letters, digits, '-', '_' or '.', beginning and ending with a letter or digit, with an optional DNS subdomain and '/' before it`,
  );
}

function checkValue(key: string, value: string): void {
  if (value === '' || (value.length <= 63 && labelName.test(value))) return;
  throw new SelectorError(
    `values[0][${key}]: Invalid value: ${JSON.stringify(value)}: a valid label must be an empty string or at most 63 letters, digits, '-', '_' or '.', beginning and ending with a letter or digit`,
  );
}

function goList(values: readonly string[]): string {
  return `[]string{${values.map((value) => JSON.stringify(value)).join(', ')}}`;
}
