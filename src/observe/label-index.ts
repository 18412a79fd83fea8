import type { Selector } from '../lib/selector.ts';

export interface Labelled {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Items with one label key, by its value. */
type ByValue<T> = Map<string, Set<T>>;

/**
 * Things with labels, found by a selector without a look at all of them: thousands of selectors on thousands of pods would be
 * millions of looks a tick. Only the keys that selectors ask for by equality are indexed, from the first such question on, so
 * that the labels nobody selects by cost nothing.
 */
export class LabelIndex<T extends Labelled> {
  readonly #items: Set<T>;
  readonly #byKey = new Map<string, ByValue<T>>();

  constructor(items: Iterable<T> = []) {
    this.#items = new Set(items);
  }

  get size(): number {
    return this.#items.size;
  }

  add(item: T): void {
    this.#items.add(item);
    for (const [key, byValue] of this.#byKey) addTo(byValue, item.labels[key], item);
  }

  delete(item: T): void {
    this.#items.delete(item);
    for (const [key, byValue] of this.#byKey) deleteFrom(byValue, item.labels[key], item);
  }

  /** What the selector matches, in no order. */
  select(selector: Selector): T[] {
    return [...this.#candidates(selector)].filter(({ labels }) => selector.matches(labels));
  }

  /** The smallest known set that holds all matches. */
  #candidates({ exact }: Selector): ReadonlySet<T> {
    let smallest: ReadonlySet<T> = this.#items;
    for (const { key, value } of exact) {
      const found = this.#indexOf(key).get(value) ?? nothing;
      if (found.size < smallest.size) smallest = found;
    }
    return smallest;
  }

  #indexOf(key: string): ByValue<T> {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const byValue: ByValue<T> = new Map();
    for (const item of this.#items) addTo(byValue, item.labels[key], item);
    this.#byKey.set(key, byValue);
    return byValue;
  }
}

const nothing: ReadonlySet<never> = new Set();

function addTo<T>(byValue: ByValue<T>, value: string | undefined, item: T): void {
  if (value === undefined) return;
  const items = byValue.get(value);
  if (items === undefined) byValue.set(value, new Set([item]));
  else items.add(item);
}

function deleteFrom<T>(byValue: ByValue<T>, value: string | undefined, item: T): void {
  if (value === undefined) return;
  const items = byValue.get(value);
  items?.delete(item);
  if (items?.size === 0) byValue.delete(value);
}
