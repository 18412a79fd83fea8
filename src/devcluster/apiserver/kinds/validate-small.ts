import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../cluster-api.ts';
import type { FieldError } from '../field-error.ts';
import { duplicate, forbiddenField, immutable, invalidValue, required, tooLong } from '../field-error.ts';
import { child, children, isObject, stringAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { subdomainProblems } from '../validation.ts';
import { notNegative, oneOf } from './checks.ts';

const dataLimitBytes = 1_048_576;
const keyText =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

export function validateConfigMap(map: KubeObject, old: KubeObject | undefined): FieldError[] {
  const data = child(map, 'data');
  const binary = child(map, 'binaryData');
  const bytes = [...Object.entries(data), ...Object.entries(binary)].reduce(
    (sum, [, value]) => sum + Buffer.byteLength(String(value)),
    0,
  );
  return [
    ...Object.keys(data).flatMap((key) => [
      ...keyErrors(key, 'data'),
      ...(key in binary ? [invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData')] : []),
    ]),
    ...Object.keys(binary).flatMap((key) => keyErrors(key, 'binaryData')),
    ...(bytes > dataLimitBytes ? [tooLong('[]', `may not be more than ${dataLimitBytes} bytes`)] : []),
    ...fixedData(map, old),
  ];
}

function keyErrors(key: string, field: string): FieldError[] {
  return /^[-._a-zA-Z0-9]+$/.test(key) ? [] : [invalidValue(`${field}[${key}]`, key, keyText)];
}

/** Of ConfigMaps and Secrets that say `immutable`. */
function fixedData(map: KubeObject, old: KubeObject | undefined): FieldError[] {
  if (old?.immutable !== true) return [];
  return ['immutable', 'data', 'binaryData']
    .filter((key) => !isDeepStrictEqual(map[key], old[key]))
    .map((key) => forbiddenField(key, 'field is immutable when `immutable` is set'));
}

export function validateEndpointSlice(slice: KubeObject, old: KubeObject | undefined): FieldError[] {
  const type: unknown = slice.addressType;
  if (type === undefined || type === '') return [required('addressType')];
  if (old !== undefined && old.addressType !== type) return [immutable('addressType', type)];
  const seen = new Set<unknown>();
  const ports = children(slice, 'ports').flatMap((port, index) => {
    const isRepeated = seen.has(port.name);
    seen.add(port.name);
    return isRepeated ? [duplicate(`ports[${index}].name`, port.name)] : [];
  });
  const endpoints = children(slice, 'endpoints').flatMap((endpoint, index) => {
    const { addresses } = endpoint;
    const isEmpty = !Array.isArray(addresses) || addresses.length === 0;
    return isEmpty ? [required(`endpoints[${index}].addresses`, 'must contain at least 1 address')] : [];
  });
  const types = oneOf({ addressType: type }, 'addressType', '', ['FQDN', 'IPv4', 'IPv6']);
  return [...types.map((error) => ({ ...error, field: 'addressType' })), ...ports, ...endpoints];
}

export function validateIngress(ingress: KubeObject): FieldError[] {
  const spec = child(ingress, 'spec');
  const rules = children(spec, 'rules');
  if (rules.length === 0 && !isObject(spec.defaultBackend)) {
    return [invalidValue('spec', null, 'either `defaultBackend` or `rules` must be specified')];
  }
  return rules.flatMap((rule, index) => validateRule(rule, `spec.rules[${index}]`));
}

function validateRule(rule: JsonObject, path: string): FieldError[] {
  const host = stringAt(rule, 'host');
  const bare = host.startsWith('*.') ? host.slice(2) : host;
  const hostErrors =
    host === '' ? [] : subdomainProblems(bare).map((text) => invalidValue(`${path}.host`, host, text));
  const paths = children(child(rule, 'http'), 'paths').flatMap((each, index) => {
    const at = `${path}.http.paths[${index}]`;
    if (each.pathType === undefined) return [required(`${at}.pathType`, 'pathType must be specified')];
    const types = oneOf(each, 'pathType', at, ['Exact', 'ImplementationSpecific', 'Prefix']);
    const isRelative = each.pathType !== 'ImplementationSpecific' && !stringAt(each, 'path').startsWith('/');
    const relative = isRelative
      ? [invalidValue(`${at}.path`, each.path ?? '', 'must be an absolute path')]
      : [];
    return [...types, ...relative];
  });
  return [...hostErrors, ...paths];
}

export function validateLease(lease: KubeObject): FieldError[] {
  const spec = child(lease, 'spec');
  const seconds = spec.leaseDurationSeconds;
  const isFine = typeof seconds !== 'number' || seconds > 0;
  return [
    ...(isFine ? [] : [invalidValue('spec.leaseDurationSeconds', seconds, 'must be greater than 0')]),
    ...notNegative(spec, 'leaseTransitions', 'spec'),
  ];
}
