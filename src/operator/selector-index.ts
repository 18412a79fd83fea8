import { parseSelector, SelectorError } from '../lib/selector.ts';
import type { ExactLabel } from '../lib/selector.ts';

/**
 * Selectors by the label that they cannot do without: of thousands in a namespace, only the few that could select given pods need
 * to be looked at. Each is parsed once, when it is learnt.
 */
export class SelectorIndex {
  readonly #texts = new Map<string, string>();
  readonly #places = new Map<string, string>();
  readonly #ownersAt = new Map<string, Set<string>>();

  /** Learns the selector of an owner, in place of an earlier one; undefined forgets it. */
  set(owner: string, namespace: string, selector: string | undefined): void {
    if (this.#texts.get(owner) === selector) return;
    this.#forget(owner);
    if (selector === undefined) return;
    // The least crowded place: a label such as part-of=shop, which all of them have, tells nothing.
    const places = exactOf(selector).map((label) => placeOf(namespace, label));
    const [place = placeOf(namespace)] = places.sort((a, b) => this.#crowd(a) - this.#crowd(b));
    this.#texts.set(owner, selector);
    this.#places.set(owner, place);
    this.#ownersAt.set(place, (this.#ownersAt.get(place) ?? new Set()).add(owner));
  }

  /** Owners whose selectors could match one of the labels: all that do, and few besides. */
  candidates(namespace: string, labels: readonly Readonly<Record<string, string>>[]): Set<string> {
    const pairs = labels.flatMap((each) => Object.entries(each));
    const places = pairs.map(([key, value]) => placeOf(namespace, { key, value }));
    return new Set(
      [placeOf(namespace), ...new Set(places)].flatMap((place) => [...(this.#ownersAt.get(place) ?? [])]),
    );
  }

  #crowd(place: string): number {
    return this.#ownersAt.get(place)?.size ?? 0;
  }

  #forget(owner: string): void {
    const place = this.#places.get(owner);
    this.#texts.delete(owner);
    this.#places.delete(owner);
    if (place === undefined) return;
    const owners = this.#ownersAt.get(place);
    owners?.delete(owner);
    if (owners?.size === 0) this.#ownersAt.delete(place);
  }
}

function placeOf(namespace: string, label?: ExactLabel): string {
  return label === undefined ? namespace : `${namespace} ${label.key}=${label.value}`;
}

/** What cannot be parsed selects nothing, but that is for decide/ to say. */
function exactOf(selector: string): ExactLabel[] {
  try {
    return [...parseSelector(selector).exact];
  } catch (error) {
    if (error instanceof SelectorError) return [];
    throw error;
  }
}
