import type { KubeObject } from '../../cluster-api.ts';
import type { KindContext } from '../kind.ts';
import { formatTime } from '../meta.ts';
import { child, children, ensureChild, setDefault, stringAt } from '../json.ts';

export function defaultCrd(crd: KubeObject): void {
  const spec = ensureChild(crd, 'spec');
  const names = ensureChild(spec, 'names');
  setDefault(names, 'singular', stringAt(names, 'kind').toLowerCase());
  setDefault(names, 'listKind', `${stringAt(names, 'kind')}List`);
  if (spec.conversion === undefined) spec.conversion = { strategy: 'None' };
  if (spec.preserveUnknownFields === false) Reflect.deleteProperty(spec, 'preserveUnknownFields');
}

/** Holds a CRD up until its objects are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

export function beginCrdDeletion(crd: KubeObject, { now }: KindContext): void {
  crd.metadata.finalizers = [...(crd.metadata.finalizers ?? []), cleanupFinalizer];
  const terminating = {
    type: 'Terminating',
    status: 'True',
    lastTransitionTime: formatTime(now()),
    reason: 'InstanceDeletionPending',
    message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
  };
  const status = child(crd, 'status');
  crd.status = { ...status, conditions: [...children(status, 'conditions'), terminating] };
}

export function newCrdStatus(crd: KubeObject): void {
  const stored = children(child(crd, 'spec'), 'versions').find((version) => version.storage === true);
  crd.status = {
    conditions: null,
    acceptedNames: { plural: '', kind: '' },
    storedVersions: [stringAt(stored, 'name')],
  };
}
