/** Lists are sorted by name, so that the pods of one template come close together. */
const mostParts = 2000;

/**
 * Equal parts of things that are kept, each kept once: the pods of a ReplicaSet have the same labels and the same containers, which are
 * more than half of what is kept of a pod. Parts must not be changed, and be plain JSON.
 */
export class SharedParts {
  readonly #most: number;
  readonly #parts = new Map<string, unknown>();

  /** @param most parts that are remembered, at least 1; then it begins anew, and what is shared already stays so */
  constructor(most = mostParts) {
    this.#most = most;
  }

  /** Parts that are remembered. */
  get size(): number {
    return this.#parts.size;
  }

  /** @returns a part that is equal to the given one */
  share<T>(part: T): T {
    const text = JSON.stringify(part);
    const known = this.#parts.get(text);
    if (known !== undefined) return known as T;
    if (this.#parts.size >= this.#most) this.#parts.clear();
    this.#parts.set(text, part);
    return part;
  }
}
