import { compareQuantity, parseQuantity } from '../../../lib/quantity.ts';
import type { KubeObject } from '../../cluster-api.ts';
import type { FieldError } from '../field-error.ts';
import { forbiddenField, invalidValue, notSupported, required } from '../field-error.ts';
import { child, children, isObject, stringAt, textOf } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { notNegative, oneOf, present } from './checks.ts';
import { metricSources } from './hpa.ts';

/** The rules of autoscaling/v2, without the feature gate that allows minReplicas 0. */
export function validateHpa(hpa: KubeObject): FieldError[] {
  const spec = child(hpa, 'spec');
  const status = child(hpa, 'status');
  return [
    ...validateBounds(spec),
    ...validateTarget(child(spec, 'scaleTargetRef')),
    ...validateMetrics(spec),
    ...['scaleUp', 'scaleDown'].flatMap((direction) => validateRules(child(spec, 'behavior'), direction)),
    ...notNegative(status, 'currentReplicas', 'status'),
    ...notNegative(status, 'desiredReplicas', 'status'),
  ];
}

function validateBounds(spec: JsonObject): FieldError[] {
  const min = Number(spec.minReplicas);
  const max = Number(spec.maxReplicas ?? 0);
  const errors: FieldError[] = [];
  if (min < 1) errors.push(invalidValue('spec.minReplicas', min, 'must be greater than or equal to 1'));
  if (max === 0) errors.push(required('spec.maxReplicas', 'must be set and greater than 0'));
  else if (max < 0) errors.push(invalidValue('spec.maxReplicas', max, 'must be greater than or equal to 1'));
  if (max < min) {
    errors.push(invalidValue('spec.maxReplicas', max, 'must be greater than or equal to `minReplicas`'));
  }
  return errors;
}

function validateTarget(target: JsonObject): FieldError[] {
  const path = 'spec.scaleTargetRef';
  const errors = ['kind', 'name'].flatMap((key) => [
    ...present(target, key, path),
    ...segmentProblems(stringAt(target, key)).map((text) =>
      invalidValue(`${path}.${key}`, target[key], text),
    ),
  ]);
  const apiVersion = stringAt(target, 'apiVersion');
  const parts = apiVersion.split('/');
  const field = `${path}.apiVersion`;
  if (parts.length > 2) {
    return [...errors, invalidValue(field, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)];
  }
  const mayBeCore = stringAt(target, 'kind') === 'ReplicationController';
  if (parts.length === 2 || mayBeCore) return errors;
  return [...errors, invalidValue(field, apiVersion, 'apiVersion must specify API group')];
}

function segmentProblems(text: string): string[] {
  if (text === '.' || text === '..') return [`may not be '${text}'`];
  return ['/', '%']
    .filter((character) => text.includes(character))
    .map((character) => `may not contain '${character}'`);
}

const metricTypes: Readonly<Record<string, string>> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
};

function validateMetrics(spec: JsonObject): FieldError[] {
  const metrics = children(spec, 'metrics');
  const errors = metrics.flatMap((metric, index) => validateMetric(metric, `spec.metrics[${index}]`));
  const canScaleToZero = metrics.some(({ type }) => type === 'Object' || type === 'External');
  if (spec.minReplicas !== 0 || canScaleToZero) return errors;
  const text = 'must specify at least one Object or External metric to support scaling to zero replicas';
  return [forbiddenField('spec.metrics', text), ...errors];
}

function validateMetric(metric: JsonObject, path: string): FieldError[] {
  const type = stringAt(metric, 'type');
  if (type === '') return [required(`${path}.type`, 'must specify a metric source type')];
  const source = metricTypes[type];
  if (source === undefined) {
    return [notSupported(`${path}.type`, type, Object.keys(metricTypes))];
  }
  const extra = metricSources.filter((other) => other !== source && isObject(metric[other]));
  const given = metric[source];
  const own = isObject(given)
    ? validateSource(source, given, `${path}.${source}`)
    : [required(`${path}.${source}`, 'must populate information for the given metric source')];
  return [
    ...own,
    ...extra.map((other) => forbiddenField(`${path}.${other}`, 'must populate the given metric source only')),
  ];
}

function validateSource(source: string, given: JsonObject, path: string): FieldError[] {
  const target = child(given, 'target');
  const base = validateTargetType(target, `${path}.target`);
  const at = `${path}.target`;
  if (source === 'resource' || source === 'containerResource') {
    const container =
      source === 'resource' ? [] : present(given, 'container', path, 'must specify a container');
    return [
      ...present(given, 'name', path, 'must specify a resource name'),
      ...container,
      ...base,
      ...perResource(target, at),
    ];
  }
  const name = present(child(given, 'metric'), 'name', `${path}.metric`, 'must specify a metric name');
  if (source === 'pods') {
    const text = 'must specify a positive target averageValue';
    return [
      ...name,
      ...base,
      ...(target.averageValue === undefined ? [required(`${at}.averageValue`, text)] : []),
    ];
  }
  if (source === 'object') {
    const described = child(given, 'describedObject');
    const missing = ['kind', 'name'].flatMap((key) => present(described, key, `${path}.describedObject`));
    return [...missing, ...name, ...base, ...perObject(target, at)];
  }
  return [...name, ...base, ...perExternal(target, at)];
}

function validateTargetType(target: JsonObject, path: string): FieldError[] {
  const type = stringAt(target, 'type');
  const isKnown = ['Utilization', 'Value', 'AverageValue'].includes(type);
  const utilization = target.averageUtilization;
  return [
    ...(type === '' ? [required(`${path}.type`, 'must specify a metric target type')] : []),
    ...(isKnown
      ? []
      : [invalidValue(`${path}.type`, type, 'must be either Utilization, Value, or AverageValue')]),
    ...(typeof utilization === 'number' && utilization < 1
      ? [invalidValue(`${path}.averageUtilization`, utilization, 'must be greater than 0')]
      : []),
    ...['value', 'averageValue'].flatMap((key) => positive(target[key], `${path}.${key}`)),
  ];
}

function positive(amount: unknown, field: string): FieldError[] {
  if (amount === undefined) return [];
  const isPositive = compareQuantity(parseQuantity(textOf(amount)), parseQuantity('0')) > 0;
  return isPositive ? [] : [invalidValue(field, amount, 'must be positive')];
}

function perResource(target: JsonObject, path: string): FieldError[] {
  const { averageUtilization, averageValue } = target;
  if (averageUtilization !== undefined && averageValue !== undefined) {
    return [
      forbiddenField(`${path}.averageValue`, 'may not set both a target raw value and a target utilization'),
    ];
  }
  if (averageUtilization !== undefined || averageValue !== undefined) return [];
  return [
    required(`${path}.averageUtilization`, 'must set either a target raw value or a target utilization'),
  ];
}

function perObject({ value, averageValue }: JsonObject, path: string): FieldError[] {
  const isMissing = value === undefined && averageValue === undefined;
  return isMissing
    ? [required(`${path}.averageValue`, 'must set either a target value or averageValue')]
    : [];
}

function perExternal({ value, averageValue }: JsonObject, path: string): FieldError[] {
  if (value !== undefined && averageValue !== undefined) {
    const text = 'may not set both a target value for metric and a per-pod target';
    return [forbiddenField(`${path}.value`, text)];
  }
  if (value !== undefined || averageValue !== undefined) return [];
  return [required(`${path}.averageValue`, 'must set either a target value for metric or a per-pod target')];
}

function validateRules(behavior: JsonObject, direction: string): FieldError[] {
  const rules = behavior[direction];
  if (!isObject(rules)) return [];
  const path = `spec.behavior.${direction}`;
  const window = rules.stabilizationWindowSeconds;
  const policies = children(rules, 'policies');
  return [
    ...outside(window, 0, 3600, `${path}.stabilizationWindowSeconds`, 'zero'),
    ...oneOf(rules, 'selectPolicy', path, ['Disabled', 'Max', 'Min']),
    ...(policies.length === 0 ? [required(`${path}.policies`, 'must specify at least one Policy')] : []),
    ...policies.flatMap((policy, index) => validatePolicy(policy, `${path}.policies[${index}]`)),
  ];
}

function validatePolicy(policy: JsonObject, path: string): FieldError[] {
  return [
    ...oneOf(policy, 'type', path, ['Percent', 'Pods']),
    ...outside(policy.value ?? 0, 1, Infinity, `${path}.value`, 'zero'),
    ...outside(policy.periodSeconds ?? 0, 1, 1800, `${path}.periodSeconds`, 'zero'),
  ];
}

function outside(value: unknown, least: number, most: number, field: string, zero: string): FieldError[] {
  if (typeof value !== 'number') return [];
  const low = least === 0 ? `must be greater than or equal to ${zero}` : `must be greater than ${zero}`;
  if (value < least) return [invalidValue(field, value, low)];
  return value > most ? [invalidValue(field, value, `must be less than or equal to ${most}`)] : [];
}
