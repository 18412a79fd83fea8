import { apiService } from '../../support/api-service.ts';
import { eventually } from '../../support/wait.ts';
import { type Api, path } from './api.ts';

/** Group and version of each metrics API, the preferred version of a group first. */
const metricsApis = [
  ['metrics.k8s.io', 'v1beta1'],
  ['custom.metrics.k8s.io', 'v1beta2'],
  ['custom.metrics.k8s.io', 'v1beta1'],
  ['external.metrics.k8s.io', 'v1beta1'],
] as const;

const service = 'fleet-metrics';
const registrations = path('apiregistration.k8s.io/v1', 'apiservices');

/** Names of the metrics APIs that somebody registered already. */
export async function registeredMetricsApis(api: Api): Promise<string[]> {
  const names = metricsApis.map(([group, version]) => `${version}.${group}`);
  const present = await api.list(registrations);
  return present.map(({ metadata }) => metadata.name).filter((name) => names.includes(name));
}

/** Lets the API server pass requests for metrics on to a server on this machine, and waits until it does. */
export async function registerMetricsApis(api: Api, namespace: string, port: number): Promise<void> {
  await api.create(path('v1', 'services', namespace), {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: service, namespace },
    spec: { type: 'ExternalName', externalName: 'localhost', ports: [{ port, protocol: 'TCP' }] },
  });
  for (const [group, version] of metricsApis) {
    await api.create(registrations, apiService(group, version, { name: service, namespace, port }));
  }
  for (const [group, version] of metricsApis)
    await eventually(`${group}/${version} is served`, () => api.get(`/apis/${group}/${version}`));
}

export async function unregisterMetricsApis(api: Api): Promise<void> {
  for (const [group, version] of metricsApis) await api.delete(`${registrations}/${version}.${group}`);
}
