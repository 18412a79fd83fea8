import { parse, YAMLParseError } from 'yaml';
import type { KubeObject, PatchType } from '../cluster-api.ts';
import {
  ApiError,
  badRequest,
  invalidOptions,
  invalidPatch,
  notImplemented,
  unsupportedMediaType,
} from './errors.ts';
import { invalidValue, notSupported, quote } from './field-error.ts';
import { dropUnknownFields, duplicateKeys } from './fields.ts';
import type { FieldValidation } from './fields.ts';
import { isObject, textOf } from './json.ts';
import type { JsonObject } from './json.ts';
import type { Kind } from './kind.ts';
import { groupVersion } from './kind.ts';
import { parseMediaType } from './negotiate.ts';

const readTypes = ['application/json', 'application/yaml'];
const objectTypes = [...readTypes, 'application/vnd.kubernetes.protobuf'];

const protobufHint =
  ' (the dev cluster does not read protobuf: use `kubectl create -f` or `kubectl apply -f` with a manifest)';

interface Parsed {
  readonly value: unknown;
  readonly text: string;
}

/** The JSON or YAML of a body. @throws ApiError 415, 400 */
function parseBody(body: Uint8Array, contentType: string | undefined, what: string): Parsed {
  const { type } = parseMediaType(contentType ?? 'application/json');
  if (type === 'application/vnd.kubernetes.protobuf') throw unsupportedMediaType(readTypes, protobufHint);
  const text = new TextDecoder().decode(body);
  if (type === 'application/yaml') return { value: parseYaml(text, what), text: '' };
  if (type !== 'application/json') throw unsupportedMediaType(objectTypes);
  return { value: parseJson(text, what), text };
}

function parseYaml(text: string, what: string): unknown {
  try {
    return parse(text) as unknown;
  } catch (error) {
    if (error instanceof YAMLParseError) throw badRequest(`${what}yaml: ${error.message}`);
    throw error;
  }
}

function excerpt(text: string): string {
  if (text === '') return '<empty>';
  return text.length > 30 ? `${text.slice(0, 30)} ...` : text;
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const shown = what === '' ? '' : ` (${excerpt(text)})`;
    throw badRequest(
      `${what}couldn't get version/kind; json parse error: ${goJsonError(text, error)}${shown}`,
    );
  }
}

/** What Go says of the same text. */
function goJsonError(text: string, error: SyntaxError): string {
  const at = /at position (\d+)/.exec(error.message)?.[1];
  const token = /^Unexpected token '(.)'/su.exec(error.message)?.[1];
  const character = token ?? (at === undefined ? undefined : text.trimEnd().at(Number(at)));
  if (character === undefined) return 'unexpected end of JSON input';
  if (error.message.includes('after JSON')) return `invalid character '${character}' after top-level value`;
  return `invalid character '${character}' looking for beginning of value`;
}

export interface Decoded {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

/**
 * An object of a kind from a body of POST or PUT.
 * @throws ApiError 415 for another content type, 400 for what is no such object, and with Strict for unknown fields
 */
export function decodeObject(
  kind: Kind,
  { body, contentType }: { body: Uint8Array; contentType: string | undefined },
  validation: FieldValidation,
): Decoded {
  const unrecognized = `the object provided is unrecognized (must be of type ${kind.kind}): `;
  const { value, text } = parseBody(body, contentType, unrecognized);
  if (!isObject(value)) {
    const type = Array.isArray(value) ? 'array' : typeof value;
    const shape = String.raw`struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }`;
    const hex = Buffer.from(body).toString('hex');
    throw badRequest(
      `${unrecognized}couldn't get version/kind; json parse error: json: cannot unmarshal ${type} into Go value of type ${shape} (${hex})`,
    );
  }
  checkKind(kind, value);
  const typed = { ...value, apiVersion: groupVersion(kind), kind: kind.kind } as unknown as KubeObject;
  const problems = duplicateKeys(text).map((path) => `duplicate field "${path}"`);
  return checkFields(kind, typed, problems, validation);
}

function checkKind(kind: Kind, value: JsonObject): void {
  const sent = { apiVersion: value.apiVersion ?? groupVersion(kind), kind: value.kind ?? kind.kind };
  if (sent.apiVersion === groupVersion(kind) && sent.kind === kind.kind) return;
  const text = `no kind ${quote(sent.kind)} is registered for version ${quote(sent.apiVersion)} in scheme "pkg/api/legacyscheme/scheme.go:30"`;
  throw badRequest(
    `${textOf(sent.kind)} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${text}`,
  );
}

function checkFields(
  kind: Kind,
  typed: KubeObject,
  duplicates: readonly string[],
  validation: FieldValidation,
): Decoded {
  const { object, unknown } = dropUnknownFields(kind, typed);
  const problems = [...duplicates, ...unknown.map((path) => `unknown field "${path}"`)];
  if (validation === 'Strict' && problems.length > 0) {
    const text = `strict decoding error: ${problems.join(', ')}`;
    throw badRequest(
      `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${text}`,
    );
  }
  return { object, warnings: validation === 'Warn' ? problems : [] };
}

/** The result of a patch, without the fields that the kind does not know. @throws ApiError 422 with Strict */
export function checkPatched(kind: Kind, patched: KubeObject, validation: FieldValidation): Decoded {
  if (patched.kind !== kind.kind || patched.apiVersion !== groupVersion(kind)) {
    throw invalidPatch(patched, `kind and apiVersion must stay ${kind.kind} and ${groupVersion(kind)}`);
  }
  const { object, unknown } = dropUnknownFields(kind, patched);
  const problems = unknown.map((path) => `unknown field "${path}"`);
  if (validation === 'Strict' && problems.length > 0) {
    const text = `strict decoding error: ${problems.join(', ')}`;
    throw invalidPatch(patched, text);
  }
  return { object, warnings: validation === 'Warn' ? problems : [] };
}

const patchTypes: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
};

const applyTypes = ['application/apply-patch+yaml', 'application/apply-patch+cbor'];

/** @throws ApiError 415 for an unknown type and for a strategic patch of a custom resource, 501 for server-side apply */
export function patchTypeOf(kind: Kind, contentType: string | undefined): PatchType {
  const { type } = parseMediaType(contentType ?? '');
  if (applyTypes.includes(type)) throw notImplemented('server-side apply');
  const patchType = patchTypes[type];
  if (patchType === undefined) {
    throw new ApiError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  }
  if (patchType === 'strategic' && kind.custom !== undefined) {
    throw unsupportedMediaType([
      'application/json-patch+json',
      'application/merge-patch+json',
      applyTypes[0] ?? '',
    ]);
  }
  return patchType;
}

/** @throws ApiError 400 */
export function decodePatch(body: Uint8Array): unknown {
  const text = new TextDecoder().decode(body);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) throw badRequest(`error decoding patch: ${goJsonError(text, error)}`);
    throw error;
  }
}

export interface DeleteBody {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: string;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: readonly string[];
}

const policies = ['Foreground', 'Background', 'Orphan'];

/** The DeleteOptions of a body and of the query. @throws ApiError 400, 422 */
export function decodeDeleteOptions(
  body: Uint8Array,
  contentType: string | undefined,
  query: URLSearchParams,
): DeleteBody {
  const { value } = body.length === 0 ? { value: {} } : parseBody(body, contentType, '');
  const sent = isObject(value) ? value : {};
  const kind = sent.kind;
  if (kind !== undefined && kind !== 'DeleteOptions') {
    const scheme = 'k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27';
    throw badRequest(
      `no kind ${quote(kind)} is registered for version ${quote(sent.apiVersion)} in scheme "${scheme}"`,
    );
  }
  const grace = query.get('gracePeriodSeconds');
  const policy = query.get('propagationPolicy');
  const options = {
    ...(grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(policy === null ? {} : { propagationPolicy: policy }),
    ...sent,
  } as DeleteBody & { orphanDependents?: boolean };
  return checkPolicy(options);
}

function checkPolicy({
  orphanDependents,
  ...options
}: DeleteBody & { orphanDependents?: boolean }): DeleteBody {
  const field = 'propagationPolicy';
  const policy = options.propagationPolicy;
  if (policy !== undefined && orphanDependents !== undefined) {
    const text = 'orphanDependents and deletionPropagation cannot be both set';
    throw invalidOptions('DeleteOptions', invalidValue(field, policy, text));
  }
  if (policy !== undefined && !policies.includes(policy)) {
    throw invalidOptions('DeleteOptions', notSupported(field, policy, [...policies, 'nil']));
  }
  if (orphanDependents === undefined) return options;
  return { ...options, propagationPolicy: orphanDependents ? 'Orphan' : 'Background' };
}
