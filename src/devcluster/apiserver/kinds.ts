import { validateCrd } from './schema/validate-crd.ts';
import type { Kind, MergeRule, Verb } from './kind.ts';
import { groupResource } from './kind.ts';
import { beginCrdDeletion, defaultCrd, newCrdStatus } from './kinds/crds.ts';
import {
  defaultEvent,
  eventFromStorage,
  eventToStorage,
  validateCoreEvent,
  validateEvent,
} from './kinds/events.ts';
import { defaultHpa, hpaFromStorage, hpaToStorage } from './kinds/hpa.ts';
import { podSpecMergeRules } from './kinds/pod-spec.ts';
import { defaultPod, newPodStatus } from './kinds/pods.ts';
import { allocateService, defaultService, keepAllocations } from './kinds/services.ts';
import {
  beginNamespaceDeletion,
  defaultConfigMap,
  defaultEndpoints,
  defaultEndpointSlice,
  defaultIngress,
  defaultLease,
  defaultNamespace,
  defaultNode,
  defaultSecret,
  keepNamespaceSpec,
  newNamespace,
  newNode,
} from './kinds/small.ts';
import { validateHpa } from './kinds/validate-hpa.ts';
import { validatePod } from './kinds/validate-pods.ts';
import { validateService } from './kinds/validate-services.ts';
import {
  validateConfigMap,
  validateEndpointSlice,
  validateIngress,
  validateLease,
} from './kinds/validate-small.ts';
import { validateDeployment, validateReplicaSet, validateStatefulSet } from './kinds/validate-workloads.ts';
import { defaultDeployment, defaultReplicaSet, defaultStatefulSet } from './kinds/workloads.ts';

export const allVerbs: readonly Verb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

const byKey = (mergeKey: string): MergeRule => ({ mergeKey, strategy: 'merge' });

/** Merge rules that every built-in kind has. */
const commonMergeRules: Readonly<Record<string, MergeRule>> = {
  'metadata.finalizers': { strategy: 'merge' },
  'metadata.ownerReferences': byKey('uid'),
};

const conditions = { 'status.conditions': byKey('type') };

const template = {
  ...conditions,
  ...podSpecMergeRules('spec.template.spec'),
  'spec.template.metadata.finalizers': { strategy: 'merge' },
} as const;

type Row = Pick<Kind, 'group' | 'version' | 'kind' | 'plural'> & Partial<Kind>;

/** A row with what most kinds have in common filled in. */
function row(given: Row): Kind {
  return {
    listKind: `${given.kind}List`,
    singular: given.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    verbs: allVerbs,
    subresources: {},
    storage: groupResource(given),
    generation: 'none',
    upsert: false,
    unconditionalUpdate: true,
    deleteAnswersObject: false,
    statusMetadata: 'all',
    fieldSelectors: {},
    fieldSelectorError: 'known',
    ...given,
    mergeRules: { ...commonMergeRules, ...given.mergeRules },
  };
}

const paths = (...list: string[]): Record<string, string> =>
  Object.fromEntries(list.map((path) => [path, path]));

const core: Row[] = [
  {
    group: '',
    version: 'v1',
    kind: 'ConfigMap',
    plural: 'configmaps',
    shortNames: ['cm'],
    schemaName: 'io.k8s.api.core.v1.ConfigMap',
    stringMaps: ['data'],
    applyDefaults: defaultConfigMap,
    validate: validateConfigMap,
  },
  {
    group: '',
    version: 'v1',
    kind: 'Endpoints',
    plural: 'endpoints',
    singular: 'endpoints',
    shortNames: ['ep'],
    upsert: true,
    schemaName: 'io.k8s.api.core.v1.Endpoints',
    applyDefaults: defaultEndpoints,
    deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
    limit: 'no controller writes them',
  },
  {
    group: '',
    version: 'v1',
    kind: 'Event',
    plural: 'events',
    shortNames: ['ev'],
    upsert: true,
    schemaName: 'io.k8s.api.core.v1.Event',
    applyDefaults: defaultEvent,
    validate: validateCoreEvent,
    fieldSelectorError: 'supported',
    fieldSelectors: {
      ...paths(
        'involvedObject.kind',
        'involvedObject.namespace',
        'involvedObject.name',
        'involvedObject.uid',
        'involvedObject.apiVersion',
        'involvedObject.resourceVersion',
        'involvedObject.fieldPath',
        'reason',
        'reportingComponent',
        'type',
      ),
      source: 'source.component',
    },
  },
  {
    group: '',
    version: 'v1',
    kind: 'Namespace',
    plural: 'namespaces',
    shortNames: ['ns'],
    namespaced: false,
    verbs: allVerbs.filter((verb) => verb !== 'deletecollection'),
    subresources: { status: true },
    deleteAnswersObject: true,
    schemaName: 'io.k8s.api.core.v1.Namespace',
    mergeRules: conditions,
    fieldSelectors: { ...paths('status.phase'), name: 'metadata.name' },
    fieldSelectorError: 'supported',
    applyDefaults: defaultNamespace,
    prepareCreate: newNamespace,
    prepareUpdate: keepNamespaceSpec,
    beginDeletion: beginNamespaceDeletion,
  },
  {
    group: '',
    version: 'v1',
    kind: 'Node',
    plural: 'nodes',
    shortNames: ['no'],
    namespaced: false,
    subresources: { status: true },
    schemaName: 'io.k8s.api.core.v1.Node',
    mergeRules: {
      ...conditions,
      'status.addresses': byKey('type'),
      'spec.podCIDRs': { strategy: 'merge' },
    },
    fieldSelectors: paths('spec.unschedulable'),
    fieldSelectorError: 'supported',
    applyDefaults: defaultNode,
    prepareCreate: newNode,
  },
  {
    group: '',
    version: 'v1',
    kind: 'Pod',
    plural: 'pods',
    shortNames: ['po'],
    categories: ['all'],
    subresources: { status: true, log: true },
    generation: 'spec',
    generationIgnores: 'spec.nodeName',
    deleteAnswersObject: true,
    schemaName: 'io.k8s.api.core.v1.Pod',
    mergeRules: {
      ...conditions,
      ...podSpecMergeRules('spec'),
      'status.podIPs': byKey('ip'),
      'status.hostIPs': byKey('ip'),
    },
    fieldSelectors: paths(
      'spec.nodeName',
      'spec.restartPolicy',
      'spec.schedulerName',
      'spec.serviceAccountName',
      'spec.hostNetwork',
      'status.phase',
      'status.podIP',
      'status.nominatedNodeName',
    ),
    fieldSelectorError: 'supported',
    applyDefaults: defaultPod,
    validate: validatePod,
    prepareCreate: newPodStatus,
  },
  {
    group: '',
    version: 'v1',
    kind: 'Secret',
    plural: 'secrets',
    schemaName: 'io.k8s.api.core.v1.Secret',
    fieldSelectors: paths('type'),
    fieldSelectorError: 'supported',
    applyDefaults: defaultSecret,
    limit: 'pods do not get them',
  },
  {
    group: '',
    version: 'v1',
    kind: 'Service',
    plural: 'services',
    shortNames: ['svc'],
    categories: ['all'],
    subresources: { status: true },
    upsert: true,
    deleteAnswersObject: true,
    schemaName: 'io.k8s.api.core.v1.Service',
    mergeRules: { ...conditions, 'spec.ports': byKey('port') },
    fieldSelectors: paths('spec.clusterIP', 'spec.type'),
    fieldSelectorError: 'supported',
    applyDefaults: defaultService,
    validate: validateService,
    prepareCreate: allocateService,
    prepareUpdate: keepAllocations,
  },
  {
    group: '',
    version: 'v1',
    kind: 'ServiceAccount',
    plural: 'serviceaccounts',
    shortNames: ['sa'],
    schemaName: 'io.k8s.api.core.v1.ServiceAccount',
    mergeRules: { secrets: byKey('name') },
    limit: 'no tokens are made for them, and none are checked',
  },
];

const apps: Row[] = [
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

const hpa: Row = {
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  shortNames: ['hpa'],
  categories: ['all'],
  subresources: { status: true },
  schemaName: 'io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler',
  mergeRules: conditions,
  integers: {
    'spec.minReplicas': 'HorizontalPodAutoscalerSpec',
    'spec.maxReplicas': 'HorizontalPodAutoscalerSpec',
  },
  applyDefaults: defaultHpa,
  validate: validateHpa,
  limit: 'no controller runs: it scales nothing',
};

const others: Row[] = [
  hpa,
  {
    ...hpa,
    version: 'v1',
    schemaName: 'io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler',
    convert: { fromStorage: hpaFromStorage, toStorage: hpaToStorage },
  },
  {
    group: 'events.k8s.io',
    version: 'v1',
    kind: 'Event',
    plural: 'events',
    shortNames: ['ev'],
    storage: 'events',
    upsert: true,
    schemaName: 'io.k8s.api.events.v1.Event',
    convert: { fromStorage: eventFromStorage, toStorage: eventToStorage },
    applyDefaults: defaultEvent,
    validate: validateEvent,
    fieldSelectorError: 'supported',
    fieldSelectors: {
      ...paths(
        'reason',
        'reportingController',
        'type',
        'regarding.kind',
        'regarding.namespace',
        'regarding.name',
        'regarding.uid',
        'regarding.apiVersion',
        'regarding.resourceVersion',
        'regarding.fieldPath',
      ),
    },
  },
  {
    group: 'coordination.k8s.io',
    version: 'v1',
    kind: 'Lease',
    plural: 'leases',
    upsert: true,
    unconditionalUpdate: false,
    schemaName: 'io.k8s.api.coordination.v1.Lease',
    applyDefaults: defaultLease,
    validate: validateLease,
  },
  {
    group: 'discovery.k8s.io',
    version: 'v1',
    kind: 'EndpointSlice',
    plural: 'endpointslices',
    generation: 'spec-labels',
    schemaName: 'io.k8s.api.discovery.v1.EndpointSlice',
    applyDefaults: defaultEndpointSlice,
    validate: validateEndpointSlice,
  },
  {
    group: 'networking.k8s.io',
    version: 'v1',
    kind: 'Ingress',
    plural: 'ingresses',
    shortNames: ['ing'],
    subresources: { status: true },
    generation: 'spec',
    schemaName: 'io.k8s.api.networking.v1.Ingress',
    applyDefaults: defaultIngress,
    validate: validateIngress,
  },
  {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    kind: 'CustomResourceDefinition',
    plural: 'customresourcedefinitions',
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
    namespaced: false,
    subresources: { status: true },
    generation: 'spec',
    schemaName: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition',
    applyDefaults: defaultCrd,
    prepareCreate: newCrdStatus,
    beginDeletion: beginCrdDeletion,
    validate: validateCrd,
  },
];

/** The table of kinds. Of a group's versions the preferred one stands first. */
export const builtInKinds: readonly Kind[] = [...core, ...apps, ...others].map(row);

const metrics: Row = {
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  kind: 'PodMetrics',
  plural: 'pods',
  singular: '',
  verbs: ['get', 'list'],
};

/** metrics.k8s.io: read from the node, never stored. */
export const metricsKinds: readonly Kind[] = [
  row({ ...metrics, kind: 'NodeMetrics', plural: 'nodes', namespaced: false }),
  row(metrics),
];

export { row as kindRow };
