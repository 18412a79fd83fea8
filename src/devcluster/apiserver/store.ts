import type { KubeObject } from '../cluster-api.ts';

/** A change as it is kept for watches. Objects are never changed once they are stored. */
export interface Change {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** After the change; for DELETED the last state with the resourceVersion of the deletion. */
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
}

/** How many changes of one collection a watch can go back; older ones are 410 Expired. */
const defaultHistoryLimit = 2000;

function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}

function objectKey(object: KubeObject): string {
  return keyOf(object.metadata.namespace, object.metadata.name);
}

/** The objects of one storage with their recent history. */
export class Collection {
  readonly #objects = new Map<string, KubeObject>();
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #closers = new Set<() => void>();
  readonly #historyLimit: number;
  #history: Change[] = [];
  #sorted: string[] | undefined;
  /** Changes up to this version are no longer known. */
  floor: number;

  constructor(floor: number, historyLimit: number) {
    this.floor = floor;
    this.#historyLimit = historyLimit;
  }

  get size(): number {
    return this.#objects.size;
  }

  get(namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#objects.get(keyOf(namespace, name));
  }

  /** In key order: namespace, then name. */
  list(namespace?: string): KubeObject[] {
    this.#sorted ??= [...this.#objects.keys()].sort();
    const keys =
      namespace === undefined ? this.#sorted : this.#sorted.filter((key) => key.startsWith(`${namespace}/`));
    return keys.flatMap((key) => this.#objects.get(key) ?? []);
  }

  /** What `list` gave at an earlier version. The caller has checked that it is not below the floor. */
  listAt(version: number, namespace?: string): KubeObject[] {
    const objects = new Map(this.list(namespace).map((object) => [objectKey(object), object]));
    for (const change of this.#history.toReversed()) {
      if (change.version <= version) break;
      if (namespace !== undefined && change.object.metadata.namespace !== namespace) continue;
      if (change.previous === undefined) objects.delete(objectKey(change.object));
      else objects.set(objectKey(change.object), change.previous);
    }
    return [...objects.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  changesAfter(version: number): Change[] {
    return this.#history.filter((change) => change.version > version);
  }

  /** @returns a function that ends the subscription; `onClose` runs when the collection goes away */
  subscribe(listener: (change: Change) => void, onClose: () => void = () => undefined): () => void {
    this.#listeners.add(listener);
    this.#closers.add(onClose);
    return () => {
      this.#listeners.delete(listener);
      this.#closers.delete(onClose);
    };
  }

  /** Ends all subscriptions: the resource is no longer served. */
  close(): void {
    for (const onClose of [...this.#closers]) onClose();
    this.#listeners.clear();
    this.#closers.clear();
  }

  apply(change: Change): void {
    const key = objectKey(change.object);
    if (change.type === 'DELETED') this.#objects.delete(key);
    else this.#objects.set(key, change.object);
    if (change.type !== 'MODIFIED') this.#sorted = undefined;
    this.#remember(change);
    for (const listener of [...this.#listeners]) listener(change);
  }

  #remember(change: Change): void {
    this.#history.push(change);
    if (this.#history.length <= this.#historyLimit * 1.25) return;
    const dropped = this.#history.length - this.#historyLimit;
    this.floor = this.#history[dropped - 1]?.version ?? this.floor;
    this.#history = this.#history.slice(dropped);
  }
}

/** All objects of the cluster, in memory, with one counter of versions. */
export class Store {
  readonly #collections = new Map<string, Collection>();
  readonly #historyLimit: number;
  #version = 0;

  constructor(historyLimit: number = defaultHistoryLimit) {
    this.#historyLimit = historyLimit;
  }

  /** The resourceVersion of the latest change. */
  get version(): number {
    return this.#version;
  }

  collection(storage: string): Collection {
    const known = this.#collections.get(storage);
    if (known !== undefined) return known;
    const made = new Collection(this.#version, this.#historyLimit);
    this.#collections.set(storage, made);
    return made;
  }

  /** Forgets a collection that is no longer served and ends its watches. */
  drop(storage: string): void {
    this.#collections.get(storage)?.close();
    this.#collections.delete(storage);
  }

  /** Stores a new object or a new state. @returns it, with its resourceVersion */
  put(storage: string, object: KubeObject): KubeObject {
    const collection = this.collection(storage);
    const previous = collection.get(object.metadata.namespace, object.metadata.name);
    const stored = this.#stamp(object);
    const type = previous === undefined ? 'ADDED' : 'MODIFIED';
    collection.apply({ version: this.#version, type, object: stored, previous });
    return stored;
  }

  /** Deletes an object. @returns what watchers see: its last stored state with a new resourceVersion */
  remove(storage: string, object: KubeObject): KubeObject {
    const collection = this.collection(storage);
    const previous = collection.get(object.metadata.namespace, object.metadata.name);
    if (previous === undefined) return object;
    const last = this.#stamp(previous);
    collection.apply({ version: this.#version, type: 'DELETED', object: last, previous });
    return last;
  }

  #stamp(object: KubeObject): KubeObject {
    this.#version += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
  }
}
