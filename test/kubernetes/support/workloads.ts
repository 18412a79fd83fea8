import type { Api, KubeObject } from './api.ts';
import { path } from './api.ts';
import { appLabel } from './fleet.ts';

/** What an autoscaler can scale, as its reference and its path name it. */
export interface Workload {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespace: string;
  readonly name: string;
}

export const workloadKinds = {
  Deployment: { apiVersion: 'apps/v1', kind: 'Deployment', plural: 'deployments' },
  StatefulSet: { apiVersion: 'apps/v1', kind: 'StatefulSet', plural: 'statefulsets' },
  /** A custom resource with a scale subresource; nothing but the tests knows it. */
  Worker: { apiVersion: 'fleet.example.com/v1', kind: 'Worker', plural: 'workers' },
} as const;

export type WorkloadKind = keyof typeof workloadKinds;

/** A container of every pod and what it asks for. */
interface ContainerSpec {
  readonly name: string;
  readonly cpu: string;
  readonly memory: string;
}

export const appContainer: ContainerSpec = { name: 'app', cpu: '100m', memory: '100Mi' };

export interface WorkloadOptions {
  readonly kind?: WorkloadKind;
  /** Also the value of the pods' label `app`. */
  readonly name: string;
  readonly replicas: number;
  /** Default: `app` with 100 millicores and 100 MiB. */
  readonly containers?: readonly ContainerSpec[];
}

/** Creates a workload whose pods go to the fleet. */
export async function createWorkload(
  api: Api,
  namespace: string,
  { kind = 'Deployment', name, replicas, containers = [appContainer] }: WorkloadOptions,
): Promise<Workload> {
  const names = workloadKinds[kind];
  const labels = { [appLabel]: name };
  const template = { metadata: { labels }, spec: podSpec(containers) };
  await api.create(path(names.apiVersion, names.plural, namespace), {
    apiVersion: names.apiVersion,
    kind: names.kind,
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template,
      ...(kind === 'StatefulSet' && { serviceName: name, podManagementPolicy: 'Parallel' }),
    },
  });
  return { ...names, namespace, name };
}

function podSpec(containers: readonly ContainerSpec[]): object {
  return {
    nodeName: 'fleet',
    terminationGracePeriodSeconds: 5,
    containers: containers.map(({ name, cpu, memory }) => ({
      name,
      image: 'fleet',
      resources: { requests: { cpu, memory } },
    })),
  };
}

export function workloadPath({ apiVersion, plural, namespace, name }: Workload, ...rest: string[]): string {
  return path(apiVersion, plural, namespace, name, ...rest);
}

export function reference({ apiVersion, kind, name }: Workload): object {
  return { apiVersion, kind, name };
}

/** How many replicas are asked for. */
export async function replicasOf(api: Api, workload: Workload): Promise<number> {
  const { spec } = await api.get(workloadPath(workload));
  return (spec as { replicas: number }).replicas;
}

/** The definition of `Worker`. */
export const workerDefinition: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'workers.fleet.example.com' },
  spec: {
    group: 'fleet.example.com',
    names: { kind: 'Worker', listKind: 'WorkerList', plural: 'workers', singular: 'worker' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: { replicas: { type: 'integer', minimum: 0 } },
                'x-kubernetes-preserve-unknown-fields': true,
              },
              status: {
                type: 'object',
                properties: { replicas: { type: 'integer' }, selector: { type: 'string' } },
              },
            },
          },
        },
        subresources: {
          status: {},
          scale: {
            specReplicasPath: '.spec.replicas',
            statusReplicasPath: '.status.replicas',
            labelSelectorPath: '.status.selector',
          },
        },
      },
    ],
  },
};
