import { absentResources, absentSubresources } from './absent.ts';
import { methodNotAllowed, notImplemented, unknownResource } from './errors.ts';
import type { Kind, Verb } from './kind.ts';
import { groupVersion } from './kind.ts';

export interface Route {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  /** undefined: the collection. */
  readonly name: string | undefined;
  readonly subresource: string;
  /** The deprecated `/api/v1/watch/...`. */
  readonly isWatchPath: boolean;
}

/** Where a path leads. `group` paths are discovery; `unknown` is the plain text 404. */
export type Destination =
  | { readonly type: 'unknown' }
  | { readonly type: 'group'; readonly group: string; readonly version: string | undefined }
  | { readonly type: 'resource'; readonly route: Route };

/**
 * Resolves a path below /api or /apis.
 * @throws ApiError 404 for a version, resource or subresource that the group does not have, 501 for one that only
 * the dev cluster does not have
 */
export function resolve(kinds: readonly Kind[], pathname: string): Destination {
  const parts = pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const isCore = parts[0] === 'api';
  const group = isCore ? '' : (parts[1] ?? '');
  const version = isCore ? parts[1] : parts[2];
  if (!kinds.some((kind) => kind.group === group)) return { type: 'unknown' };
  const rest = parts.slice(isCore ? 2 : 3);
  if (version === undefined) return { type: 'group', group, version };
  const served = kinds.filter((kind) => kind.group === group && kind.version === version);
  if (served.length === 0) {
    if (kinds.some((kind) => kind.group === group && kind.custom === undefined)) throw unknownResource();
    return { type: 'unknown' };
  }
  if (rest.length === 0) return { type: 'group', group, version };
  const route = resolveResource(served, rest);
  return route === undefined ? { type: 'unknown' } : { type: 'resource', route };
}

/** @returns undefined for a resource that a custom group does not have: such paths are not known at all */
function resolveResource(served: readonly Kind[], given: readonly string[]): Route | undefined {
  const isWatchPath = given[0] === 'watch';
  const parts = isWatchPath ? given.slice(1) : [...given];
  const isNamespaced =
    parts[0] === 'namespaces' && parts.length > 2 && !['status', 'finalize'].includes(parts[2] ?? '');
  const namespace = isNamespaced ? parts[1] : undefined;
  const [plural = '', name, subresource = '', ...beyond] = isNamespaced ? parts.slice(2) : parts;
  const kind = served.find((each) => each.plural === plural);
  if (kind === undefined) {
    const first = served[0];
    const gv = first === undefined ? '' : groupVersion(first);
    if (first?.custom !== undefined) return undefined;
    if (absentResources[gv]?.includes(plural) === true) throw notImplemented(`${plural} of ${gv}`);
    throw unknownResource();
  }
  const needsNamespace = kind.namespaced && name !== undefined && namespace === undefined;
  const endsHere = beyond.length === 0 || (kind.storage === 'services' && subresource === 'proxy');
  if (!endsHere || needsNamespace || (!kind.namespaced && isNamespaced)) throw unknownResource();
  if (subresource !== '') checkSubresource(kind, subresource);
  return { kind, namespace, name, subresource, isWatchPath };
}

function checkSubresource(kind: Kind, subresource: string): void {
  if (subresourceVerbs(kind, subresource).length > 0) return;
  if (absentSubresources[kind.storage]?.includes(subresource) === true) {
    throw notImplemented(`the ${subresource} subresource of ${kind.plural}`);
  }
  if (kind.custom === undefined) throw unknownResource();
}

/** The verbs of a subresource; none when the kind does not have it. */
export function subresourceVerbs(kind: Kind, subresource: string): readonly Verb[] {
  const { status, scale, log } = kind.subresources;
  if (subresource === 'status' && status === true) return ['get', 'patch', 'update'];
  if (subresource === 'scale' && scale !== undefined) return ['get', 'patch', 'update'];
  if (subresource === 'log' && log === true) return ['get'];
  if (subresource === 'proxy' && kind.storage === 'services')
    return ['create', 'delete', 'get', 'patch', 'update'];
  if (subresource === 'finalize' && kind.storage === 'namespaces') return ['update'];
  return [];
}

const namedVerbs: Readonly<Record<string, Verb>> = {
  GET: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};
const collectionVerbs: Readonly<Record<string, Verb>> = {
  GET: 'list',
  POST: 'create',
  DELETE: 'deletecollection',
};

/** What a method means on a route. @throws ApiError 405 */
export function verbOf(route: Route, method: string): Verb {
  const { kind, name, namespace, subresource } = route;
  const verb = (name === undefined ? collectionVerbs : namedVerbs)[method];
  const isAcrossNamespaces = name === undefined && kind.namespaced && namespace === undefined;
  if (verb === undefined || (isAcrossNamespaces && verb !== 'list')) throw methodNotAllowed();
  const verbs = subresource === '' ? kind.verbs : subresourceVerbs(kind, subresource);
  if (!verbs.includes(verb) && verbs.length > 0) throw methodNotAllowed();
  return verb;
}
