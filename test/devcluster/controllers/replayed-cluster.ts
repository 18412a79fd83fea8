import { createClusterApi } from '../../../src/devcluster/apiserver/in-process.ts';
import { startRegistry } from '../../../src/devcluster/apiserver/start-registry.ts';
import type { ClusterApi, KubeObject, PatchType } from '../../../src/devcluster/cluster-api.ts';
import { runControllers } from '../../../src/devcluster/controllers/controllers.ts';
import type { Deployment, Pod } from '../../../src/devcluster/controllers/objects.ts';

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly type?: PatchType;
  readonly body?: Record<string, unknown>;
}

/** What is known of an object at the end of a step; null when it has gone. */
export type RecordedObject = Record<string, unknown> | null;

export interface RecordedStep {
  readonly step: string;
  readonly note?: string;
  readonly requests: readonly RecordedRequest[];
  /** `Pod/web-6bb5f48cc5-<rand1>` -> state. */
  readonly objects: Readonly<Record<string, RecordedObject>>;
  readonly events: readonly (readonly string[])[];
}

/** A cluster without a node: the test plays scheduler and kubelet, as the recorder did. */
export interface BareCluster {
  readonly api: ClusterApi;
  /** Lines that controllers logged: something was refused. */
  readonly logged: string[];
  stop(): void;
}

export async function startBareCluster(options: { now?: () => number } = {}): Promise<BareCluster> {
  const { now = () => Date.now() } = options;
  const registry = await startRegistry({ now: () => new Date(now()) });
  const api = createClusterApi(registry);
  const logged: string[] = [];
  const controllers = runControllers({ api, now, log: (line) => logged.push(line) });
  return { api, logged, stop: () => controllers.stop() };
}

const resources: Readonly<Record<string, string>> = {
  deployments: 'deployments.apps',
  replicasets: 'replicasets.apps',
};

/** Does what a recorded request did, through ClusterApi. */
export function send(api: ClusterApi, { method, path, type = 'merge', body = {} }: RecordedRequest): void {
  const [, namespace = '', plural = '', name = '', subresource = ''] =
    /\/namespaces\/([^/]+)\/([^/]+)\/?([^/]*)\/?(.*)$/.exec(path) ?? [];
  const resource = resources[plural] ?? plural;
  if (subresource === 'binding') bind(api, namespace, name, body);
  else if (method === 'POST') {
    // The HTTP server fills in what a body leaves out of these.
    const sent = { apiVersion: 'v1', kind: 'Pod', ...structuredClone(body) } as unknown as KubeObject;
    api.create(resource, { ...sent, metadata: { ...sent.metadata, namespace } });
  } else if (method === 'PATCH') api.patch(resource, namespace, name, type, recorded(body), subresource);
  else api.delete(resource, namespace, name, body);
}

/** Times that the recorder took from its clock were normalised. */
function recorded(body: unknown): unknown {
  const ago = (ms: number): string => JSON.stringify(new Date(Date.now() - ms).toISOString());
  const text = JSON.stringify(body)
    .replaceAll('"<time>"', ago(0))
    .replaceAll('"<an hour ago>"', ago(3_600_000));
  return JSON.parse(text);
}

function bind(api: ClusterApi, namespace: string, name: string, body: Record<string, unknown>): void {
  const { name: nodeName } = body.target as { name: string };
  api.patch('pods', namespace, name, 'merge', { spec: { nodeName } });
  const conditions = [{ type: 'PodScheduled', status: 'True' }];
  api.patch('pods', namespace, name, 'strategic', { status: { conditions } }, 'status');
}

export function makeReady(api: ClusterApi, pod: Pod, nodeName = 'n1'): void {
  const { namespace = '', name } = pod.metadata;
  bind(api, namespace, name, { target: { name: nodeName } });
  const lastTransitionTime = '2020-01-01T00:00:00Z';
  const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime }];
  const podIP = `10.2.0.${(api.list('pods').length % 250) + 1}`;
  api.patch(
    'pods',
    namespace,
    name,
    'strategic',
    { status: { phase: 'Running', podIP, conditions } },
    'status',
  );
}

/** Ends terminating pods, as a kubelet does. */
export function finishTerminating(api: ClusterApi): void {
  for (const { metadata } of api.list('pods')) {
    if (metadata.deletionTimestamp === undefined) continue;
    api.delete('pods', metadata.namespace, metadata.name, { gracePeriodSeconds: 0 });
  }
}

export interface DeploymentSketch {
  readonly namespace?: string;
  readonly name?: string;
  readonly app?: string;
  readonly image?: string;
  readonly spec?: Partial<Deployment['spec']>;
}

export function deployment(sketch: DeploymentSketch = {}): Deployment {
  const { namespace = 'default', name = 'web', app = 'web', image = 'nginx:1.27', spec = {} } = sketch;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels: { app } },
    spec: {
      replicas: 3,
      selector: { matchLabels: { app } },
      template: {
        metadata: { labels: { app } },
        spec: { containers: [{ name: 'web', image, ports: [{ name: 'http', containerPort: 80 }] }] },
      },
      ...spec,
    },
  };
}
