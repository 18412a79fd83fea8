import { metricMilli } from '../api/metric-value.ts';
import type { ExternalMetricValueJson } from '../api/types.ts';
import type { MetricIdentifier, Reading } from '../decide/snapshot.ts';
import type { KubeClient } from '../kube/client.ts';
import { selectorFromLabelSelector } from '../lib/selector.ts';
import { reading } from './reading.ts';

/** external.metrics.k8s.io: the series of one metric from outside the cluster. */
export async function readExternalMetric(
  client: KubeClient,
  namespace: string,
  { name, selector }: MetricIdentifier,
  signal: AbortSignal,
): Promise<Reading<readonly bigint[]>> {
  return reading(async () => {
    const labelSelector = selector === undefined ? undefined : selectorFromLabelSelector(selector).toString();
    const place = `/namespaces/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
    const list = await client.get(`/apis/external.metrics.k8s.io/v1beta1${place}`, {
      query: { labelSelector },
      signal,
    });
    return ((list as { items?: readonly ExternalMetricValueJson[] }).items ?? []).map(metricMilli);
  });
}
