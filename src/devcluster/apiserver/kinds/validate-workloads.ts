import { selectorFromLabelSelector, SelectorError } from '../../../lib/selector.ts';
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../cluster-api.ts';
import type { FieldError } from '../field-error.ts';
import { forbiddenField, immutable, invalidValue, notSupported, required } from '../field-error.ts';
import { child, children, isObject, stringAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { validateLabels } from '../validation.ts';
import { notNegative } from './checks.ts';
import { validatePodSpec } from './validate-pod-spec.ts';

/** What Deployment, ReplicaSet and StatefulSet have in common: replicas, selector and template. */
function validateTemplate(object: KubeObject, old: KubeObject | undefined): FieldError[] {
  const spec = child(object, 'spec');
  const kind = object.kind.toLowerCase();
  return [
    ...notNegative(spec, 'replicas', 'spec'),
    ...validateSelector(spec, kind),
    ...selectorChange(object, old),
    ...validateLabels(templateLabels(spec), 'spec.template.labels'),
    ...validatePodSpec(child(child(spec, 'template'), 'spec'), 'spec.template.spec'),
    ...restartPolicy(child(child(spec, 'template'), 'spec')),
  ];
}

function templateLabels(spec: JsonObject): Record<string, string> | undefined {
  const labels = child(child(spec, 'template'), 'metadata').labels;
  return isObject(labels) ? (labels as Record<string, string>) : undefined;
}

function validateSelector(spec: JsonObject, kind: string): FieldError[] {
  const selector = spec.selector;
  const labels = templateLabels(spec);
  const mismatch = invalidValue(
    'spec.template.metadata.labels',
    labels,
    '`selector` does not match template `labels`',
  );
  if (!isObject(selector)) return [required('spec.selector'), mismatch];
  const errors = children(selector, 'matchExpressions').flatMap(validateExpression);
  if (errors.length > 0)
    return [...errors, invalidValue('spec.selector', selector, 'invalid label selector')];
  if (
    Object.keys(child(selector, 'matchLabels')).length + children(selector, 'matchExpressions').length ===
    0
  ) {
    return [invalidValue('spec.selector', selector, `empty selector is invalid for ${kind}`)];
  }
  try {
    return selectorFromLabelSelector(selector).matches(labels) ? [] : [mismatch];
  } catch (error) {
    if (error instanceof SelectorError) return [invalidValue('spec.selector', selector, error.message)];
    throw error;
  }
}

function validateExpression(expression: JsonObject, index: number): FieldError[] {
  const path = `spec.selector.matchExpressions[${index}]`;
  const operator = stringAt(expression, 'operator');
  const hasValues = Array.isArray(expression.values) && expression.values.length > 0;
  if (['In', 'NotIn'].includes(operator)) {
    return hasValues
      ? []
      : [required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'")];
  }
  if (['Exists', 'DoesNotExist'].includes(operator)) {
    const text = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
    return hasValues ? [forbiddenField(`${path}.values`, text)] : [];
  }
  return [invalidValue(`${path}.operator`, operator, 'not a valid selector operator')];
}

function selectorChange(object: KubeObject, old: KubeObject | undefined): FieldError[] {
  if (old === undefined) return [];
  const { selector } = child(object, 'spec');
  return isDeepStrictEqual(selector, child(old, 'spec').selector)
    ? []
    : [immutable('spec.selector', selector)];
}

function restartPolicy(podSpec: JsonObject): FieldError[] {
  const policy = podSpec.restartPolicy;
  if (policy === 'Always' || !['OnFailure', 'Never'].includes(String(policy))) return [];
  return [notSupported('spec.template.spec.restartPolicy', policy, ['Always'])];
}

export function validateDeployment(deployment: KubeObject, old: KubeObject | undefined): FieldError[] {
  const spec = child(deployment, 'spec');
  return [
    ...validateTemplate(deployment, old),
    ...validateStrategy(child(spec, 'strategy')),
    ...notNegative(spec, 'minReadySeconds', 'spec'),
    ...notNegative(spec, 'revisionHistoryLimit', 'spec'),
    ...validateDeadline(spec),
    ...validateCounts(child(deployment, 'status'), [
      'replicas',
      'updatedReplicas',
      'readyReplicas',
      'availableReplicas',
    ]),
  ];
}

function validateDeadline(spec: JsonObject): FieldError[] {
  const deadline = spec.progressDeadlineSeconds;
  const minReady = spec.minReadySeconds ?? 0;
  if (typeof deadline !== 'number' || typeof minReady !== 'number' || deadline > minReady) return [];
  return [invalidValue('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds')];
}

function validateStrategy(strategy: JsonObject): FieldError[] {
  const { type, rollingUpdate } = strategy;
  const path = 'spec.strategy.rollingUpdate';
  if (type === 'Recreate') {
    const text = "may not be specified when strategy `type` is 'Recreate'";
    return rollingUpdate === undefined ? [] : [forbiddenField(path, text)];
  }
  if (type !== 'RollingUpdate') {
    const shown = { Type: type, RollingUpdate: null };
    return [notSupported('spec.strategy', shown, ['Recreate', 'RollingUpdate'])];
  }
  const rolling = child(strategy, 'rollingUpdate');
  const errors = ['maxUnavailable', 'maxSurge'].flatMap((key) =>
    validateShare(rolling[key], `${path}.${key}`),
  );
  if (errors.length > 0) return errors;
  if (share(rolling.maxUnavailable) === 0 && share(rolling.maxSurge) === 0) {
    return [
      invalidValue(`${path}.maxUnavailable`, rolling.maxUnavailable, 'may not be 0 when `maxSurge` is 0'),
    ];
  }
  return typeof rolling.maxUnavailable === 'string' && share(rolling.maxUnavailable) > 100
    ? [invalidValue(`${path}.maxUnavailable`, rolling.maxUnavailable, 'must not be greater than 100%')]
    : [];
}

const percentText =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

function validateShare(value: unknown, field: string): FieldError[] {
  if (typeof value === 'string' && !/^[0-9]+%$/.test(value)) return [invalidValue(field, value, percentText)];
  if (typeof value === 'number' && value < 0) {
    return [invalidValue(field, value, 'must be greater than or equal to 0')];
  }
  return [];
}

function share(value: unknown): number {
  return Number.parseInt(String(value), 10);
}

/** The first count bounds the others, and what is ready bounds what is available. */
function validateCounts(status: JsonObject, keys: readonly string[]): FieldError[] {
  const count = (key: string): number => Number(status[key] ?? 0);
  const errors = keys.flatMap((key) => notNegative(status, key, 'status'));
  for (const key of keys.slice(1)) {
    if (count(key) <= count('replicas')) continue;
    errors.push(invalidValue(`status.${key}`, count(key), 'cannot be greater than status.replicas'));
  }
  if (count('availableReplicas') > count('readyReplicas')) {
    const text = 'cannot be greater than readyReplicas';
    errors.push(invalidValue('status.availableReplicas', count('availableReplicas'), text));
  }
  return errors;
}

export function validateReplicaSet(replicaSet: KubeObject, old: KubeObject | undefined): FieldError[] {
  const counts = ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'];
  return [
    ...validateTemplate(replicaSet, old),
    ...notNegative(child(replicaSet, 'spec'), 'minReadySeconds', 'spec'),
    ...validateCounts(child(replicaSet, 'status'), counts),
  ];
}

export function validateStatefulSet(set: KubeObject, old: KubeObject | undefined): FieldError[] {
  return validateTemplate(set, old);
}
