import type { KubeObject, ServiceNetwork } from '../cluster-api.ts';
import { runCrds } from './crds.ts';
import { createObject } from './create.ts';
import { builtInKinds } from './kinds.ts';
import { Registry } from './registry.ts';

const namespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

export interface StartOptions {
  readonly crds?: readonly KubeObject[];
  readonly now?: () => Date;
  readonly historyLimit?: number;
  readonly serviceNetwork?: ServiceNetwork;
}

/**
 * A registry as a new cluster has it: the namespaces that always exist, and the given CRDs served.
 * @throws ApiError when a CRD is invalid
 */
export async function startRegistry(options: StartOptions = {}): Promise<Registry> {
  const { now, historyLimit, serviceNetwork } = options;
  const registry = new Registry({
    kinds: builtInKinds,
    ...(now === undefined ? {} : { now }),
    ...(historyLimit === undefined ? {} : { historyLimit }),
    ...(serviceNetwork === undefined ? {} : { serviceNetwork }),
  });
  runCrds(registry);
  for (const name of namespaces) {
    create(registry, 'namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  for (const crd of options.crds ?? []) {
    create(registry, 'customresourcedefinitions.apiextensions.k8s.io', crd);
  }
  await settled();
  return registry;
}

function create(registry: Registry, resource: string, object: KubeObject): void {
  const kind = registry.byResource(resource);
  if (kind === undefined) throw new Error(`Cannot start: ${resource} is not in the table of kinds`);
  createObject(registry, kind, undefined, object, { dryRun: false });
}

/** Lets the controllers of CRDs, which run in microtasks, finish. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
