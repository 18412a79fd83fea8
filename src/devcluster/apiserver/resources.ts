import type { KubeObject } from '../cluster-api.ts';
import { createObject } from './create.ts';
import { checkPatched, decodeDeleteOptions, decodeObject, decodePatch, patchTypeOf } from './decode.ts';
import { deleteObject } from './delete.ts';
import type { DeleteOptions } from './delete.ts';
import { badRequest, notFound } from './errors.ts';
import { encode, jsonResponse, withWarnings } from './http.ts';
import type { ApiRequest, ApiResponse } from './http.ts';
import type { HandlerOptions } from './handler.ts';
import type { Kind, Verb } from './kind.ts';
import { checkFuture, listObjects, parseVersion } from './list.ts';
import { logResponse } from './logs.ts';
import { listViews, negotiate, objectViews } from './negotiate.ts';
import { scaleRow } from './kinds.ts';
import { applyPatch } from './patch/patch.ts';
import { checkListView, parseIncludeObject, presentList, respondObject } from './present.ts';
import type { Presentation } from './present.ts';
import { checkDryRun, isTrue, listOptions, parseWriteQuery, selectionOptions } from './query.ts';
import type { Registry } from './registry.ts';
import type { Route } from './router.ts';
import { verbOf } from './router.ts';
import { scaleOf, updateScale } from './scale.ts';
import { parseSelection } from './selection.ts';
import { proxyToService } from './service-proxy.ts';
import { updateObject } from './update.ts';
import type { Target } from './update.ts';
import { watchResponse } from './watch-response.ts';

/** One request to a resource, with what was read from it so far. */
export interface Call {
  readonly registry: Registry;
  readonly options: HandlerOptions;
  readonly request: ApiRequest;
  readonly route: Route;
  readonly query: URLSearchParams;
  readonly presentation: Presentation;
}

const handlers: Readonly<Record<Verb, (call: Call) => ApiResponse | Promise<ApiResponse>>> = {
  get,
  list,
  watch: watchResponse,
  create,
  update,
  patch,
  delete: remove,
  deletecollection: removeAll,
};

/** @throws ApiError */
export async function handleResource(
  options: HandlerOptions,
  route: Route,
  request: ApiRequest,
): Promise<ApiResponse> {
  const { registry } = options;
  if (route.subresource === 'proxy') return proxyToService(registry, route, request);
  const query = new URL(request.url, 'http://localhost').searchParams;
  const verb = actualVerb(route, verbOf(route, request.method), query);
  const isList = verb === 'list' || verb === 'watch' || verb === 'deletecollection';
  const accept = request.headers.accept;
  if (isList && verb !== 'watch') checkListView(route.kind, accept);
  const negotiated = negotiate(
    accept?.replaceAll(';stream=watch', ''),
    isList ? { ...listViews, ...objectViews } : objectViews,
  );
  const includeObject = parseIncludeObject(query.get('includeObject'));
  const presentation = { negotiated, includeObject, nowMs: registry.now().getTime() };
  const call = { registry, options, request, route: namedRoute(route), query, presentation };
  const response = await handlers[verb](call);
  return withWarnings(response, deprecations(route.kind, response));
}

function deprecations(kind: Kind, response: ApiResponse): string[] {
  const hasOwn = 'warning' in response.headers;
  return kind.deprecation === undefined || hasOwn ? [] : [kind.deprecation];
}

/** GET of a collection is a watch when it is asked to be; a named object on a watch path is watched by its name. */
function actualVerb(route: Route, verb: Verb, query: URLSearchParams): Verb {
  if (route.isWatchPath && (verb === 'list' || verb === 'get')) {
    if (route.name !== undefined) query.set('fieldSelector', `metadata.name=${route.name}`);
    return 'watch';
  }
  return verb === 'list' && isTrue(query, 'watch') ? 'watch' : verb;
}

function namedRoute(route: Route): Route {
  return route.isWatchPath ? { ...route, name: undefined } : route;
}

function targetOf({ route }: Call): Target {
  const { kind, namespace, name = '' } = route;
  return { kind, namespace, name, subresource: route.subresource as Target['subresource'] };
}

/** The stored object as its kind shows it. @throws ApiError 404 */
function existing({ registry, route }: Call): KubeObject {
  const { kind, namespace, name = '' } = route;
  const stored = registry.collection(kind).get(namespace, name);
  if (stored === undefined) throw notFound(kind, name);
  return registry.view(kind, stored);
}

function get(call: Call): ApiResponse | Promise<ApiResponse> {
  const { registry, route, query, presentation } = call;
  const version = query.get('resourceVersion');
  if (version !== null && version !== '') checkFuture(registry, parseVersion(version));
  const object = existing(call);
  if (route.subresource === 'log') return logResponse(call.options.sources.logs, object, call.request, query);
  if (
    route.kind.custom !== undefined &&
    route.subresource === 'status' &&
    route.kind.subresources.status !== true
  ) {
    throw notFound(route.kind, object.metadata.name);
  }
  const shown = route.subresource === 'scale' ? scaleOf(route.kind, object) : object;
  return respondObject(200, shownKind(route), shown, presentation);
}

/** A Scale is read and shown as what it is, whatever it scales. */
function shownKind({ kind, subresource }: Route): Kind {
  return subresource === 'scale' ? scaleRow : kind;
}

function list(call: Call): ApiResponse {
  const { registry, route, query, presentation } = call;
  const { kind, namespace } = route;
  const selection = parseSelection(kind, selectionOptions(query, namespace));
  const { items, metadata } = listObjects(registry, kind, selection, listOptions(query));
  return encode(200, presentList(kind, items, metadata, presentation), presentation.negotiated);
}

function create(call: Call): ApiResponse {
  const { registry, request, route, query, presentation } = call;
  const { kind, namespace } = route;
  const { dryRun, validation } = parseWriteQuery(query, 'create');
  const body = { body: request.body, contentType: request.headers['content-type'] };
  const { object, warnings } = decodeObject(kind, body, validation);
  checkNamespaceOfBody(object, namespace);
  const created = createObject(registry, kind, namespace, object, { dryRun });
  return withWarnings(respondObject(201, kind, created, presentation), allWarnings(kind, warnings));
}

function allWarnings(kind: Kind, warnings: readonly string[]): readonly string[] {
  return kind.deprecation === undefined ? warnings : [kind.deprecation, ...warnings];
}

function checkNamespaceOfBody(object: KubeObject, namespace: string | undefined): void {
  const sent = (object.metadata as KubeObject['metadata'] | undefined)?.namespace ?? '';
  if (sent === '' || sent === namespace) return;
  throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

function update(call: Call): ApiResponse {
  const { registry, request, route, query, presentation } = call;
  const { kind } = route;
  const { dryRun, validation } = parseWriteQuery(query, 'update');
  const body = { body: request.body, contentType: request.headers['content-type'] };
  const { object, warnings } = decodeObject(shownKind(route), body, validation);
  const change = { isPatch: false, apply: () => object };
  if (route.subresource === 'scale') {
    const scale = updateScale(registry, targetOf(call), change, { dryRun });
    return withWarnings(respondObject(200, shownKind(route), scale, presentation), warnings);
  }
  const updated = updateObject(registry, targetOf(call), change, { dryRun });
  const response = respondObject(updated.isCreated ? 201 : 200, kind, updated.object, presentation);
  return withWarnings(response, allWarnings(kind, warnings));
}

function patch(call: Call): ApiResponse {
  const { registry, request, route, query, presentation } = call;
  const { kind } = route;
  const type = patchTypeOf(kind, request.headers['content-type']);
  const { dryRun, validation } = parseWriteQuery(query, 'patch');
  const document = decodePatch(request.body);
  if (route.subresource === 'scale') {
    const apply = (scale: KubeObject): KubeObject => applyPatch(kind, type, scale, document);
    const scale = updateScale(registry, targetOf(call), { isPatch: true, apply }, { dryRun });
    return respondObject(200, shownKind(route), scale, presentation);
  }
  let warnings: readonly string[] = [];
  const apply = (current: KubeObject): KubeObject => {
    const checked = checkPatched(kind, applyPatch(kind, type, current, document), validation);
    warnings = checked.warnings;
    return checked.object;
  };
  const { object } = updateObject(registry, targetOf(call), { isPatch: true, apply }, { dryRun });
  return withWarnings(respondObject(200, kind, object, presentation), allWarnings(kind, warnings));
}

function deleteOptions({ request, query }: Call): DeleteOptions {
  const body = decodeDeleteOptions(request.body, request.headers['content-type'], query);
  const dryRun = [...query.getAll('dryRun'), ...(body.dryRun ?? [])];
  checkDryRun('DeleteOptions', dryRun);
  return { ...body, dryRun: dryRun.length > 0 };
}

function remove(call: Call): ApiResponse {
  const { registry, route, presentation } = call;
  const { kind, namespace, name = '' } = route;
  const { object, isGone } = deleteObject(registry, { kind, namespace, name }, deleteOptions(call));
  if (kind.deleteAnswersObject || !isGone) return respondObject(200, kind, object, presentation);
  const group = kind.group === '' ? {} : { group: kind.group };
  const details = { name, ...group, kind: kind.plural, uid: object.metadata.uid };
  return jsonResponse(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details });
}

function removeAll(call: Call): ApiResponse {
  const { registry, route, query, presentation } = call;
  const { kind, namespace } = route;
  const options = deleteOptions(call);
  const selection = parseSelection(kind, selectionOptions(query, namespace));
  const { items, metadata } = listObjects(registry, kind, selection, {
    limit: query.get('limit') ?? undefined,
  });
  for (const object of items) {
    const target = { kind, namespace: object.metadata.namespace, name: object.metadata.name };
    deleteObject(registry, target, options);
  }
  return encode(200, presentList(kind, items, metadata, presentation), presentation.negotiated);
}
