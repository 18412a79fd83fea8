import { lookup } from 'node:dns/promises';
import { groupOf, resourcePath, Discovery } from '../../kube/discovery.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isKubeError } from '../../kube/errors.ts';
import { systemClock } from '../../lib/clock.ts';
import { UserError } from '../../lib/errors.ts';
import { autoscalersPath, collectionPath } from '../../operator/names.ts';
import type { Watched } from './cluster-watcher.ts';
import type {
  AutoscalerJson,
  BalancerJson,
  IngressJson,
  NodeJson,
  ServiceJson,
  WorkloadJson,
} from './objects.ts';
import { type Aim, findWayIn } from './way-in.ts';

/** What to watch, and where. */
export interface Found {
  readonly watched: Watched;
  readonly namespace: string;
  /** Where the target is, among its like. */
  readonly workloadsPath: string;
  /** Services whose endpoints are the pods that answer. */
  readonly services: readonly string[];
  /** The address is one that the cluster says is its own. */
  readonly inCluster: boolean;
}

export interface Wanted {
  readonly namespace: string;
  /** The name of an autoscaler; absent: the one that there is, or that scales what answers. */
  readonly autoscaler?: string;
  readonly aim: Aim;
  readonly signal: AbortSignal;
}

interface Scaled {
  readonly name: string;
  readonly target: AutoscalerJson['spec']['scaleTargetRef'];
  readonly workloadsPath: string;
  readonly podLabels: Readonly<Record<string, string>>;
}

/**
 * Finds the autoscaler, its target and the Service that answers at the address.
 * @throws UserError when there is no such autoscaler, or several that fit; KubeError when the cluster cannot be asked
 */
export async function findWatched(client: KubeClient, wanted: Wanted): Promise<Found> {
  const { namespace, aim } = wanted;
  const reader = new Reader(client, wanted);
  const [autoscalers, services, ingresses, nodes] = await Promise.all([
    reader.list<AutoscalerJson>(autoscalersPath(namespace)),
    reader.list<ServiceJson>(collectionPath('v1', 'services', namespace)),
    reader.optional<IngressJson>(collectionPath('networking.k8s.io/v1', 'ingresses', namespace)),
    reader.optional<NodeJson>(collectionPath('v1', 'nodes')),
  ]);
  const ways = { services: await resolved(services), ingresses: await resolved(ingresses), nodes };
  const way = findWayIn(aim, ways);
  const scaled = await Promise.all(named(autoscalers, wanted).map((each) => reader.scaled(each)));
  const one = theOne(scaled, way?.service, namespace);
  const answering = way === undefined ? services.filter((service) => selects(service, one)) : [way.service];
  if (answering.length === 0)
    throw new UserError(
      `no Service of namespace ${namespace} answers at this URL or selects the pods of ${one.target.kind}/${one.target.name}, ` +
        'so that it is not known which pods are to answer; name another --namespace, or leave out --kubeconfig',
    );
  return {
    watched: {
      autoscaler: one.name,
      target: { kind: one.target.kind, name: one.target.name },
      sessionAffinity:
        way?.balances !== 'requests' && answering.some(({ spec }) => spec?.sessionAffinity === 'ClientIP'),
      ...(way === undefined ? {} : { balances: way.balances }),
    },
    ...{ namespace, workloadsPath: one.workloadsPath, inCluster: way !== undefined },
    services: answering.map(({ metadata }) => metadata?.name ?? ''),
  };
}

/** The addresses behind a host; none when it is not known, which the load itself tells of. */
export async function addressesOf(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch {
    return []; // Then it is nobody's address; the load says that the name is not found.
  }
}

class Reader {
  readonly #client: KubeClient;
  readonly #wanted: Wanted;
  readonly #discovery: Discovery;

  constructor(client: KubeClient, wanted: Wanted) {
    this.#client = client;
    this.#wanted = wanted;
    this.#discovery = new Discovery({ client, clock: systemClock });
  }

  async list<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    for await (const page of this.#client.list(path, { signal: this.#wanted.signal }))
      items.push(...(page.items as T[]));
    return items;
  }

  /** What one may not be allowed to read, and can do without. */
  async optional<T>(path: string): Promise<T[]> {
    try {
      return await this.list<T>(path);
    } catch (error) {
      if (isKubeError(error, 'Forbidden', 'NotFound')) return [];
      throw error;
    }
  }

  async scaled({ metadata, spec }: AutoscalerJson): Promise<Scaled> {
    const { namespace, signal } = this.#wanted;
    const target = spec.scaleTargetRef;
    const group = groupOf(target.apiVersion ?? '') ?? '';
    const [resource] = await this.#discovery.resources(group, target.kind);
    if (resource === undefined)
      throw new UserError(
        `CustomAutoscaler ${metadata?.name}: its target's kind ${target.apiVersion} ${target.kind} is not served by this cluster`,
      );
    const path = resourcePath(resource, namespace, target.name);
    const workload = (await this.#client.get(path, { signal })) as WorkloadJson;
    return {
      ...{ name: metadata?.name ?? '', target, workloadsPath: resourcePath(resource, namespace) },
      podLabels: workload.spec?.template?.metadata?.labels ?? {},
    };
  }
}

/** @throws UserError when none has the name, or there is none */
function named(autoscalers: readonly AutoscalerJson[], { autoscaler, namespace }: Wanted): AutoscalerJson[] {
  const found = autoscalers.filter(
    ({ metadata }) => autoscaler === undefined || metadata?.name === autoscaler,
  );
  if (found.length > 0) return found;
  const names = autoscalers.map(({ metadata }) => metadata?.name).join(', ');
  throw new UserError(
    names === ''
      ? `no CustomAutoscaler in namespace ${namespace}; name another --namespace, or leave out --kubeconfig`
      : `--autoscaler ${autoscaler}: namespace ${namespace} has no such CustomAutoscaler; it has: ${names}`,
  );
}

/** Of several, the one that scales the pods of the Service. @throws UserError when that is not one */
function theOne(scaled: readonly Scaled[], service: ServiceJson | undefined, namespace: string): Scaled {
  const fitting = scaled.length === 1 ? scaled : scaled.filter((each) => service && selects(service, each));
  const [one] = fitting;
  if (one !== undefined && fitting.length === 1) return one;
  const names = scaled.map(({ name }) => name).join(', ');
  throw new UserError(
    `namespace ${namespace} has several CustomAutoscalers, and the URL does not tell which one to watch; ` +
      `give --autoscaler with one of: ${names}`,
  );
}

function selects({ spec }: ServiceJson, { podLabels }: Scaled): boolean {
  const selector = Object.entries(spec?.selector ?? {});
  return selector.length > 0 && selector.every(([key, value]) => podLabels[key] === value);
}

/** With addresses in place of the names of load balancers, as clouds have them. */
async function resolved<T extends { readonly status?: BalancerJson }>(objects: readonly T[]): Promise<T[]> {
  return Promise.all(
    objects.map(async (object) => {
      const ingress = object.status?.loadBalancer?.ingress ?? [];
      const names = ingress.flatMap(({ hostname }) => hostname ?? []);
      if (names.length === 0) return object;
      const addresses = (await Promise.all(names.map(addressesOf))).flat();
      const all = [...ingress, ...addresses.map((ip) => ({ ip }))];
      return { ...object, status: { loadBalancer: { ingress: all } } };
    }),
  );
}
