/**
 * What Kubernetes has in the group-versions that are served here and the dev cluster has not: these answer 501 and say so,
 * where names that Kubernetes does not know either answer 404. docs/dev-cluster.md is written from this table.
 */
export const absentResources: Readonly<Record<string, readonly string[]>> = {
  v1: [
    'bindings',
    'componentstatuses',
    'limitranges',
    'persistentvolumeclaims',
    'persistentvolumes',
    'podtemplates',
    'replicationcontrollers',
    'resourcequotas',
  ],
  'apps/v1': ['controllerrevisions', 'daemonsets'],
  'coordination.k8s.io/v1': [],
  'networking.k8s.io/v1': ['ingressclasses', 'ipaddresses', 'networkpolicies', 'servicecidrs'],
};

/** Subresources by the storage of their resource. */
export const absentSubresources: Readonly<Record<string, readonly string[]>> = {
  pods: ['attach', 'binding', 'ephemeralcontainers', 'eviction', 'exec', 'portforward', 'proxy', 'resize'],
  nodes: ['proxy'],
  serviceaccounts: ['token'],
};
