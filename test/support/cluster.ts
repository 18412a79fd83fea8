import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type {
  AutoscalerCondition,
  CustomAutoscalerStatus,
} from '../../src/api/generated/custom-autoscaler.ts';
import { startApiServer } from '../../src/devcluster/apiserver/server.ts';
import type { ApiServer } from '../../src/devcluster/apiserver/server.ts';
import type { KubeObject } from '../../src/devcluster/cluster-api.ts';

const crd = parse(
  readFileSync(new URL('../../crds/customautoscalers.plimsoll.dev.yaml', import.meta.url), 'utf8'),
) as KubeObject;

/** The same kind with a schema that lets everything through, as after a mistake with the definition. */
function withAnySpec(definition: KubeObject): KubeObject {
  const copy = structuredClone(definition);
  const [version] = (copy.spec as { versions: { schema: object }[] }).versions;
  const any = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  if (version !== undefined)
    version.schema = { openAPIV3Schema: { type: 'object', properties: { spec: any, status: any } } };
  return copy;
}

export interface TestClusterOptions {
  /** Default true. */
  readonly crds?: boolean;
  /** Default false. */
  readonly anySpec?: boolean;
}

/** How much CPU each pod uses, in millicores, by `namespace/name`; a pod that is not here has no sample. */
export type CpuUsage = Map<string, number>;

/**
 * The dev cluster's API server without controllers or a node: a test plays them, so that each state is exactly as it says.
 */
export class TestCluster {
  readonly cpu: CpuUsage = new Map();
  server!: ApiServer;

  static async start(port = 0, options: TestClusterOptions = {}): Promise<TestCluster> {
    const cluster = new TestCluster();
    await cluster.#start(port, options);
    return cluster;
  }

  async #start(port: number, { crds = true, anySpec = false }: TestClusterOptions): Promise<void> {
    const metrics = { pods: () => this.#podMetrics(), nodes: () => [] };
    this.server = await startApiServer({
      host: '127.0.0.1',
      port,
      ...(crds ? { crds: [anySpec ? withAnySpec(crd) : crd] } : {}),
      metrics,
    });
  }

  get api(): ApiServer['cluster'] {
    return this.server.cluster;
  }

  /** A Deployment with as many running and ready pods as it asks for, each with a request of 100 millicores. */
  deploy(name: string, replicas: number, namespace = 'default'): void {
    const labels = { app: name };
    const container = { name: 'app', image: 'app', resources: { requests: { cpu: '100m', memory: '64Mi' } } };
    this.api.create('deployments.apps', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container] } },
      },
    });
    this.runPods(name, replicas, namespace);
  }

  /** Plays ReplicaSet controller and kubelet: pods 0 to `count` of a Deployment run and are ready, others are gone. */
  runPods(name: string, count: number, namespace = 'default'): void {
    const present = this.api
      .list('pods', { namespace, labelSelector: `app=${name}` })
      .map(({ metadata }) => metadata.name);
    const wanted = Array.from({ length: count }, (_, index) => `${name}-${index}`);
    for (const pod of present)
      if (!wanted.includes(pod)) this.api.delete('pods', namespace, pod, { gracePeriodSeconds: 0 });
    for (const pod of wanted) if (!present.includes(pod)) this.#runPod(pod, name, namespace);
    this.api.patch(
      'deployments.apps',
      namespace,
      name,
      'merge',
      { status: { replicas: count, readyReplicas: count } },
      'status',
    );
  }

  #runPod(name: string, app: string, namespace: string): void {
    const startTime = new Date(Date.now() - 3_600_000).toISOString().replace(/\.\d+/, '');
    this.api.create('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels: { app } },
      spec: {
        containers: [{ name: 'app', image: 'app', resources: { requests: { cpu: '100m', memory: '64Mi' } } }],
      },
    });
    const ready = { type: 'Ready', status: 'True', lastTransitionTime: startTime };
    this.api.patch(
      'pods',
      namespace,
      name,
      'merge',
      { status: { phase: 'Running', startTime, conditions: [ready] } },
      'status',
    );
  }

  /** Sets what every pod of a Deployment uses. */
  load(name: string, cpuMillis: number, namespace = 'default'): void {
    for (const { metadata } of this.api.list('pods', { namespace, labelSelector: `app=${name}` })) {
      this.cpu.set(`${namespace}/${metadata.name}`, cpuMillis);
    }
  }

  autoscale(name: string, spec: object = {}, namespace = 'default'): void {
    this.api.create('customautoscalers.plimsoll.dev', {
      apiVersion: 'plimsoll.dev/v1',
      kind: 'CustomAutoscaler',
      metadata: { name, namespace },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
        minReplicas: 1,
        maxReplicas: 10,
        metrics: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
          },
        ],
        ...spec,
      },
    });
  }

  replicas(name: string, namespace = 'default'): number {
    return (this.api.get('deployments.apps', namespace, name)?.spec as { replicas: number }).replicas;
  }

  status(name: string, namespace = 'default'): CustomAutoscalerStatus | undefined {
    return this.api.get('customautoscalers.plimsoll.dev', namespace, name)?.status as
      CustomAutoscalerStatus | undefined;
  }

  condition(name: string, type: string): AutoscalerCondition | undefined {
    return this.status(name)?.conditions?.find((condition) => condition.type === type);
  }

  /** Events about an autoscaler as core/v1, where kubectl looks for them. */
  events(name: string, namespace = 'default'): KubeObject[] {
    return this.api.list('events', {
      namespace,
      fieldSelector: `involvedObject.kind=CustomAutoscaler,involvedObject.name=${name}`,
    });
  }

  async close(): Promise<void> {
    await this.server.close();
  }

  #podMetrics(): KubeObject[] {
    const timestamp = new Date().toISOString().replace(/\.\d+/, '');
    return [...this.cpu].map(([key, cpuMillis]) => {
      const [namespace = '', name = ''] = key.split('/');
      return {
        apiVersion: 'metrics.k8s.io/v1beta1',
        kind: 'PodMetrics',
        metadata: { name, namespace },
        timestamp,
        window: '15s',
        containers: [{ name: 'app', usage: { cpu: `${cpuMillis}m`, memory: '10Mi' } }],
      };
    });
  }
}
