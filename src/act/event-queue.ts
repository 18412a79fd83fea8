export interface EventQueueOptions<T> {
  /** Objects that are worked for at the same time. */
  readonly concurrency: number;
  /** More than this wait for no one: the oldest is dropped. */
  readonly maxWaiting: number;
  /** Handles one item; never rejects. */
  readonly work: (item: T) => Promise<void>;
  readonly onOverflow: (item: T) => void;
}

/** Items by the object that they are about: one after the other for each, several objects at the same time. */
export class EventQueue<T> {
  readonly #options: EventQueueOptions<T>;
  /** The object whose turn is longest ago comes first; none has an empty list. */
  readonly #waiting = new Map<string, T[]>();
  readonly #running = new Map<string, Promise<void>>();
  #size = 0;

  constructor(options: EventQueueOptions<T>) {
    this.#options = options;
  }

  /** Items that wait. */
  get size(): number {
    return this.#size;
  }

  add(uid: string, item: T): void {
    const list = this.#waiting.get(uid);
    if (list === undefined) this.#waiting.set(uid, [item]);
    else list.push(item);
    this.#size += 1;
    this.#startMore();
    if (this.#size > this.#options.maxWaiting) this.#dropOldest();
  }

  /** Takes out everything that waits. */
  clear(): T[] {
    const items = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    this.#size = 0;
    return items;
  }

  /** Resolves when nothing waits and nothing is being worked on. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.race(this.#running.values());
  }

  #startMore(): void {
    for (const uid of this.#waiting.keys()) {
      if (this.#running.size >= this.#options.concurrency) return;
      if (!this.#running.has(uid)) this.#start(uid);
    }
  }

  #start(uid: string): void {
    const item = this.#take(uid);
    if (item === undefined) return;
    const done = this.#options.work(item).finally(() => {
      this.#running.delete(uid);
      this.#startMore();
    });
    this.#running.set(uid, done);
  }

  /** The object's oldest item; what else it has goes behind the others. */
  #take(uid: string): T | undefined {
    const [item, ...rest] = this.#waiting.get(uid) ?? [];
    this.#waiting.delete(uid);
    if (rest.length > 0) this.#waiting.set(uid, rest);
    if (item !== undefined) this.#size -= 1;
    return item;
  }

  #dropOldest(): void {
    const [uid] = this.#waiting.keys();
    const item = uid === undefined ? undefined : this.#take(uid);
    if (item !== undefined) this.#options.onOverflow(item);
  }
}
