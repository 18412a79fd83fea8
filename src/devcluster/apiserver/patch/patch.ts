import jsonMergePatch from 'json-merge-patch';
import type { KubeObject, PatchType } from '../../cluster-api.ts';
import { badRequest } from '../errors.ts';
import { asKubeObject, clone, isObject } from '../json.ts';
import type { Kind } from '../kind.ts';
import { applyJsonPatch } from './json-patch.ts';
import { strategicMerge } from './strategic.ts';

/** @throws ApiError 400 when the patch does not have the form of its type, 422 or 500 when it cannot be applied */
export function applyPatch(
  kind: Pick<Kind, 'mergeRules'>,
  type: PatchType,
  current: KubeObject,
  patch: unknown,
): KubeObject {
  if (type === 'json') return asKubeObject(applyJsonPatch(current, patch));
  if (!isObject(patch)) {
    const text = 'json: cannot unmarshal array into Go value of type map[string]interface {}';
    throw badRequest(`error decoding patch: ${text}`);
  }
  if (type === 'strategic') return asKubeObject(strategicMerge(current, patch, kind.mergeRules));
  const merged: unknown = jsonMergePatch.apply(clone(current), clone(patch));
  return asKubeObject(merged as KubeObject);
}
