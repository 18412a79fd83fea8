import type { KubeObject } from '../cluster-api.ts';
import { badRequest } from './errors.ts';
import { textOf, valueAt } from './json.ts';
import type { Kind } from './kind.ts';

export interface FieldSelector {
  readonly empty: boolean;
  matches(object: KubeObject): boolean;
}

interface Term {
  readonly label: string;
  readonly value: string;
  readonly isEqual: boolean;
}

/** Splits at the commas that no backslash protects. */
function splitTerms(text: string): string[] {
  return text.split(/(?<!\\),/).filter((term) => term !== '');
}

function parseTerm(text: string): Term {
  const found = /^(?<label>.*?)(?<operator>!=|==|=)(?<value>.*)$/s.exec(text)?.groups;
  if (found === undefined) throw badRequest(`invalid selector: '${text}'; can't understand '${text}'`);
  const value = (found.value ?? '').replaceAll(/\\([\\,=])/g, '$1');
  return { label: found.label ?? '', value, isEqual: found.operator !== '!=' };
}

function pathOf(kind: Kind, label: string): string {
  if (label === 'metadata.name') return label;
  if (label === 'metadata.namespace' && kind.namespaced) return label;
  const path = kind.fieldSelectors[label];
  if (path !== undefined) return path;
  if (kind.fieldSelectorError === 'supported') throw badRequest(`field label not supported: ${label}`);
  const known = kind.namespaced ? '"metadata.name", "metadata.namespace"' : '"metadata.name"';
  throw badRequest(`"${label}" is not a known field selector: only ${known}`);
}

/**
 * Parses a fieldSelector. An absent field is the empty string, so that `spec.nodeName=` finds unassigned pods.
 * @throws ApiError 400 for a term that is none and for a field that the kind does not offer
 */
export function parseFieldSelector(kind: Kind, text: string): FieldSelector {
  const terms = splitTerms(text)
    .map(parseTerm)
    .map((term) => ({ ...term, path: pathOf(kind, term.label) }));
  return {
    empty: terms.length === 0,
    matches: (object) =>
      terms.every(({ path, value, isEqual }) => (textOf(valueAt(object, path)) === value) === isEqual),
  };
}
