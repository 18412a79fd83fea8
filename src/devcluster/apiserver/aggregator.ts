import { Agent, request as send } from 'undici';
import type { KubeObject } from '../cluster-api.ts';
import { ApiError } from './errors.ts';
import type { ApiRequest, ApiResponse } from './http.ts';
import { child, children, stringAt } from './json.ts';
import type { Kind, Verb } from './kind.ts';
import { kindRow } from './kinds.ts';
import type { Registry } from './registry.ts';

/**
 * The aggregation layer: an APIService says that a group in one version is served by a Service, whose server then gets the
 * requests. It comes before what the API server serves itself, as where a metrics adapter is installed.
 */

/** Registered APIs, the preferred version of a group first. */
export function apiServices(registry: Registry): KubeObject[] {
  const priorityOf = (apiService: KubeObject): number => Number(child(apiService, 'spec').versionPriority);
  return [...registry.store.collection('apiservices.apiregistration.k8s.io').list()].sort(
    (a, b) => priorityOf(b) - priorityOf(a),
  );
}

export function groupVersionOf(apiService: KubeObject): { readonly group: string; readonly version: string } {
  const spec = child(apiService, 'spec');
  return { group: stringAt(spec, 'group'), version: stringAt(spec, 'version') };
}

/** What is registered for a path: `/apis/custom.metrics.k8s.io/v1beta2` and all below it. */
export function apiServiceAt(registry: Registry, path: string): KubeObject | undefined {
  const [, root, ...place] = path.split('/');
  if (root !== 'apis') return undefined;
  return apiServices(registry).find((apiService) => {
    const { group, version } = groupVersionOf(apiService);
    return group === place[0] && version === place[1];
  });
}

/**
 * Passes a request on, and the answer back as it comes.
 * @throws ApiError 503 when there is no server to pass it on to
 */
export async function forward(
  registry: Registry,
  apiService: KubeObject,
  { method, url, headers, body, signal }: ApiRequest,
): Promise<ApiResponse> {
  const passed = ['accept', 'content-type', 'user-agent'].flatMap((name) => {
    const value = headers[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  try {
    const answer = await send(serverOf(registry, apiService) + url, {
      method: method,
      headers: Object.fromEntries(passed),
      ...(body.length > 0 && { body }),
      dispatcher: agentOf(apiService),
      signal,
    });
    const type = answer.headers['content-type'] ?? 'application/json';
    return { status: answer.statusCode, headers: { 'content-type': type }, body: answer.body };
  } catch (error) {
    const message = `error trying to reach service: ${error instanceof Error ? error.message : String(error)}`;
    throw new ApiError(503, 'ServiceUnavailable', message);
  }
}

/** @throws Error when there is no such service */
function serverOf(registry: Registry, apiService: KubeObject): string {
  const { namespace, name, port } = child(child(apiService, 'spec'), 'service');
  const service = registry.store.collection('services').get(String(namespace), String(name));
  if (service === undefined) throw new Error(`service "${String(name)}" not found`);
  const spec = child(service, 'spec');
  const host = stringAt(spec, spec.type === 'ExternalName' ? 'externalName' : 'clusterIP');
  return `https://${host}:${Number(port)}`;
}

/** Connections are kept for as long as the registration stays as it is. */
const agents = new WeakMap<KubeObject, Agent>();

function agentOf(apiService: KubeObject): Agent {
  const known = agents.get(apiService);
  if (known !== undefined) return known;
  const spec = child(apiService, 'spec');
  const { namespace, name } = child(spec, 'service');
  const ca = Buffer.from(stringAt(spec, 'caBundle'), 'base64').toString();
  const servername = `${String(name)}.${String(namespace)}.svc`;
  const trust =
    spec.insecureSkipTLSVerify === true
      ? { rejectUnauthorized: false }
      : { servername, ...(ca !== '' && { ca }) };
  const agent = new Agent({ connect: trust });
  agents.set(apiService, agent);
  return agent;
}

/** What the registered APIs serve by their own word, as rows for discovery; one that cannot be asked is left out. */
export async function aggregatedKinds(registry: Registry): Promise<readonly Kind[]> {
  const found = apiServices(registry).map(async (apiService) => {
    const { group, version } = groupVersionOf(apiService);
    const resources = await resourcesOf(registry, apiService, `/apis/${group}/${version}`);
    return resources.map((resource) =>
      kindRow({
        group,
        version,
        kind: stringAt(resource, 'kind'),
        plural: stringAt(resource, 'name'),
        singular: stringAt(resource, 'singularName'),
        namespaced: resource.namespaced === true,
        verbs: resource.verbs as Verb[],
      }),
    );
  });
  return (await Promise.all(found)).flat();
}

const discoveryTimeoutMs = 5000;

async function resourcesOf(
  registry: Registry,
  apiService: KubeObject,
  url: string,
): Promise<Record<string, unknown>[]> {
  const signal = AbortSignal.timeout(discoveryTimeoutMs);
  const request = {
    method: 'GET',
    url,
    headers: { accept: 'application/json' },
    body: new Uint8Array(),
    signal,
  };
  try {
    const { status, body } = await forward(registry, apiService, request);
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(Buffer.from(chunk as Uint8Array));
    const list = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    return status === 200 ? children(list, 'resources') : [];
  } catch {
    return []; // As with Kubernetes, discovery of the others goes on.
  }
}
