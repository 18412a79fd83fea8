import { Agent, request as send } from 'undici';
import type { KubeObject } from '../cluster-api.ts';
import type { EndpointSlice } from '../controllers/objects.ts';
import { endpointSlices, serviceNameLabel } from '../controllers/endpoint-slice.ts';
import { backendsOf } from '../network/endpoints.ts';
import { ApiError, badRequest, notFound } from './errors.ts';
import type { ApiRequest, ApiResponse } from './http.ts';
import { child, children, stringAt } from './json.ts';
import type { Registry } from './registry.ts';
import type { Route } from './router.ts';

/** `NAME`, `NAME:PORT` or `SCHEME:NAME:PORT`; the port by its name or number. */
interface Named {
  readonly scheme: string;
  readonly name: string;
  readonly port: string;
}

/** What stands in a certificate of a pod is of no interest, as with Kubernetes. */
const trustsAll = new Agent({ connect: { rejectUnauthorized: false } });

/**
 * The proxy subresource of a Service: one of its endpoints gets the request, of any method, and its answer is passed on as it comes.
 * Connections are not upgraded, and links in pages are not rewritten.
 * @throws ApiError 404 for an unknown Service, 503 while it has no such port or no ready endpoint
 */
export async function proxyToService(
  registry: Registry,
  { kind, namespace = '', name: given = '' }: Route,
  { method, url, headers, body, signal }: ApiRequest,
): Promise<ApiResponse> {
  const { scheme, name, port } = parseName(given);
  const service = registry.store.collection('services').get(namespace, name);
  if (service === undefined) throw notFound(kind, name);
  const { host, port: number } = endpointOf(registry, service, port);
  const passed = ['accept', 'content-type', 'user-agent'].flatMap((header) => {
    const value = headers[header];
    return value === undefined ? [] : [[header, value] as const];
  });
  try {
    const answer = await send(`${scheme}://${host}:${number}${pathBeyond(url)}`, {
      method,
      headers: Object.fromEntries(passed),
      ...(body.length > 0 && { body }),
      ...(scheme === 'https' && { dispatcher: trustsAll }),
      signal,
    });
    const type = answer.headers['content-type'];
    return {
      status: answer.statusCode,
      headers: type === undefined ? {} : { 'content-type': type },
      body: answer.body,
    };
  } catch (error) {
    throw unavailable(
      `error trying to reach service: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function parseName(given: string): Named {
  const parts = given.split(':');
  const [scheme = '', name = '', port = ''] = parts.length === 3 ? parts : ['', ...parts];
  if (parts.length > 3 || name === '' || !['', 'http', 'https'].includes(scheme))
    throw badRequest(`invalid service request "${given}"`);
  return { scheme: scheme === '' ? 'http' : scheme, name, port };
}

/** One of the ready ones, each as likely. */
function endpointOf(registry: Registry, service: KubeObject, asked: string): { host: string; port: number } {
  const { namespace = '', name } = service.metadata;
  const port = { name: portName(service, asked), port: 0 };
  const slices = [...(registry.store.collection(endpointSlices).list() as Iterable<EndpointSlice>)].filter(
    ({ metadata }) => metadata.namespace === namespace && metadata.labels?.[serviceNameLabel] === name,
  );
  const backends = backendsOf(slices, port);
  const one = backends[Math.floor(Math.random() * backends.length)];
  if (one === undefined) throw unavailable(`no endpoints available for service "${name}"`);
  return one;
}

function portName(service: KubeObject, asked: string): string {
  if (!/^\d+$/.test(asked)) return asked;
  const port = children(child(service, 'spec'), 'ports').find((each) => each.port === Number(asked));
  if (port === undefined)
    throw unavailable(`no service port ${asked} found for service "${service.metadata.name}"`);
  return stringAt(port, 'name');
}

/** Path and query behind `/proxy`, as they were sent. */
function pathBeyond(url: string): string {
  const [, rest = ''] = /^[^?]*?\/services\/[^/?]+\/proxy(.*)$/.exec(url) ?? [];
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function unavailable(message: string): ApiError {
  return new ApiError(503, 'ServiceUnavailable', message);
}
