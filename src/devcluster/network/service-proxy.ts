import { isDeepStrictEqual } from 'node:util';

import { errorMessage } from '../../lib/errors.ts';
import type { ClusterApi } from '../cluster-api.ts';
import type { Service, ServicePort } from '../controllers/objects.ts';
import { key } from '../controllers/metadata.ts';
import type { Choice } from './choice.ts';
import { atRandom, byClient } from './choice.ts';
import type { ConnectionProxy } from './connection-proxy.ts';
import { startConnectionProxy } from './connection-proxy.ts';
import type { EndpointTable } from './endpoint-table.ts';
import { tcpPorts } from './endpoints.ts';
import { listenOrMove } from './listen.ts';
import type { AddressBlock } from './loopback.ts';
import { sharedAddress } from './loopback.ts';

/** The ways into a service, each a type's own and those of the types before it. */
export type Way = 'cluster' | 'node' | 'balancer';

const waysOf: Readonly<Record<string, readonly Way[]>> = {
  ClusterIP: ['cluster'],
  NodePort: ['cluster', 'node'],
  LoadBalancer: ['cluster', 'node', 'balancer'],
};

/** Where a service's ports really listen, in the order of spec.ports: `127.96.0.1:43123`, several joined by commas. */
export const addressAnnotation = 'plimsoll.dev/address';

/** The annotation that tells where each way really listens. */
export const wayAnnotations: Readonly<Record<Way, string>> = {
  cluster: addressAnnotation,
  node: 'plimsoll.dev/node-address',
  balancer: 'plimsoll.dev/load-balancer-address',
};

export interface ServiceProxyOptions {
  readonly api: ClusterApi;
  readonly endpoints: EndpointTable;
  readonly log: (line: string) => void;
  /** Whether a cluster IP can be listened on here; where not, the service is served on 127.0.0.1. */
  readonly isLocal: (clusterIP: string) => boolean;
  /** Where load balancers get their addresses. */
  readonly balancers: AddressBlock;
  /** In [0, 1); default Math.random. */
  readonly random?: () => number;
}

export interface ServiceProxy {
  close(): Promise<void>;
}

/**
 * Plays kube-proxy and a cloud's load balancers: listens on each service's cluster IP, node ports and balancer's address,
 * and spreads the connections over its ready pods, at random or by client.
 */
export function startServiceProxy(options: ServiceProxyOptions): ServiceProxy {
  const proxies = new ServiceProxies(options);
  return { close: () => proxies.close() };
}

interface Served {
  readonly address: string;
  /** By way and port, see listenerKey. */
  readonly listeners: Map<string, ConnectionProxy>;
  /** By port, so that all ways to it remember the same clients. */
  readonly choices: Map<string, { affinity: string; choose: Choice }>;
  /** Of its load balancer. */
  balancer?: string;
}

interface Listening {
  readonly key: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly wanted: number;
  readonly port: ServicePort;
}

class ServiceProxies {
  readonly #options: ServiceProxyOptions;
  readonly #served = new Map<string, Served>();
  /** Work on one service is done in order. */
  readonly #work = new Map<string, Promise<void>>();
  readonly #leaving = new Set<ConnectionProxy>();
  readonly #watch: { stop(): void };
  #closed = false;

  constructor(options: ServiceProxyOptions) {
    this.#options = options;
    this.#watch = options.api.watch('services', ({ object }) => this.#queue(key(object)));
  }

  #queue(serviceKey: string): void {
    const before = this.#work.get(serviceKey) ?? Promise.resolve();
    const work = before
      .then(() => this.#sync(serviceKey))
      .catch((error: unknown) => this.#options.log(`network: service ${serviceKey}: ${errorMessage(error)}`))
      .finally(() => {
        if (this.#work.get(serviceKey) === work) this.#work.delete(serviceKey);
      });
    this.#work.set(serviceKey, work);
  }

  async #sync(serviceKey: string): Promise<void> {
    if (this.#closed) return;
    const [namespace, name = ''] = serviceKey.split('/');
    const service = this.#options.api.get('services', namespace, name) as Service | undefined;
    const ports = service ? tcpPorts(service) : [];
    if (!service || ports.length === 0) {
      this.#forget(serviceKey);
      return;
    }
    const served = this.#serve(serviceKey, service);
    const ways = waysOf[service.spec.type ?? 'ClusterIP'] ?? [];
    await this.#balance(served, ways, ports);
    const wanted = ways.flatMap((way) => ports.flatMap((port) => listening(served, way, port)));
    this.#dropListeners(served, new Set(wanted.map((each) => each.key)));
    for (const port of ports) this.#choose(served, service, port);
    for (const each of wanted) await this.#listen(serviceKey, served, each);
    this.#publish(service, served, ways, ports);
  }

  #forget(serviceKey: string): void {
    const served = this.#served.get(serviceKey);
    if (!served) return;
    this.#dropListeners(served, new Set());
    this.#releaseBalancer(served);
    this.#served.delete(serviceKey);
  }

  /** A service keeps its address, unless it was made anew under its name. */
  #serve(serviceKey: string, { spec: { clusterIP = '' } }: Service): Served {
    const address = this.#options.isLocal(clusterIP) ? clusterIP : sharedAddress;
    const before = this.#served.get(serviceKey);
    if (before?.address === address) return before;
    this.#forget(serviceKey);
    const served: Served = { address, listeners: new Map(), choices: new Map() };
    this.#served.set(serviceKey, served);
    return served;
  }

  /** Gives the load balancer its address, or takes it back. */
  async #balance(served: Served, ways: readonly Way[], ports: readonly ServicePort[]): Promise<void> {
    if (!ways.includes('balancer')) this.#releaseBalancer(served);
    else served.balancer ??= await this.#options.balancers.take(ports.map(({ port }) => port));
  }

  #releaseBalancer(served: Served): void {
    if (served.balancer !== undefined) this.#options.balancers.release(served.balancer);
    delete served.balancer;
  }

  #dropListeners(served: Served, wanted: ReadonlySet<string>): void {
    for (const [name, listener] of served.listeners) {
      if (wanted.has(name)) continue;
      served.listeners.delete(name);
      this.#leaving.add(listener);
      void listener.stopListening().then(() => this.#leaving.delete(listener));
    }
  }

  /** Whom a port's connections go to; clients are remembered until the affinity changes. */
  #choose(served: Served, service: Service, port: ServicePort): void {
    const { random = Math.random } = this.#options;
    const { sessionAffinity = 'None', sessionAffinityConfig } = service.spec;
    const timeoutSeconds = sessionAffinityConfig?.clientIP?.timeoutSeconds;
    const affinity = `${sessionAffinity}/${timeoutSeconds ?? ''}`;
    if (served.choices.get(portKey(port))?.affinity === affinity) return;
    const choose =
      sessionAffinity === 'ClientIP'
        ? byClient({ random, timeoutSeconds, now: () => performance.now() })
        : atRandom(random);
    served.choices.set(portKey(port), { affinity, choose });
  }

  async #listen(
    serviceKey: string,
    served: Served,
    { key: name, host, wanted, port }: Listening,
  ): Promise<void> {
    if (served.listeners.has(name)) return;
    const backends = (client: string): ReturnType<Choice> => {
      const ready = this.#options.endpoints.backends(serviceKey, port);
      return served.choices.get(portKey(port))?.choose(ready, client) ?? ready;
    };
    const listener = await listenOrMove(wanted, (real) =>
      startConnectionProxy({ host, port: real, backends }),
    );
    served.listeners.set(name, listener);
    if (this.#closed) await listener.close();
  }

  /** Writes the addresses, and where every port really is, into the service. */
  #publish(service: Service, served: Served, ways: readonly Way[], ports: readonly ServicePort[]): void {
    if (this.#closed) return;
    const { namespace, name, annotations = {} } = service.metadata;
    const texts = Object.entries(wayAnnotations).map(([way, annotation]) => {
      const isServed = ways.includes(way as Way);
      return [annotation, isServed ? addresses(served, way as Way, ports) : null] as const;
    });
    const changed = texts.filter(([annotation, text]) => (annotations[annotation] ?? null) !== text);
    if (changed.length > 0) {
      const metadata = { annotations: Object.fromEntries(changed) };
      this.#options.api.patch('services', namespace, name, 'merge', { metadata });
    }
    const ingress = served.balancer === undefined ? null : [{ ip: served.balancer, ipMode: 'VIP' }];
    if (isDeepStrictEqual(service.status?.loadBalancer?.ingress ?? null, ingress)) return;
    const status = { loadBalancer: { ingress } };
    this.#options.api.patch('services', namespace, name, 'merge', { status }, 'status');
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#watch.stop();
    await Promise.all(this.#work.values());
    const listeners = [...this.#served.values()].flatMap((served) => [...served.listeners.values()]);
    await Promise.all([...listeners, ...this.#leaving].map((listener) => listener.close()));
  }
}

const portKey = ({ port, name = '' }: ServicePort): string => `${port}/${name}`;

/** A node port that changes is another listener. */
const listenerKey = (way: Way, port: ServicePort): string =>
  `${way}/${portKey(port)}${way === 'node' ? `/${port.nodePort ?? ''}` : ''}`;

/** Where a port is to listen for a way in: all on their own addresses, or on 127.0.0.1 with ports that are free. */
function listening(served: Served, way: Way, port: ServicePort): Listening[] {
  const name = { key: listenerKey(way, port), port };
  const own = (host: string): Listening => ({
    ...name,
    host,
    wanted: host === sharedAddress ? 0 : port.port,
  });
  switch (way) {
    case 'cluster':
      return [own(served.address)];
    case 'node':
      return port.nodePort === undefined ? [] : [{ ...name, host: sharedAddress, wanted: port.nodePort }];
    case 'balancer':
      return served.balancer === undefined ? [] : [own(served.balancer)];
  }
}

function addresses(served: Served, way: Way, ports: readonly ServicePort[]): string {
  return ports
    .flatMap((port) => served.listeners.get(listenerKey(way, port)) ?? [])
    .map(({ host, port }) => `${host}:${port}`)
    .join(',');
}
