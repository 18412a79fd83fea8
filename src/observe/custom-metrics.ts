import { measuredAt, metricMilli, podMetricSample } from '../api/metric-value.ts';
import type { MetricValueJson } from '../api/types.ts';
import type { MetricIdentifier, ObjectReference } from '../decide/references.ts';
import type { PodMetricSample, Reading } from '../decide/snapshot.ts';
import type { KubeClient } from '../kube/client.ts';
import { groupOf } from '../kube/discovery.ts';
import type { Discovery } from '../kube/discovery.ts';
import { selectorFromLabelSelector } from '../lib/selector.ts';
import { measured, reading } from './reading.ts';
import type { Measured } from './reading.ts';
import type { SourceLimits } from './source-limits.ts';

const apiGroup = 'custom.metrics.k8s.io';

export interface CustomMetricsOptions {
  readonly client: KubeClient;
  readonly discovery: Discovery;
  readonly limits: SourceLimits;
}

/** custom.metrics.k8s.io: metrics that describe pods or other objects, as an adapter serves them. */
export class CustomMetrics {
  readonly #options: CustomMetricsOptions;

  constructor(options: CustomMetricsOptions) {
    this.#options = options;
  }

  /** One metric of all pods that a selector matches. */
  async ofPods(
    namespace: string,
    metric: MetricIdentifier,
    labelSelector: string,
    signal: AbortSignal,
  ): Promise<Reading<readonly PodMetricSample[]>> {
    return reading(async () => {
      const items = await this.#list(`${place(namespace)}/pods/*`, metric, { labelSelector }, signal);
      return items.map(podMetricSample);
    });
  }

  /** One metric of one object; of the namespace itself when that is what is described, as the HPA does. */
  async ofObject(
    namespace: string,
    metric: MetricIdentifier,
    described: ObjectReference,
    signal: AbortSignal,
  ): Promise<Measured<bigint>> {
    return measured(async () => {
      const object = await this.#objectPath(namespace, described);
      const [item, ...more] = await this.#list(object, metric, {}, signal);
      if (item !== undefined && more.length === 0) return { milli: metricMilli(item), ...measuredAt([item]) };
      const count = item === undefined ? 0 : more.length + 1;
      throw new Error(
        `the custom metrics API server returned ${count} results when we asked for exactly one`,
      );
    });
  }

  async #objectPath(namespace: string, { apiVersion, kind, name }: ObjectReference): Promise<string> {
    const group = groupOf(apiVersion) ?? '';
    if (group === '' && kind === 'Namespace') return `${place(namespace)}/metrics`;
    const [resource] = await this.#options.discovery.resources(group, kind);
    if (resource === undefined) throw new Error(`no matches for kind "${kind}" in group "${group}"`);
    const qualified = group === '' ? resource.plural : `${resource.plural}.${group}`;
    const root = resource.namespaced ? place(namespace) : '';
    return `${root}/${qualified}/${encodeURIComponent(name)}`;
  }

  async #list(
    object: string,
    { name, selector }: MetricIdentifier,
    query: { readonly labelSelector?: string },
    signal: AbortSignal,
  ): Promise<readonly MetricValueJson[]> {
    const version = await this.#version();
    const metricLabelSelector =
      selector === undefined ? undefined : selectorFromLabelSelector(selector).toString();
    const path = `/apis/${apiGroup}/${version}${object}/${encodeURIComponent(name)}`;
    const { client, limits } = this.#options;
    const call = { query: { ...query, metricLabelSelector }, signal, pool: apiGroup, ...limits };
    const list = await client.get(path, call);
    return (list as { items?: readonly MetricValueJson[] }).items ?? [];
  }

  /** v1beta2 before v1beta1, whichever the adapter prefers: the newer one carries the metric's selector. */
  async #version(): Promise<string> {
    const served = await this.#options.discovery.versions(apiGroup);
    const version = ['v1beta2', 'v1beta1'].find((known) => served.includes(known));
    if (version === undefined) throw new Error(`no custom metrics API (${apiGroup}) registered`);
    return version;
  }
}

function place(namespace: string): string {
  return `/namespaces/${encodeURIComponent(namespace)}`;
}
