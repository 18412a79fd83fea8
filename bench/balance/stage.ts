import { setTimeout as sleep } from 'node:timers/promises';
import { packagedObjects } from '../../src/commands/assets.ts';
import type { KubeClient } from '../../src/kube/client.ts';

const objects = [
  'deployment',
  'service',
  'customautoscaler',
  'ways/nodeport',
  'ways/loadbalancer',
  'ways/ingress',
];

const collections: Readonly<Record<string, string>> = {
  Deployment: '/apis/apps/v1/namespaces/default/deployments',
  Service: '/api/v1/namespaces/default/services',
  CustomAutoscaler: '/apis/plimsoll.dev/v1/namespaces/default/customautoscalers',
  Ingress: '/apis/networking.k8s.io/v1/namespaces/default/ingresses',
};

/** A way in: the object that stands for it, and where that says that it listens. */
export interface Way {
  readonly name: string;
  readonly kind: 'Service' | 'Ingress';
  readonly object: string;
  readonly annotation: string;
}

export const ways: readonly Way[] = [
  { name: 'ClusterIP', kind: 'Service', object: 'walkthrough', annotation: 'address' },
  { name: 'NodePort', kind: 'Service', object: 'walkthrough-nodeport', annotation: 'node-address' },
  {
    name: 'LoadBalancer',
    kind: 'Service',
    object: 'walkthrough-loadbalancer',
    annotation: 'load-balancer-address',
  },
  { name: 'Ingress', kind: 'Ingress', object: 'walkthrough', annotation: 'address' },
];

const within = { mostMs: 120_000, everyMs: 200 };

/** What `kubectl apply -k` does with examples/walkthrough and its ways. */
export async function applyWalkthrough(client: KubeClient): Promise<void> {
  for (const file of objects) {
    for (const object of await packagedObjects(`examples/walkthrough/${file}.yaml`))
      await client.create(collections[object.kind] ?? '', object);
  }
}

/** Where a way answers, as soon as it does. */
export async function addressOf(client: KubeClient, { kind, object, annotation }: Way): Promise<string> {
  return until(`${kind} ${object} has an address`, async () => {
    const { metadata } = (await client.get(`${collections[kind]}/${object}`)) as {
      metadata: { annotations?: Record<string, string> };
    };
    return metadata.annotations?.[`plimsoll.dev/${annotation}`]?.split(',')[0];
  });
}

/** Waits until one pod is wanted, there and ready. */
export async function untilOnePod(client: KubeClient): Promise<void> {
  await until('one pod is ready and no more are there', async () => {
    const { spec, status } = (await client.get(`${collections.Deployment}/walkthrough`)) as {
      spec: { replicas?: number };
      status?: { replicas?: number; readyReplicas?: number };
    };
    const counts = [spec.replicas, status?.replicas, status?.readyReplicas];
    return counts.every((count) => count === 1) ? true : undefined;
  });
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + within.mostMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline)
      throw new Error(`Cannot measure as it does not come to be that ${what}`);
    await sleep(within.everyMs);
  }
}
