import type { ObjectMeta } from '../api/types.ts';
import type { ReflectorHandler } from '../kube/reflector.ts';
import { claimId } from './target-index.ts';
import type { Claim, TargetIndex } from './target-index.ts';

/** What is kept of a HorizontalPodAutoscaler: whom it scales, and whose it is. */
export interface HpaEntry {
  readonly id: string;
  readonly claim: Claim;
}

interface HpaJson {
  readonly apiVersion?: string;
  readonly metadata: ObjectMeta & {
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
  };
  readonly spec: {
    readonly scaleTargetRef: { readonly apiVersion?: string; readonly kind: string; readonly name: string };
  };
}

const kind = 'HorizontalPodAutoscaler';

/** Projects a HorizontalPodAutoscaler of autoscaling/v2. @throws for what is none */
export function hpaEntry(object: unknown): HpaEntry {
  const { apiVersion = 'autoscaling/v2', metadata, spec } = object as HpaJson;
  const { namespace = '', name = '', ownerReferences: [owner] = [] } = metadata;
  const { apiVersion: version = '', kind: targetKind, name: targetName } = spec.scaleTargetRef;
  return {
    id: claimId(kind, { namespace, name }),
    claim: {
      namespace,
      target: { apiVersion: version, kind: targetKind, name: targetName },
      claimant: { apiVersion, kind, name, ...(owner && { owner: `${owner.kind} ${owner.name}` }) },
    },
  };
}

/** Puts the HorizontalPodAutoscalers that a watch tells of into the index of targets. */
export class HpaWatch implements ReflectorHandler<HpaEntry> {
  readonly #targets: TargetIndex;
  #known = new Set<string>();

  constructor(targets: TargetIndex) {
    this.#targets = targets;
  }

  get size(): number {
    return this.#known.size;
  }

  replace(entries: readonly HpaEntry[]): void {
    const listed = new Set(entries.map(({ id }) => id));
    for (const id of this.#known) if (!listed.has(id)) this.#targets.set(id, undefined);
    this.#known = listed;
    for (const { id, claim } of entries) this.#targets.set(id, claim);
  }

  upsert({ id, claim }: HpaEntry): void {
    this.#known.add(id);
    this.#targets.set(id, claim);
  }

  remove({ id }: HpaEntry): void {
    this.#known.delete(id);
    this.#targets.set(id, undefined);
  }
}
