import { isDeepStrictEqual } from 'node:util';
import { internalError } from '../errors.ts';
import { isObject, textOf } from '../json.ts';
import type { JsonObject } from '../json.ts';
import type { MergeRule } from '../kind.ts';

type Rules = Readonly<Record<string, MergeRule>>;

const orderPrefix = '$setElementOrder/';
const deletePrefix = '$deleteFromPrimitiveList/';

/**
 * Strategic merge patch. What a patch says and what becomes of it:
 *
 * | in the patch | effect |
 * |---|---|
 * | `key: null` | the key goes |
 * | `$patch: replace` in a map | the map becomes the rest of the patch; nothing when there was no map |
 * | `$patch: delete` in a map | the map goes (or, in a list with a merge key, the element) |
 * | `$retainKeys: [a, b]` | other keys of the map go first |
 * | a list with a merge key | elements merge by that key; new ones come first |
 * | `$patch: replace` in an element of such a list | the list becomes the other elements of the patch |
 * | `$setElementOrder/list` | the order of the elements; those it does not name keep theirs |
 * | `$deleteFromPrimitiveList/list` | these values go |
 * | any other list | is replaced |
 *
 * @param rules merge rules by path, as in a row of the table of kinds
 * @returns a new object; neither argument is changed
 */
export function strategicMerge(original: JsonObject, patch: JsonObject, rules: Rules): JsonObject {
  return mergeMap(original, patch, { rules, path: '' }) ?? {};
}

interface Place {
  readonly rules: Rules;
  readonly path: string;
}

function within(place: Place, key: string): Place {
  return { rules: place.rules, path: place.path === '' ? key : `${place.path}.${key}` };
}

/** As Go prints a map. */
function goMap(value: JsonObject): string {
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, item]) => `${key}:${goValue(item)}`).join(' ')}]`;
}

function goValue(value: unknown): string {
  if (isObject(value)) return goMap(value);
  if (Array.isArray(value)) return `[${value.map(goValue).join(' ')}]`;
  return value === null ? '<nil>' : textOf(value);
}

function isDirective(key: string): boolean {
  return (
    key === '$patch' || key === '$retainKeys' || key.startsWith(orderPrefix) || key.startsWith(deletePrefix)
  );
}

/** @returns undefined when the map goes */
function mergeMap(original: JsonObject, patch: JsonObject, place: Place): JsonObject | undefined {
  const directive = patch.$patch;
  if (directive === 'replace') return withoutDirectives(patch) as JsonObject;
  if (directive === 'delete') return undefined;
  if (directive !== undefined && directive !== 'merge') {
    throw internalError(`unknown patch type: ${goValue(directive)} in map: ${goMap(patch)}`);
  }
  const result = retained(original, patch);
  for (const [key, value] of Object.entries(patch)) {
    if (!isDirective(key)) mergeKey(result, key, value, { patch, place });
  }
  applyListDirectives(result, patch, place);
  return result;
}

function retained(original: JsonObject, patch: JsonObject): JsonObject {
  const keep = patch.$retainKeys;
  if (!Array.isArray(keep)) return { ...original };
  return Object.fromEntries(Object.entries(original).filter(([key]) => keep.includes(key)));
}

function mergeKey(
  result: JsonObject,
  key: string,
  value: unknown,
  { patch, place }: { patch: JsonObject; place: Place },
): void {
  const current = result[key];
  const inner = within(place, key);
  let merged: unknown;
  if (value === null) merged = undefined;
  else if (isObject(value))
    merged = isObject(current) ? mergeMap(current, value, inner) : newMap(value, inner);
  else if (Array.isArray(value)) merged = mergeList(asList(current), value, inner, patch[orderPrefix + key]);
  else merged = value;
  if (merged === undefined) Reflect.deleteProperty(result, key);
  else result[key] = merged;
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** A map that was not there: directives in it find nothing to work on. */
function newMap(value: JsonObject, place: Place): JsonObject | undefined {
  if ('$patch' in value) {
    mergeMap({}, value, place);
    return undefined;
  }
  return mergeMap({}, value, place);
}

function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.filter((item) => !isObject(item) || !('$patch' in item)).map(withoutDirectives);
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([key, item]) => !isDirective(key) && item !== null);
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutDirectives(item)]));
}

/** Lists that only directives of the patch speak of. */
function applyListDirectives(result: JsonObject, patch: JsonObject, place: Place): void {
  for (const [directive, value] of Object.entries(patch)) {
    if (!Array.isArray(value)) continue;
    if (directive.startsWith(deletePrefix)) {
      const key = directive.slice(deletePrefix.length);
      result[key] = asList(result[key]).filter((item) => !value.includes(item));
    }
    if (directive.startsWith(orderPrefix)) {
      const key = directive.slice(orderPrefix.length);
      if (key in patch || !Array.isArray(result[key])) continue;
      const list = asList(result[key]);
      const rule = place.rules[within(place, key).path];
      result[key] = ordered(list, { live: list, patched: value, mergeKey: rule?.mergeKey });
    }
  }
}

function mergeList(current: unknown[], patch: unknown[], place: Place, order: unknown): unknown[] {
  const rule = place.rules[place.path];
  if (rule?.strategy !== 'merge' && rule?.strategy !== 'merge,retainKeys') {
    return withoutDirectives(patch) as unknown[];
  }
  const { mergeKey } = rule;
  const merged =
    mergeKey === undefined
      ? [...current, ...patch.filter((item) => !current.includes(item))]
      : mergeElements(current, patch.filter(isObject), mergeKey, place);
  return ordered(merged, { live: current, patched: Array.isArray(order) ? order : patch, mergeKey });
}

function mergeElements(current: unknown[], patch: JsonObject[], mergeKey: string, place: Place): unknown[] {
  if (patch.some((element) => element.$patch === 'replace')) return withoutDirectives(patch) as unknown[];
  let result = current.filter(isObject);
  for (const element of patch) {
    const key = element[mergeKey];
    if (key === undefined) {
      throw internalError(`map: ${goMap(element)} does not contain declared merge key: ${mergeKey}`);
    }
    const found = result.find((item) => item[mergeKey] === key);
    const merged = mergeMap(found ?? {}, element, place);
    if (merged === undefined) result = result.filter((item) => item !== found);
    else if (found === undefined) result.push(merged);
    else result[result.indexOf(found)] = merged;
  }
  return result;
}

interface Order {
  /** The list as it was. */
  readonly live: unknown[];
  /** The elements that the patch names, in its order. */
  readonly patched: unknown[];
  readonly mergeKey: string | undefined;
}

/**
 * Elements of the patch come in its order; the others keep theirs, and stand before an element of the patch only when
 * they did before: so new elements come first.
 */
function ordered(list: unknown[], { live, patched, mergeKey }: Order): unknown[] {
  const keyOf = (item: unknown): unknown =>
    mergeKey !== undefined && isObject(item) ? item[mergeKey] : item;
  const position = (items: unknown[], item: unknown): number =>
    items.findIndex((other) => isDeepStrictEqual(keyOf(other), keyOf(item)));
  const named = list
    .filter((item) => position(patched, item) >= 0)
    .sort((a, b) => position(patched, a) - position(patched, b));
  const others = list.filter((item) => position(patched, item) < 0);
  const result: unknown[] = [];
  while (named.length > 0 && others.length > 0) {
    const left = position(live, others[0]);
    const right = position(live, named[0]);
    result.push(left >= 0 && right >= 0 && left < right ? others.shift() : named.shift());
  }
  return [...result, ...named, ...others];
}
