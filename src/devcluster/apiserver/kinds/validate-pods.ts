import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../cluster-api.ts';
import type { FieldError } from '../field-error.ts';
import { forbiddenField, invalidValue } from '../field-error.ts';
import { child, children, stringAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { validatePodSpec } from './validate-pod-spec.ts';

export function validatePod(pod: KubeObject, old: KubeObject | undefined): FieldError[] {
  const spec = child(pod, 'spec');
  const errors = [...validatePodSpec(spec, 'spec'), ...imageSpaces(spec)];
  if (old === undefined) return errors;
  const before = child(old, 'spec');
  const isUnbound = before.nodeName === undefined;
  if (isDeepStrictEqual(fixed(spec, isUnbound), fixed(before, isUnbound))) return errors;
  return [...errors, forbiddenField('spec', fixedText)];
}

const fixedText =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
  '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/**
 * The part of a pod's spec that stays as it was made. A pod that no node runs may be given one by a plain write: that is
 * how the dev cluster's scheduler binds.
 */
function fixed(spec: JsonObject, isUnbound: boolean): JsonObject {
  const withoutImages = (list: string): JsonObject[] =>
    children(spec, list).map((container) => ({ ...container, image: '' }));
  return {
    ...spec,
    containers: withoutImages('containers'),
    initContainers: withoutImages('initContainers'),
    nodeName: isUnbound ? undefined : spec.nodeName,
    activeDeadlineSeconds: undefined,
    tolerations: undefined,
  };
}

function imageSpaces(spec: JsonObject): FieldError[] {
  return children(spec, 'containers').flatMap((container, index) => {
    const image = stringAt(container, 'image');
    if (image.trim() === image) return [];
    return [
      invalidValue(`spec.containers[${index}].image`, image, 'must not have leading or trailing whitespace'),
    ];
  });
}
