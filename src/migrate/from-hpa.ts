import { keptMetadata } from './kept-metadata.ts';
import { hpaSpecShape, pickKnown } from './known-fields.ts';
import type { Remarks } from './remarks.ts';
import type { Json } from '../api/checks.ts';
import { isObject } from '../api/checks.ts';

/** A HorizontalPodAutoscaler of autoscaling/v2, or of v2beta2, which has the same fields. */
export function fromHpa(hpa: Json, remarks: Remarks): Json {
  const spec = pickKnown(hpa.spec, hpaSpecShape, 'spec', remarks);
  return hpaResult(hpa.metadata, spec, remarks);
}

/** @param read annotations that became fields */
export function hpaResult(
  metadata: unknown,
  spec: unknown,
  remarks: Remarks,
  read: readonly string[] = [],
): Json {
  if (isObject(spec) && spec.minReplicas === 0)
    remarks.changed('spec.minReplicas', needsGate, ['spec', 'minReplicas']);
  return {
    apiVersion: 'plimsoll.dev/v1',
    kind: 'CustomAutoscaler',
    metadata: keptMetadata(metadata, remarks, read),
    spec,
  };
}

/** Said of a minimum of 0. */
export const needsGate = '0 needs an operator with --feature-gates HPAScaleToZero=true';

/** The ScaledObject that made this HorizontalPodAutoscaler; undefined for one that stands for itself. */
export function scaledObjectOf({ metadata }: Json): string | undefined {
  const owners =
    isObject(metadata) && Array.isArray(metadata.ownerReferences) ? metadata.ownerReferences : [];
  const owner: unknown = owners.find((one: unknown) => isObject(one) && one.kind === 'ScaledObject');
  return isObject(owner) ? String(owner.name) : undefined;
}
