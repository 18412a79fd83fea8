import type { KubeObject, MetricsSource } from '../cluster-api.ts';
import { notFound } from './errors.ts';
import { encode } from './http.ts';
import type { ApiRequest, ApiResponse } from './http.ts';
import { negotiate } from './negotiate.ts';
import type { Registry } from './registry.ts';
import type { Route } from './router.ts';
import { verbOf } from './router.ts';
import { parseSelection } from './selection.ts';

/** metrics.k8s.io/v1beta1: what the node measured last. */
export function handleMetrics(
  registry: Registry,
  source: MetricsSource,
  route: Route,
  request: ApiRequest,
): ApiResponse {
  const { kind, name, namespace } = route;
  const verb = verbOf(route, request.method);
  const negotiated = negotiate(request.headers.accept, {});
  const all = (kind.plural === 'pods' ? source.pods() : source.nodes()).map((object) =>
    labelled(registry, kind.plural, object),
  );
  if (verb === 'get') {
    const found = all.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
    if (found === undefined)
      throw notFound(kind, namespace === undefined ? (name ?? '') : `${namespace}/${name ?? ''}`);
    return encode(200, found, negotiated);
  }
  const { searchParams } = new URL(request.url, 'http://localhost');
  const selection = parseSelection(kind, {
    namespace,
    labelSelector: searchParams.get('labelSelector') ?? undefined,
    fieldSelector: searchParams.get('fieldSelector') ?? undefined,
  });
  const items = all.filter((object) => selection.matches(object)).sort(byName);
  const list = { kind: kind.listKind, apiVersion: 'metrics.k8s.io/v1beta1', metadata: {}, items };
  return encode(200, list, negotiated);
}

/** Metrics bear the labels of what was measured, as metrics-server shows them. */
function labelled(registry: Registry, plural: string, object: KubeObject): KubeObject {
  if (object.metadata.labels !== undefined) return object;
  const measured = registry.store.collection(plural).get(object.metadata.namespace, object.metadata.name);
  const labels = measured?.metadata.labels;
  return labels === undefined ? object : { ...object, metadata: { ...object.metadata, labels } };
}

function byName(a: KubeObject, b: KubeObject): number {
  const key = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;
  return key(a) < key(b) ? -1 : 1;
}
