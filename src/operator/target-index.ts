import type { ObjectReference } from '../decide/references.ts';
import type { Rival } from '../decide/snapshot.ts';
import { groupOf } from '../kube/discovery.ts';

/** An autoscaler that writes the scale of a target. */
export interface Claim {
  readonly namespace: string;
  readonly target: ObjectReference;
  /** The autoscaler, as the others name it. */
  readonly claimant: Rival;
}

/** `CustomAutoscaler shop/web`: one autoscaler of any kind. */
type ClaimId = string;

export function claimId(kind: string, { namespace, name }: { namespace: string; name: string }): ClaimId {
  return `${kind} ${namespace}/${name}`;
}

interface Place {
  readonly key: string;
  readonly claim: Claim;
}

/**
 * Which autoscalers, of any kind, scale which target. As the HPA looks targets up, a target is a group, a kind, a namespace and
 * a name: the version in a reference makes no difference.
 */
export class TargetIndex {
  readonly #places = new Map<ClaimId, Place>();
  readonly #atTarget = new Map<string, Set<ClaimId>>();
  readonly #onRivals: (id: ClaimId) => void;

  /** @param onRivals told of each autoscaler that has got, or got rid of, a rival */
  constructor(onRivals: (id: ClaimId) => void) {
    this.#onRivals = onRivals;
  }

  get size(): number {
    return this.#places.size;
  }

  /** Sets the claim of an autoscaler, in place of an earlier one; undefined when it claims nothing. */
  set(id: ClaimId, claim: Claim | undefined): void {
    const before = this.#places.get(id);
    const key = claim === undefined ? undefined : keyOf(claim);
    if (before?.key !== key) this.#leave(id);
    if (claim === undefined || key === undefined) return;
    this.#places.set(id, { key, claim });
    if (before?.key === key) return;
    const here = this.#atTarget.get(key) ?? new Set();
    this.#atTarget.set(key, here.add(id));
    this.#tell(key, id);
  }

  /** Whoever else scales what an autoscaler scales, or would scale. */
  rivalsOf(id: ClaimId, place: Pick<Claim, 'namespace' | 'target'>): Rival[] {
    const key = keyOf(place);
    if (key === undefined) return [];
    return [...(this.#atTarget.get(key) ?? [])].flatMap((other) => {
      const claim = other === id ? undefined : this.#places.get(other)?.claim;
      return claim === undefined ? [] : [claim.claimant];
    });
  }

  #leave(id: ClaimId): void {
    const place = this.#places.get(id);
    if (place === undefined) return;
    this.#places.delete(id);
    const here = this.#atTarget.get(place.key);
    here?.delete(id);
    if (here?.size === 0) this.#atTarget.delete(place.key);
    this.#tell(place.key, id);
  }

  #tell(key: string, about: ClaimId): void {
    for (const id of [...(this.#atTarget.get(key) ?? [])]) if (id !== about) this.#onRivals(id);
  }
}

/** Undefined for a reference that can mean nothing. */
function keyOf({ namespace, target }: Pick<Claim, 'namespace' | 'target'>): string | undefined {
  const group = groupOf(target.apiVersion);
  return group === undefined ? undefined : `${namespace} ${group} ${target.kind} ${target.name}`;
}
