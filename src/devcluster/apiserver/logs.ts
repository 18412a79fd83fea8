import type { KubeObject, LogOptions, LogSource } from '../cluster-api.ts';
import { badRequest, notFound } from './errors.ts';
import type { ApiRequest, ApiResponse } from './http.ts';
import { child, children, stringAt } from './json.ts';
import { isTrue } from './query.ts';

/**
 * The log of a pod's container, from the node.
 * @throws ApiError 400 when it is not clear which container is meant, 404 while no node runs the pod
 */
export function logResponse(
  source: LogSource | undefined,
  pod: KubeObject,
  request: ApiRequest,
  query: URLSearchParams,
): ApiResponse {
  const { name, namespace = '' } = pod.metadata;
  const container = containerOf(pod, query.get('container') ?? '');
  const node = stringAt(child(pod, 'spec'), 'nodeName');
  if (node === '') throw badRequest(`pod ${name} does not have a host assigned`);
  if (source === undefined) throw notFound({ group: '', kind: 'Pod', plural: 'pods' }, node);
  const body = source.read(namespace, name, optionsOf(query, container), request.signal);
  return { status: 200, headers: { 'content-type': 'text/plain' }, body };
}

function containerOf(pod: KubeObject, asked: string): string {
  const spec = child(pod, 'spec');
  const names = children(spec, 'containers').map((container) => stringAt(container, 'name'));
  const all = [...children(spec, 'initContainers').map((container) => stringAt(container, 'name')), ...names];
  if (asked === '') {
    const [only] = names;
    if (only !== undefined && names.length === 1) return only;
    const text = `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${names.join(' ')}]`;
    throw badRequest(text);
  }
  if (!all.includes(asked)) throw badRequest(`container ${asked} is not valid for pod ${pod.metadata.name}`);
  return asked;
}

function optionsOf(query: URLSearchParams, container: string): LogOptions {
  const number = (name: string): number | undefined => {
    const value = query.get(name);
    if (value === null || value === '') return undefined;
    if (!/^\d+$/.test(value)) throw badRequest(`strconv.ParseInt: parsing "${value}": invalid syntax`);
    return Number(value);
  };
  const numbers = Object.entries({
    tailLines: number('tailLines'),
    sinceSeconds: number('sinceSeconds'),
    limitBytes: number('limitBytes'),
  }).filter(([, value]) => value !== undefined);
  return {
    container,
    follow: isTrue(query, 'follow'),
    previous: isTrue(query, 'previous'),
    timestamps: isTrue(query, 'timestamps'),
    ...(Object.fromEntries(numbers) as { tailLines?: number; sinceSeconds?: number; limitBytes?: number }),
  };
}
