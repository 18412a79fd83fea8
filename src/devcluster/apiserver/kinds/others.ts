import { validateCrd } from '../schema/validate-crd.ts';
import { defaultApiService, validateApiService } from './api-services.ts';
import { beginCrdDeletion, defaultCrd, newCrdStatus } from './crds.ts';
import { defaultEvent, eventFromStorage, eventToStorage, validateEvent } from './events.ts';
import { defaultHpa, hpaFromStorage, hpaToStorage } from './hpa.ts';
import { defaultEndpointSlice, defaultIngress, defaultLease } from './small.ts';
import { validateHpa } from './validate-hpa.ts';
import { validateEndpointSlice, validateIngress, validateLease } from './validate-small.ts';
import { conditions, paths } from './row.ts';
import type { Row } from './row.ts';

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

export const others: readonly Row[] = [
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
    limit: 'resource backends and the annotations of other controllers are not acted on',
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
  {
    group: 'apiregistration.k8s.io',
    version: 'v1',
    kind: 'APIService',
    plural: 'apiservices',
    categories: ['api-extensions'],
    namespaced: false,
    subresources: { status: true },
    schemaName: 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService',
    mergeRules: conditions,
    applyDefaults: defaultApiService,
    validate: validateApiService,
    limit:
      'requests are passed on to its service; only added ones are listed, and none says whether it is available',
  },
];
