import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '../../cluster-api.ts';
import type { FieldError } from '../field-error.ts';
import { child, children, isObject, stringAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { columnErrors, scalePathErrors, selectableFieldErrors } from './crd-paths.ts';
import { schemaErrors } from './crd-schema.ts';
import { forbidden, invalidValue, notSupported, required } from './field-errors.ts';

/**
 * What is wrong with a CustomResourceDefinition, in Kubernetes' words: names, versions, structural schema, rules, paths.
 * Kubernetes also refuses rules by their estimated cost; this does not.
 * @param old on update: scope and names may not change once the CRD is established
 */
export function validateCrd(crd: KubeObject, old?: KubeObject): FieldError[] {
  const spec = child(crd, 'spec');
  return [
    ...nameErrors(crd, spec),
    ...groupErrors(crd, spec),
    ...scopeErrors(spec),
    ...versionErrors(spec),
    ...kindNameErrors(child(spec, 'names')),
    ...definitionErrors(spec),
    ...conversionErrors(child(spec, 'conversion')),
    ...storedVersionErrors(crd, spec, old),
    ...(old === undefined ? [] : immutableErrors(crd, old)),
  ];
}

function nameErrors(crd: KubeObject, spec: JsonObject): FieldError[] {
  const { name } = crd.metadata;
  if (name === `${stringAt(child(spec, 'names'), 'plural')}.${stringAt(spec, 'group')}`) return [];
  return [invalidValue('metadata.name', name, 'must be spec.names.plural+"."+spec.group')];
}

const approval = 'api-approved.kubernetes.io';

function groupErrors(crd: KubeObject, spec: JsonObject): FieldError[] {
  const group = stringAt(spec, 'group');
  if (group === '') return [required('spec.group')];
  if (!group.includes('.'))
    return [invalidValue('spec.group', group, 'should be a domain with at least one dot')];
  const isProtected = /(^|\.)(k8s|kubernetes)\.io$/.test(group);
  if (!isProtected || crd.metadata.annotations?.[approval] !== undefined) return [];
  const text = `protected groups must have approval annotation "${approval}", see https://github.com/kubernetes/enhancements/pull/1111`;
  return [required(`metadata.annotations[${approval}]`, text)];
}

function scopeErrors(spec: JsonObject): FieldError[] {
  const scope = stringAt(spec, 'scope');
  if (scope === '') return [required('spec.scope')];
  return ['Cluster', 'Namespaced'].includes(scope)
    ? []
    : [notSupported('spec.scope', scope, ['Cluster', 'Namespaced'])];
}

const label = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const labelText =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

function labelErrors(path: string, text: string): FieldError[] {
  return label.test(text) ? [] : [invalidValue(path, text, labelText)];
}

function versionErrors(spec: JsonObject): FieldError[] {
  const versions = children(spec, 'versions');
  const names = versions.map((version) => stringAt(version, 'name'));
  const shown = versions.map(shownVersion);
  const stored = versions.filter((version) => version.storage === true);
  return [
    ...versions.flatMap((version, index) => deprecationErrors(version, `spec.versions[${index}]`)),
    ...names.flatMap((name, index) => labelErrors(`spec.versions[${index}].name`, name)),
    ...(new Set(names).size === names.length
      ? []
      : [invalidValue('spec.versions', shown, 'must contain unique version names')]),
    ...(stored.length === 1
      ? []
      : [invalidValue('spec.versions', shown, 'must have exactly one version marked as storage version')]),
    ...labelErrors('spec.version', names[0] ?? ''),
  ];
}

function deprecationErrors(version: JsonObject, path: string): FieldError[] {
  const warning = version.deprecationWarning;
  if (warning === undefined || version.deprecated === true) return [];
  return [invalidValue(`${path}.deprecationWarning`, warning, 'can only be set for deprecated versions')];
}

/** As Kubernetes prints a version in a message: its internal form, schema and columns moved elsewhere. */
function shownVersion(version: JsonObject): JsonObject {
  return {
    Name: stringAt(version, 'name'),
    Served: version.served === true,
    Storage: version.storage === true,
    Deprecated: version.deprecated === true,
    DeprecationWarning: version.deprecationWarning ?? null,
    Schema: null,
    Subresources: null,
    AdditionalPrinterColumns: null,
    SelectableFields: null,
  };
}

function kindNameErrors(names: JsonObject): FieldError[] {
  const kind = stringAt(names, 'kind');
  const listKind = stringAt(names, 'listKind');
  const single = ['plural', 'singular'].flatMap((key) =>
    labelErrors(`spec.names.${key}`, stringAt(names, key)),
  );
  const lists = ['shortNames', 'categories'].flatMap((key) => {
    const list = Array.isArray(names[key]) ? names[key] : [];
    return list.flatMap((each, index) => labelErrors(`spec.names.${key}[${index}]`, String(each)));
  });
  const isSame = kind !== '' && kind === listKind;
  return [
    ...single,
    ...(kind === '' ? [required('spec.names.kind')] : mixedCaseErrors('spec.names.kind', kind)),
    ...(listKind === '' ? [] : mixedCaseErrors('spec.names.listKind', listKind)),
    ...(isSame
      ? [invalidValue('spec.names.listKind', listKind, 'kind and listKind may not be the same')]
      : []),
    ...lists,
  ];
}

function mixedCaseErrors(path: string, text: string): FieldError[] {
  if (label.test(text.toLowerCase())) return [];
  return [invalidValue(path, text, `may have mixed case, but should otherwise match: ${labelText}`)];
}

const perVersion = ['schema', 'subresources', 'additionalPrinterColumns', 'selectableFields'] as const;
type PerVersion = (typeof perVersion)[number];

/** Schema, columns and paths of each version; what all versions share is told once, without the version. */
function definitionErrors(spec: JsonObject): FieldError[] {
  const versions = children(spec, 'versions');
  return perVersion.flatMap((key) => {
    const isShared = versions.every((version) => isDeepStrictEqual(version[key], versions[0]?.[key]));
    if (isShared) return checkDefinition(key, versions[0] ?? {}, 'spec');
    return versions.flatMap((version, index) => checkDefinition(key, version, `spec.versions[${index}]`));
  });
}

function checkDefinition(key: PerVersion, version: JsonObject, path: string): FieldError[] {
  const schema = child(version, 'schema').openAPIV3Schema;
  switch (key) {
    case 'schema': {
      const at = `${path}.${path === 'spec' ? 'validation' : 'schema'}.openAPIV3Schema`;
      return isObject(schema) ? schemaErrors(schema, at) : [required(at, 'schemas are required')];
    }
    case 'subresources':
      return scalePathErrors(child(version, 'subresources').scale, `${path}.subresources.scale`);
    case 'additionalPrinterColumns':
      return columnErrors(children(version, key), `${path}.${key}`);
    case 'selectableFields':
      return selectableFieldErrors(children(version, key), schema ?? {}, `${path}.${key}`);
  }
}

function conversionErrors(conversion: JsonObject): FieldError[] {
  const strategy = stringAt(conversion, 'strategy') || 'None';
  if (!['None', 'Webhook'].includes(strategy)) {
    return [notSupported('spec.conversion.strategy', strategy, ['None', 'Webhook'])];
  }
  if (strategy === 'None') {
    const text = 'should not be set when strategy is not set to Webhook';
    return conversion.webhook === undefined ? [] : [forbidden('spec.conversion.webhookClientConfig', text)];
  }
  const webhook = child(conversion, 'webhook');
  const errors: FieldError[] = [];
  if (!isObject(webhook.clientConfig)) {
    errors.push(required('spec.conversion.webhookClientConfig', 'required when strategy is set to Webhook'));
  }
  if (!Array.isArray(webhook.conversionReviewVersions)) {
    errors.push(required('spec.conversion.conversionReviewVersions'));
  }
  return errors;
}

/** A version in which objects may be stored must stay. */
function storedVersionErrors(crd: KubeObject, spec: JsonObject, old: KubeObject | undefined): FieldError[] {
  const versions = children(spec, 'versions');
  if (!versions.some((version) => version.storage === true)) {
    return [invalidValue('status.storedVersions', null, 'must have at least one stored version')];
  }
  const stored = child(old ?? crd, 'status').storedVersions;
  if (old === undefined || !Array.isArray(stored)) return [];
  const names = new Set(versions.map((version) => stringAt(version, 'name')));
  return stored.flatMap((name, index) => {
    if (names.has(String(name))) return [];
    const text = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    return [invalidValue(`status.storedVersions[${index}]`, name, text)];
  });
}

function immutableErrors(crd: KubeObject, old: KubeObject): FieldError[] {
  const paths = [['group'], ['scope'], ['names', 'plural'], ['names', 'kind']] as const;
  const at = (object: KubeObject, path: readonly string[]): unknown =>
    path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), object.spec);
  return paths.flatMap((path) => {
    const value = at(crd, path);
    if (isDeepStrictEqual(value, at(old, path))) return [];
    return [invalidValue(`spec.${path.join('.')}`, value, 'field is immutable')];
  });
}
