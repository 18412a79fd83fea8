import type { ReflectorHandler } from '../../kube/reflector.ts';

interface Named {
  readonly metadata?: { readonly namespace?: string; readonly name?: string };
}

/** `shop/web`. */
export function keyOf({ metadata }: Named): string {
  return `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
}

/** The latest of each object. `items` is the same array until something changes, so that a memory of it costs little. */
export class ObjectTable<T extends Named> implements ReflectorHandler<T> {
  readonly #objects = new Map<string, T>();
  readonly #changed: () => void;
  #items: readonly T[] | undefined = [];

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** By namespace and name. */
  get items(): readonly T[] {
    this.#items ??= [...this.#objects].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
    return this.#items;
  }

  replace(items: readonly T[]): void {
    this.#objects.clear();
    for (const item of items) this.#objects.set(keyOf(item), item);
    this.#tell();
  }

  upsert(item: T): void {
    this.#objects.set(keyOf(item), item);
    this.#tell();
  }

  remove(item: T): void {
    this.#objects.delete(keyOf(item));
    this.#tell();
  }

  #tell(): void {
    this.#items = undefined;
    this.#changed();
  }
}
