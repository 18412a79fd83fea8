import type { ObjectMeta } from '../api/types.ts';
import type { WantedScale } from '../decide/snapshot.ts';
import type { ReflectorHandler } from '../kube/reflector.ts';
import { hashOf } from '../lib/hash.ts';
import { claimId } from './target-index.ts';
import type { Claim, TargetIndex } from './target-index.ts';

/** What is kept of a HorizontalPodAutoscaler: whom it scales, whose it is, and what it wants. */
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
  readonly status?: {
    readonly desiredReplicas?: number;
    readonly conditions?: readonly HpaCondition[] | null;
  };
}

interface HpaCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
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
      claimant: {
        ...{ apiVersion, kind, name, wanted: wantedScale(object as HpaJson) },
        ...(owner && { owner: `${owner.kind} ${owner.name}` }),
      },
    },
  };
}

/** What its controller computed last, and why in its own words; before its first evaluation it has no conditions. */
function wantedScale({ metadata, spec, status }: HpaJson): WantedScale {
  const { desiredReplicas: replicas = 0, conditions } = status ?? {};
  const evaluated = (conditions ?? []).some(({ type }) => type === 'AbleToScale');
  return {
    ...(evaluated && { replicas }),
    reason: whyText(conditions ?? []),
    spec: hashOf(`${metadata.uid ?? ''} ${JSON.stringify(spec)}`).toString(16),
  };
}

/** The conditions that say something: what limits or holds the count, what fails; else that the metrics were evaluated. */
function whyText(conditions: readonly HpaCondition[]): string {
  const telling = conditions.filter(
    ({ type, status, reason = '' }) =>
      (status === 'True') !== expected.has(type) || reason.endsWith('Stabilized'),
  );
  const shown = telling.length > 0 ? telling : conditions.filter(({ type }) => type === 'ScalingActive');
  return (
    shown.map(({ reason = '', message = '' }) => `${reason}: ${message}`).join('; ') || 'no conditions yet'
  );
}

/** Conditions that are True where all is well. */
const expected: ReadonlySet<string> = new Set(['AbleToScale', 'ScalingActive']);

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
