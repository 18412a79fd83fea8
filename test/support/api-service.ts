/** Where an APIService sends requests: the port of a Service of type ExternalName. */
export interface ServedBy {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

/** The registration of an aggregated API; of several versions v1beta2 comes first. */
export function apiService(group: string, version: string, service: ServedBy) {
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: `${version}.${group}` },
    spec: {
      group,
      version,
      groupPriorityMinimum: 100,
      versionPriority: version === 'v1beta2' ? 200 : 100,
      insecureSkipTLSVerify: true,
      service,
    },
  };
}
