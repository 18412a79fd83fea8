import { methodNotAllowed } from './errors.ts';
import { jsonResponse, pageNotFound } from './http.ts';
import type { ApiRequest, ApiResponse } from './http.ts';
import type { Kind } from './kind.ts';
import { openapiV3Document, openapiV3Index } from './openapi/openapi.ts';

const v2Type = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/** `/openapi/v3`, its documents, and a v2 that is empty: what older kubectls need of it is that it is there. */
export function openapiResponse(request: ApiRequest, kinds: readonly Kind[], path: string): ApiResponse {
  if (request.method !== 'GET') throw methodNotAllowed();
  if (path === '/openapi/v2') return { status: 200, headers: { 'content-type': v2Type }, body: '' };
  if (path === '/openapi/v3') return jsonResponse(200, openapiV3Index(kinds));
  const found = /^\/openapi\/v3\/(?:api\/(?<core>v1)|apis\/(?<group>[^/]+)\/(?<version>[^/]+))$/.exec(path);
  const { core, group = '', version } = found?.groups ?? {};
  const asked = core ?? `${group}/${version ?? ''}`;
  const served = kinds.filter((kind) => kind.group === group && kind.version === (core ?? version));
  if (found === null || served.length === 0) return pageNotFound();
  return jsonResponse(200, openapiV3Document(asked, served));
}
