import { invalidOptions } from './errors.ts';
import { notSupported, quote } from './field-error.ts';
import type { FieldValidation } from './fields.ts';
import type { ListOptions } from './list.ts';
import type { SelectionOptions } from './selection.ts';

const optionKinds: Readonly<Record<string, string>> = {
  create: 'CreateOptions',
  update: 'UpdateOptions',
  patch: 'PatchOptions',
  delete: 'DeleteOptions',
  deletecollection: 'DeleteOptions',
};

export interface WriteQuery {
  readonly dryRun: boolean;
  readonly validation: FieldValidation;
}

/** The options of a write. @throws ApiError 422 for a value that they do not have */
export function parseWriteQuery(query: URLSearchParams, verb: string): WriteQuery {
  const options = optionKinds[verb] ?? 'CreateOptions';
  const dryRun = query.getAll('dryRun');
  checkDryRun(options, dryRun);
  const validation = query.get('fieldValidation') ?? '';
  const supported = ['', 'Ignore', 'Strict', 'Warn'];
  if (!supported.includes(validation)) {
    throw invalidOptions(options, notSupported('fieldValidation', validation, supported));
  }
  return {
    dryRun: dryRun.length > 0,
    validation: (validation === '' ? 'Warn' : validation) as FieldValidation,
  };
}

export function checkDryRun(options: string, dryRun: readonly string[]): void {
  if (dryRun.every((value) => value === 'All')) return;
  const message = `Unsupported value: ${quote(dryRun)}: supported values: "All"`;
  throw invalidOptions(options, { type: 'FieldValueNotSupported', field: 'dryRun', message });
}

function text(query: URLSearchParams, name: string): string | undefined {
  return query.get(name) ?? undefined;
}

export function listOptions(query: URLSearchParams): ListOptions {
  return {
    limit: text(query, 'limit'),
    continue: text(query, 'continue'),
    resourceVersion: text(query, 'resourceVersion'),
    resourceVersionMatch: text(query, 'resourceVersionMatch'),
    sendInitialEvents: query.has('sendInitialEvents'),
  };
}

export function selectionOptions(query: URLSearchParams, namespace: string | undefined): SelectionOptions {
  return {
    namespace,
    labelSelector: text(query, 'labelSelector'),
    fieldSelector: text(query, 'fieldSelector'),
  };
}

/** Any value but `0` and `false` counts: even an empty one. */
export function isTrue(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && value !== '0' && value !== 'false';
}
