import { measuredAt, metricMilli } from '../api/metric-value.ts';
import type { ExternalMetricValueJson } from '../api/types.ts';
import type { MetricIdentifier } from '../decide/references.ts';
import type { KubeClient } from '../kube/client.ts';
import { selectorFromLabelSelector } from '../lib/selector.ts';
import { measured } from './reading.ts';
import type { Measured } from './reading.ts';
import type { SourceLimits } from './source-limits.ts';

const apiGroup = 'external.metrics.k8s.io';

export interface ExternalMetricsOptions {
  readonly client: KubeClient;
  readonly limits: SourceLimits;
}

/** external.metrics.k8s.io: the series of one metric from outside the cluster. */
export class ExternalMetrics {
  readonly #options: ExternalMetricsOptions;

  constructor(options: ExternalMetricsOptions) {
    this.#options = options;
  }

  /** The values of all series of a metric. */
  async read(
    namespace: string,
    { name, selector }: MetricIdentifier,
    signal: AbortSignal,
  ): Promise<Measured<readonly bigint[]>> {
    const { client, limits } = this.#options;
    return measured(async () => {
      const labelSelector =
        selector === undefined ? undefined : selectorFromLabelSelector(selector).toString();
      const place = `/namespaces/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
      const call = { query: { labelSelector }, signal, pool: apiGroup, ...limits };
      const list = await client.get(`/apis/${apiGroup}/v1beta1${place}`, call);
      const items = (list as { items?: readonly ExternalMetricValueJson[] }).items ?? [];
      return { milli: items.map(metricMilli), ...measuredAt(items) };
    });
  }
}
