import type { KubeObject } from '../../cluster-api.ts';
import { child, children, ensureChild, setDefault, stringAt } from '../json.ts';

export function defaultCrd(crd: KubeObject): void {
  const spec = ensureChild(crd, 'spec');
  const names = ensureChild(spec, 'names');
  setDefault(names, 'singular', stringAt(names, 'kind').toLowerCase());
  setDefault(names, 'listKind', `${stringAt(names, 'kind')}List`);
  if (spec['conversion'] === undefined) spec['conversion'] = { strategy: 'None' };
  if (spec['preserveUnknownFields'] === false) Reflect.deleteProperty(spec, 'preserveUnknownFields');
}

export function newCrdStatus(crd: KubeObject): void {
  const stored = children(child(crd, 'spec'), 'versions').find((version) => version['storage'] === true);
  crd['status'] = {
    conditions: null,
    acceptedNames: { plural: '', kind: '' },
    storedVersions: [stringAt(stored, 'name')],
  };
}
