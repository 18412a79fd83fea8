import { isObject } from '../json.ts';

/** One step of a path: a set of values to the set of values below them. */
type Step = (value: unknown) => readonly unknown[];

const cache = new Map<string, readonly Step[]>();

/**
 * The values that a path of a printer column leads to: `.a.b`, `['a.b']`, `[0]`, `[-1]`, `[*]` and
 * `[?(@.type=="Ready")]`, with `\.` for a dot inside a name. A path that is anything else leads nowhere.
 */
export function valuesAt(object: unknown, path: string): readonly unknown[] {
  const steps = cache.get(path) ?? parsePath(path);
  cache.set(path, steps);
  return steps.reduce<readonly unknown[]>((values, step) => values.flatMap(step), [object]);
}

const nowhere: readonly Step[] = [() => []];

const part =
  /\.(?<name>(?:\\.|[^.[\]\\])+)|\[(?<index>-?\d+)\]|\[(?<all>\*)\]|\[(?<quote>['"])(?<key>.*?)\k<quote>\]|\[\?\(@(?<left>[^=!<>]+?)\s*(?<operator>==|!=)\s*(?<right>[^)]+)\)\]/y;

function parsePath(path: string): readonly Step[] {
  const text = path.replace(/^\{(.*)\}$/, '$1').replace(/^\$/, '');
  const steps: Step[] = [];
  part.lastIndex = 0;
  while (part.lastIndex < text.length) {
    const { groups } = part.exec(text) ?? {};
    if (groups === undefined) return nowhere;
    steps.push(stepOf(groups));
  }
  return steps;
}

function stepOf(groups: Readonly<Record<string, string | undefined>>): Step {
  const { name, key, index, left, operator, right } = groups;
  if (index !== undefined) return (value) => itemAt(value, Number(index));
  if (left !== undefined) return filterStep(left, operator ?? '==', right ?? '');
  const field = name?.replaceAll(/\\(.)/g, '$1') ?? key;
  if (field === '*' || field === undefined) return everyItem;
  return (value) => (isObject(value) && Object.hasOwn(value, field) ? [value[field]] : []);
}

function itemAt(value: unknown, index: number): readonly unknown[] {
  if (!Array.isArray(value)) return [];
  const list: readonly unknown[] = value;
  const item = list.at(index);
  return item === undefined ? [] : [item];
}

function everyItem(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function filterStep(left: string, operator: string, right: string): Step {
  const wanted = right.trim().replace(/^(['"])(.*)\1$/, '$2');
  const isWanted = (item: unknown): boolean => {
    const [found] = valuesAt(item, left.trim());
    if (typeof found !== 'string' && typeof found !== 'number' && typeof found !== 'boolean') return false;
    return (String(found) === wanted) === (operator === '==');
  };
  return (value) => everyItem(value).filter(isWanted);
}
