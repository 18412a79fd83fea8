import type { Json } from '../../api/checks.ts';
import { isObject } from '../../api/checks.ts';
import type { CustomAutoscaler } from '../../api/generated/custom-autoscaler.ts';
import type { ObjectMeta } from '../../api/types.ts';
import { UserError } from '../../lib/errors.ts';

/** A HorizontalPodAutoscaler of autoscaling/v2, as far as it is looked at. */
export interface HpaObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec: Json;
  /** What its controller wrote; a kept one has none. */
  readonly status?: { readonly conditions?: readonly { readonly type: string }[] | null };
}

/** A CustomAutoscaler as the API server gives it. */
export type Autoscaler = CustomAutoscaler & { readonly metadata: ObjectMeta };

/** The two autoscalers of one name, as they are in the cluster at a moment; each may be absent. */
export interface Scene {
  readonly hpa: HpaObject | undefined;
  readonly autoscaler: Autoscaler | undefined;
}

/**
 * On a CustomAutoscaler: the HorizontalPodAutoscaler that it shadows or took over from, as JSON, so that it can be given back. It marks the
 * objects that `takeover` and `handback` may change.
 */
export const takenFrom = 'plimsoll.dev/taken-over-from';

/** What of a HorizontalPodAutoscaler is needed to make it anew: name, labels, annotations, owners and spec. */
export function keepsake({ apiVersion, kind, metadata, spec }: HpaObject): string {
  const { name, namespace, labels, annotations, ownerReferences } = metadata;
  return JSON.stringify({
    ...{ apiVersion, kind },
    metadata: { name, namespace, labels, annotations, ownerReferences },
    spec,
  });
}

/** Was its removal asked for, so that only a finalizer keeps it? */
export function isGoing(object: HpaObject | Autoscaler | undefined): boolean {
  return typeof object?.metadata.deletionTimestamp === 'string';
}

/**
 * The HorizontalPodAutoscaler that a CustomAutoscaler was made from; undefined for one that nobody took over.
 * @throws UserError when the annotation holds something else
 */
export function keptHpa({ metadata }: Autoscaler): HpaObject | undefined {
  const text = metadata.annotations?.[takenFrom];
  if (text === undefined) return undefined;
  const kept = parsed(text);
  if (
    isObject(kept) &&
    kept.kind === 'HorizontalPodAutoscaler' &&
    isObject(kept.metadata) &&
    isObject(kept.spec)
  )
    return kept as unknown as HpaObject;
  throw new UserError(
    `annotation ${takenFrom} of CustomAutoscaler ${metadata.name ?? ''} holds no HorizontalPodAutoscaler; put back what takeover wrote there, or remove the annotation`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // said by who asks
  }
}
