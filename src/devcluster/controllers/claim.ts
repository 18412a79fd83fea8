import { isDeepStrictEqual } from 'node:util';

import { selectorFromLabelSelector } from '../../lib/selector.ts';
import type { ClusterApi, KubeObject, ResourceName } from '../cluster-api.ts';
import type { LabelSelector } from './objects.ts';
import { controllerOf, controllerReference, isTerminating } from './metadata.ts';

export interface Claim {
  readonly api: ClusterApi;
  /** Who claims. */
  readonly owner: KubeObject;
  readonly selector: LabelSelector;
  /** Resource of the claimed objects. */
  readonly resource: ResourceName;
}

/**
 * The objects that belong to the owner. One that it owns but that no longer matches is released; a matching one without
 * a controller is adopted, unless it or the owner is terminating. As Kubernetes' controller ref manager does.
 */
export function claim<T extends KubeObject>(request: Claim, candidates: readonly T[]): T[] {
  const selector = selectorFromLabelSelector(request.selector);
  return candidates.flatMap((object) => {
    const matches = !selector.empty && selector.matches(object.metadata.labels);
    const controller = controllerOf(object);
    if (controller?.uid === request.owner.metadata.uid) return matches ? [object] : release(request, object);
    return controller === undefined && matches ? adopt(request, object) : [];
  });
}

function adopt<T extends KubeObject>({ api, owner, resource }: Claim, object: T): T[] {
  if (isTerminating(owner) || isTerminating(object)) return [];
  const references = [...(object.metadata.ownerReferences ?? []), controllerReference(owner)];
  return [setOwners(api, resource, object, references)];
}

function release<T extends KubeObject>({ api, owner, resource }: Claim, object: T): T[] {
  if (!isTerminating(owner)) {
    const others = (object.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.metadata.uid);
    setOwners(api, resource, object, others);
  }
  return [];
}

/** Writes the list as a whole; `null` removes the field when nobody is left. */
export function setOwners<T extends KubeObject>(
  api: ClusterApi,
  resource: ResourceName,
  object: T,
  owners: NonNullable<KubeObject['metadata']['ownerReferences']>,
): T {
  if (isDeepStrictEqual(owners, object.metadata.ownerReferences ?? [])) return object;
  const { namespace, name, uid } = object.metadata;
  const patch = { metadata: { uid, ownerReferences: owners.length > 0 ? owners : null } };
  return api.patch(resource, namespace, name, 'merge', patch) as T;
}
