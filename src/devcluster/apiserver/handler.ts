import type { LogSource, MetricsSource } from '../cluster-api.ts';
import { aggregatedKinds, apiServiceAt, apiServices, forward, groupVersionOf } from './aggregator.ts';
import {
  aggregatedDiscovery,
  apiGroup,
  apiGroupList,
  apiResourceList,
  apiVersions,
  groupNames,
} from './discovery.ts';
import { ApiError, methodNotAllowed } from './errors.ts';
import { encode, jsonResponse, pageNotFound, textResponse } from './http.ts';
import type { ApiRequest, ApiResponse } from './http.ts';
import type { Kind } from './kind.ts';
import { metricsKinds } from './kinds.ts';
import { handleMetrics } from './metrics.ts';
import { discoveryViews, negotiate } from './negotiate.ts';
import { openapiResponse } from './openapi-paths.ts';
import type { Registry } from './registry.ts';
import { handleResource } from './resources.ts';
import { resolve } from './router.ts';
import { versionInfo } from './version.ts';

/** The parts of the cluster that the server forwards to; absent while there is no node. */
export interface Sources {
  logs?: LogSource | undefined;
  metrics?: MetricsSource | undefined;
}

export interface HandlerOptions {
  readonly registry: Registry;
  readonly sources: Sources;
  /** `host:port` for discovery. */
  readonly serverAddress: () => string;
  /** Told of errors that are ours. */
  readonly log: (line: string) => void;
}

export type Handler = (request: ApiRequest) => Promise<ApiResponse>;

/** Answers requests as the Kubernetes API does. Never rejects: every failure is a response. */
export function createHandler(options: HandlerOptions): Handler {
  return async (request) => {
    try {
      return await route(options, request);
    } catch (error) {
      if (error instanceof ApiError) return errorResponse(error);
      options.log(
        `${request.method} ${request.url}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      const text = error instanceof Error ? error.message : String(error);
      return errorResponse(new ApiError(500, 'InternalError', `Internal error occurred: ${text}`));
    }
  };
}

function errorResponse(error: ApiError): ApiResponse {
  const response = jsonResponse(error.code, error.status);
  const seconds = error.status.details?.retryAfterSeconds;
  if (seconds === undefined) return response;
  return { ...response, headers: { ...response.headers, 'retry-after': String(seconds) } };
}

function servedKinds({ registry, sources }: HandlerOptions): readonly Kind[] {
  return sources.metrics === undefined ? registry.kinds() : [...registry.kinds(), ...metricsKinds];
}

/** The same, and what is registered, for discovery: what is registered comes before what is served here. */
async function discoveredKinds(options: HandlerOptions): Promise<readonly Kind[]> {
  const { registry } = options;
  const registered = apiServices(registry).map(groupVersionOf);
  const own = servedKinds(options).filter(
    (kind) => !registered.some(({ group, version }) => group === kind.group && version === kind.version),
  );
  return registered.length === 0 ? own : [...own, ...(await aggregatedKinds(registry))];
}

async function route(options: HandlerOptions, request: ApiRequest): Promise<ApiResponse> {
  const { pathname } = new URL(request.url, 'http://localhost');
  const path = pathname === '/' ? pathname : pathname.replace(/\/$/, '');
  const apiService = apiServiceAt(options.registry, path);
  if (apiService !== undefined) return forward(options.registry, apiService, request);
  const isDiscovery = /^\/apis(\/[^/]+)?$/.test(path);
  const kinds = isDiscovery ? await discoveredKinds(options) : servedKinds(options);
  if (path === '/api' || path === '/apis') return discovery(options, request, kinds, path === '/api');
  if (path.startsWith('/api/') || path.startsWith('/apis/')) {
    const destination = resolve(kinds, path);
    if (destination.type === 'unknown') return pageNotFound();
    if (destination.type === 'group') return groupDiscovery(request, kinds, destination);
    const { kind } = destination.route;
    if (kind.group === 'metrics.k8s.io' && options.sources.metrics !== undefined) {
      return handleMetrics(options.registry, options.sources.metrics, destination.route, request);
    }
    return handleResource(options, destination.route, request);
  }
  return otherPaths(request, kinds, path);
}

function onlyGet(request: ApiRequest): void {
  if (request.method !== 'GET') throw methodNotAllowed();
}

function discovery(
  options: HandlerOptions,
  request: ApiRequest,
  kinds: readonly Kind[],
  isCore: boolean,
): ApiResponse {
  onlyGet(request);
  const negotiated = negotiate(request.headers.accept, discoveryViews);
  if (negotiated.as === 'APIGroupDiscoveryList') {
    const type = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    const response = jsonResponse(200, aggregatedDiscovery(kinds, isCore));
    return { ...response, headers: { 'content-type': type } };
  }
  const body = isCore ? apiVersions(options.serverAddress()) : apiGroupList(kinds);
  return encode(200, body, negotiated);
}

function groupDiscovery(
  request: ApiRequest,
  kinds: readonly Kind[],
  { group, version }: { group: string; version: string | undefined },
): ApiResponse {
  onlyGet(request);
  const { encoding } = negotiate(request.headers.accept, discoveryViews);
  const body = version === undefined ? apiGroup(kinds, group) : apiResourceList(kinds, group, version);
  return encode(200, body, { encoding });
}

const healthPaths = ['/healthz', '/readyz', '/livez'];

function otherPaths(request: ApiRequest, kinds: readonly Kind[], path: string): ApiResponse {
  if (path.startsWith('/openapi/')) return openapiResponse(request, kinds, path);
  const health = healthPaths.find((each) => path === each || path === `${each}/ping`);
  if (path !== '/version' && path !== '/' && health === undefined) return pageNotFound();
  onlyGet(request);
  if (path === '/version') return jsonResponse(200, versionInfo());
  if (path === '/') return jsonResponse(200, { paths: rootPaths(kinds) });
  const isVerbose = new URL(request.url, 'http://localhost').searchParams.has('verbose');
  return textResponse(200, isVerbose ? `[+]ping ok\n${(health ?? '').slice(1)} check passed\n` : 'ok');
}

function rootPaths(kinds: readonly Kind[]): string[] {
  const groups = groupNames(kinds).flatMap((group) => [
    `/apis/${group}`,
    ...new Set(kinds.filter((kind) => kind.group === group).map((kind) => `/apis/${group}/${kind.version}`)),
  ]);
  return [
    '/api',
    '/api/v1',
    '/apis',
    ...groups,
    ...healthPaths,
    '/openapi/v2',
    '/openapi/v3',
    '/version',
  ].sort();
}
