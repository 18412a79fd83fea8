import { validateDeployment, validateReplicaSet, validateStatefulSet } from './validate-workloads.ts';
import { defaultDeployment, defaultReplicaSet, defaultStatefulSet } from './workloads.ts';
import { template } from './row.ts';
import type { Row } from './row.ts';

export const apps: readonly Row[] = [
  {
    group: 'apps',
    version: 'v1',
    kind: 'Deployment',
    plural: 'deployments',
    shortNames: ['deploy'],
    categories: ['all'],
    subresources: { status: true, scale: 'workload' },
    generation: 'spec-annotations',
    statusMetadata: 'not-labels',
    schemaName: 'io.k8s.api.apps.v1.Deployment',
    mergeRules: { ...template, 'spec.strategy': { strategy: 'retainKeys' } },
    integers: { 'spec.replicas': 'DeploymentSpec' },
    applyDefaults: defaultDeployment,
    validate: validateDeployment,
  },
  {
    group: 'apps',
    version: 'v1',
    kind: 'ReplicaSet',
    plural: 'replicasets',
    shortNames: ['rs'],
    categories: ['all'],
    subresources: { status: true, scale: 'workload' },
    generation: 'spec',
    schemaName: 'io.k8s.api.apps.v1.ReplicaSet',
    mergeRules: template,
    integers: { 'spec.replicas': 'ReplicaSetSpec' },
    applyDefaults: defaultReplicaSet,
    validate: validateReplicaSet,
  },
  {
    group: 'apps',
    version: 'v1',
    kind: 'StatefulSet',
    plural: 'statefulsets',
    shortNames: ['sts'],
    categories: ['all'],
    subresources: { status: true, scale: 'workload' },
    generation: 'spec',
    schemaName: 'io.k8s.api.apps.v1.StatefulSet',
    mergeRules: template,
    integers: { 'spec.replicas': 'StatefulSetSpec' },
    applyDefaults: defaultStatefulSet,
    validate: validateStatefulSet,
    limit: 'no controller runs: it makes no pods',
  },
];
