import type { KubeObject } from '../cluster-api.ts';
import { ApiError, badRequest, invalidOptions } from './errors.ts';
import { forbiddenField, notSupported } from './field-error.ts';
import { isObject } from './json.ts';
import type { Kind } from './kind.ts';
import type { Registry } from './registry.ts';
import type { Selection } from './selection.ts';

export interface ListOptions {
  readonly limit?: string | undefined;
  readonly continue?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly resourceVersionMatch?: string | undefined;
  /** Of watches only. */
  readonly sendInitialEvents?: boolean;
}

export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

export interface Listed {
  readonly items: KubeObject[];
  readonly metadata: ListMeta;
}

interface Token {
  /** The version of the first page; -1 once it can no longer be shown. */
  readonly v: number;
  /** The key of the last object that was given. */
  readonly after: string;
}

/**
 * Lists as GET on a collection does: at the latest version, at an exact one, or on from a continue token.
 * @throws ApiError 400, 410 for a version that is no longer known, 422 for a wrong combination, 504 for a future one
 */
export function listObjects(
  registry: Registry,
  kind: Kind,
  selection: Selection,
  options: ListOptions,
): Listed {
  const limit = parseLimit(options.limit);
  checkMatch(options);
  const token = options.continue === undefined || options.continue === '' ? undefined : readToken(options);
  const version =
    token === undefined ? requestedVersion(registry, kind, options) : tokenVersion(registry, kind, token);
  const all = objectsAt(registry, kind, selection, version);
  const start = token === undefined ? 0 : all.findIndex((object) => keyOf(object) > token.after);
  const rest = start < 0 ? [] : all.slice(start);
  const shown = version ?? registry.store.version;
  const isFromCache = options.resourceVersion === '0' && token === undefined;
  if (limit === 0 || isFromCache || rest.length <= limit) {
    return { items: rest, metadata: { resourceVersion: String(shown) } };
  }
  const items = rest.slice(0, limit);
  const next = writeToken({ v: shown, after: keyOf(items[limit - 1]) });
  const remaining = selection.isWhole ? { remainingItemCount: rest.length - limit } : {};
  return { items, metadata: { resourceVersion: String(shown), continue: next, ...remaining } };
}

function keyOf(object: KubeObject | undefined): string {
  return `${object?.metadata.namespace ?? ''}/${object?.metadata.name ?? ''}`;
}

function objectsAt(
  registry: Registry,
  kind: Kind,
  selection: Selection,
  version: number | undefined,
): KubeObject[] {
  const collection = registry.collection(kind);
  const stored =
    version === undefined || version >= registry.store.version
      ? collection.list(selection.namespace)
      : collection.listAt(version, selection.namespace);
  return stored.map((object) => registry.view(kind, object)).filter((object) => selection.matches(object));
}

function parseLimit(text: string | undefined): number {
  if (text === undefined || text === '') return 0;
  if (!/^-?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  return Math.max(0, Number(text));
}

function checkMatch(options: ListOptions): void {
  const { resourceVersionMatch: match, resourceVersion: version } = options;
  if (options.sendInitialEvents === true) {
    throw invalidOptions(
      'ListOptions',
      forbiddenField('sendInitialEvents', 'sendInitialEvents is forbidden for list'),
    );
  }
  if (match === undefined || match === '') return;
  const field = 'resourceVersionMatch';
  if (version === undefined || version === '') {
    const text = `${field} is forbidden unless resourceVersion is provided`;
    throw invalidOptions('ListOptions', forbiddenField(field, text));
  }
  if (match !== 'Exact' && match !== 'NotOlderThan') {
    throw invalidOptions('ListOptions', notSupported(field, match, ['Exact', 'NotOlderThan', '']));
  }
  if (match === 'Exact' && version === '0') {
    const text = `${field} "exact" is forbidden for resourceVersion "0"`;
    throw invalidOptions('ListOptions', forbiddenField(field, text));
  }
}

/** @throws ApiError 400 unless it is a number */
export function parseVersion(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  const reason = `Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw badRequest(`invalid resource version: resourceVersion: ${reason}`);
}

/** @throws ApiError 504: the cluster has not come this far */
export function checkFuture(registry: Registry, version: number): void {
  const current = registry.store.version;
  if (version > current) throw tooLarge(version, current);
}

export function tooLarge(version: number, current: number): ApiError {
  const text = 'Too large resource version';
  return new ApiError(504, 'Timeout', `Timeout: ${text}: ${version}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: text }],
    retryAfterSeconds: 1,
  });
}

/** The exact version that is asked for; undefined for the latest. */
function requestedVersion(registry: Registry, kind: Kind, options: ListOptions): number | undefined {
  const { resourceVersion: text } = options;
  if (text === undefined || text === '' || text === '0') return undefined;
  const version = parseVersion(text);
  checkFuture(registry, version);
  if (options.resourceVersionMatch !== 'Exact') return undefined;
  if (version < registry.collection(kind).floor) {
    throw new ApiError(410, 'Expired', 'The resourceVersion for the provided list is too old.');
  }
  return version;
}

function tokenVersion(registry: Registry, kind: Kind, token: Token): number | undefined {
  if (token.v === -1) return undefined;
  if (token.v >= registry.collection(kind).floor) return token.v;
  const error = new ApiError(410, 'Expired', expiredText);
  Object.assign(error.status.metadata, { continue: writeToken({ v: -1, after: token.after }) });
  throw error;
}

const expiredText =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
  'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
  'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
  'deleted between the time the first chunk was returned and now may show up in the list.';

function writeToken(token: Token): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function readToken(options: ListOptions): Token {
  const { resourceVersion } = options;
  if (resourceVersion !== undefined && resourceVersion !== '') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  const text = Buffer.from(options.continue ?? '', 'base64url').toString();
  const token = parseToken(text);
  if (token !== undefined) return token;
  const first = JSON.stringify(text.slice(0, 1)).replaceAll('"', "'");
  const reason = `invalid character ${first} looking for beginning of value`;
  throw badRequest(`invalid continue token: continue key is not valid: ${reason}`);
}

function parseToken(text: string): Token | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value) && typeof value.v === 'number' && typeof value.after === 'string') {
      return { v: value.v, after: value.after };
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return undefined;
}
