import type { ObjectMeta, KubeObject } from '../cluster-api.ts';
import { cleanupFinalizer } from './kinds/crds.ts';
import type { FieldError } from './field-error.ts';
import { forbiddenField, invalidValue, quote, required } from './field-error.ts';

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const qualified = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const labelValue = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?';

const labelText = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${label}')`;
const subdomainText = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${subdomain}')`;
const namePartText = `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${qualified}')`;
const labelValueText = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${labelValue}')`;

const matches = (pattern: string, text: string): boolean => new RegExp(`^${pattern}$`).test(text);

/** What is wrong with a DNS label; empty when nothing is. */
export function labelProblems(text: string): string[] {
  if (text.length > 63) return ['must be no more than 63 characters'];
  return matches(label, text) ? [] : [labelText];
}

export function subdomainProblems(text: string): string[] {
  if (text.length > 253) return ['must be no more than 253 characters'];
  return matches(subdomain, text) ? [] : [subdomainText];
}

/** A label's or annotation's key: `name` or `prefix/name`. */
export function qualifiedNameProblems(text: string): string[] {
  const parts = text.split('/');
  const name = parts.pop() ?? '';
  const problems: string[] = [];
  if (parts.length > 1) {
    return [
      `a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${qualified}') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  if (parts.length === 1) {
    const prefix = parts[0] ?? '';
    if (prefix === '') problems.push('prefix part must be non-empty');
    else problems.push(...subdomainProblems(prefix).map((problem) => `prefix part ${problem}`));
  }
  if (name === '') problems.push('name part must be non-empty');
  else if (name.length > 63) problems.push('name part must be no more than 63 characters');
  if (!matches(qualified, name)) problems.push(namePartText);
  return problems;
}

function labelValueProblems(text: string): string[] {
  if (text.length > 63) return ['must be no more than 63 bytes'];
  return matches(labelValue, text) ? [] : [labelValueText];
}

export function validateLabels(labels: Record<string, string> | undefined, field: string): FieldError[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) =>
    [
      ...qualifiedNameProblems(key).map((text) => ({ value: key, text })),
      ...labelValueProblems(value).map((text) => ({ value, text })),
    ].map((problem) => invalidValue(field, problem.value, problem.text)),
  );
}

const annotationsLimitBytes = 262_144;

function validateAnnotations(annotations: Record<string, string> | undefined): FieldError[] {
  const field = 'metadata.annotations';
  const errors = Object.keys(annotations ?? {}).flatMap((key) =>
    qualifiedNameProblems(key.toLowerCase()).map((text) => invalidValue(field, key, text)),
  );
  const bytes = Object.entries(annotations ?? {}).reduce(
    (sum, [key, value]) => sum + key.length + value.length,
    0,
  );
  if (bytes > annotationsLimitBytes) {
    const message = `Too long: may not be more than ${annotationsLimitBytes} bytes`;
    errors.push({ type: 'FieldValueTooLong', field, message });
  }
  return errors;
}

const standardFinalizers = ['kubernetes', 'orphan', 'foregroundDeletion', cleanupFinalizer];

function validateFinalizers(finalizers: readonly string[] | undefined): FieldError[] {
  return (finalizers ?? []).flatMap((finalizer, index) => {
    const field = `metadata.finalizers[${index}]`;
    const problems = qualifiedNameProblems(finalizer).map((text) => invalidValue(field, finalizer, text));
    if (problems.length > 0 || finalizer.includes('/') || standardFinalizers.includes(finalizer))
      return problems;
    return [
      invalidValue(field, finalizer, 'name is neither a standard finalizer name nor is it fully qualified'),
    ];
  });
}

function validateOwners(meta: ObjectMeta): FieldError[] {
  const owners = meta.ownerReferences ?? [];
  const field = 'metadata.ownerReferences';
  const errors = owners.flatMap((owner) =>
    (['apiVersion', 'kind', 'name', 'uid'] as const)
      .filter((key) => ((owner[key] as string | undefined) ?? '') === '')
      .map((key) =>
        invalidValue(
          `${field}.${key}`,
          '',
          key === 'apiVersion' ? 'version must not be empty' : 'must not be empty',
        ),
      ),
  );
  const controllers = owners.filter((owner) => owner.controller === true);
  if (controllers.length > 1) {
    const names = controllers.map((owner) => `${owner.kind}/${owner.name}`);
    const text = `Only one reference can have Controller set to true. Found "true" in references for ${names[0] ?? ''} and ${names[1] ?? ''}`;
    errors.push(invalidValue(field, owners, text));
  }
  return errors;
}

/** What holds of every kind's metadata. `isLabelName`: the name is a DNS label rather than a subdomain. */
export function validateMeta(object: KubeObject, isLabelName: boolean): FieldError[] {
  const meta = object.metadata;
  const errors: FieldError[] = [];
  const name = (meta.name as string | undefined) ?? '';
  if (name === '') errors.push(required('metadata.name', 'name or generateName is required'));
  else {
    const problems = isLabelName ? labelProblems(name) : subdomainProblems(name);
    errors.push(...problems.map((text) => invalidValue('metadata.name', name, text)));
  }
  errors.push(...validateLabels(meta.labels, 'metadata.labels'), ...validateAnnotations(meta.annotations));
  errors.push(...validateFinalizers(meta.finalizers), ...validateOwners(meta));
  return errors;
}

/** Nothing may hold up a deletion that has begun. */
export function validateMetaUpdate(object: KubeObject, old: KubeObject): FieldError[] {
  if (old.metadata.deletionTimestamp === undefined) return [];
  const known = old.metadata.finalizers ?? [];
  const added = (object.metadata.finalizers ?? []).filter((finalizer) => !known.includes(finalizer));
  if (added.length === 0) return [];
  const list = `[]string{${added.map(quote).join(', ')}}`;
  const text = `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`;
  return [forbiddenField('metadata.finalizers', text)];
}
