import { errorMessage } from '../../lib/errors.ts';
import type { ClusterApi, WatchEvent } from '../cluster-api.ts';
import { endpointSlices, serviceNameLabel } from '../controllers/endpoint-slice.ts';
import type { EndpointSlice, Service, ServicePort } from '../controllers/objects.ts';
import { key } from '../controllers/objects.ts';
import type { ConnectionProxy } from './connection-proxy.ts';
import { startConnectionProxy } from './connection-proxy.ts';
import { backendsOf, shuffled, tcpPorts } from './endpoints.ts';
import { sharedAddress } from './loopback.ts';

/** Where a service's ports really listen, in the order of spec.ports: `127.96.0.1:43123`, several joined by commas. */
export const addressAnnotation = 'plimsoll.dev/address';

export interface ServiceProxyOptions {
  readonly api: ClusterApi;
  readonly log: (line: string) => void;
  /** Whether a cluster IP can be listened on here; where not, the service is served on 127.0.0.1. */
  readonly isLocal: (clusterIP: string) => boolean;
  /** In [0, 1); default Math.random. */
  readonly random?: () => number;
}

export interface ServiceProxy {
  close(): Promise<void>;
}

/** Plays kube-proxy: listens on each service's cluster IP and spreads the connections over its ready pods, at random. */
export function startServiceProxy(options: ServiceProxyOptions): ServiceProxy {
  const proxies = new ServiceProxies(options);
  return { close: () => proxies.close() };
}

interface Served {
  readonly address: string;
  /** By `PORT/NAME` of the service's port. */
  readonly listeners: Map<string, ConnectionProxy>;
}

class ServiceProxies {
  readonly #options: ServiceProxyOptions;
  readonly #served = new Map<string, Served>();
  /** Slices by service, then by name. */
  readonly #slices = new Map<string, Map<string, EndpointSlice>>();
  /** Work on one service is done in order. */
  readonly #work = new Map<string, Promise<void>>();
  readonly #leaving = new Set<ConnectionProxy>();
  readonly #watches: { stop(): void }[];
  #closed = false;

  constructor(options: ServiceProxyOptions) {
    this.#options = options;
    this.#watches = [
      options.api.watch(endpointSlices, (event) => this.#observeSlice(event)),
      options.api.watch('services', ({ object }) => this.#queue(key(object))),
    ];
  }

  #observeSlice({ type, object }: WatchEvent): void {
    const slice = object as EndpointSlice;
    const { namespace = '', name, labels = {} } = slice.metadata;
    const service = `${namespace}/${labels[serviceNameLabel] ?? ''}`;
    const slices = this.#slices.get(service) ?? new Map<string, EndpointSlice>();
    this.#slices.set(service, slices);
    if (type === 'DELETED') slices.delete(name);
    else slices.set(name, slice);
    if (slices.size === 0) this.#slices.delete(service);
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
    this.#dropListeners(served, new Set(ports.map(portKey)));
    for (const port of ports) await this.#listen(serviceKey, served, port);
    this.#publish(service, served, ports);
  }

  #forget(serviceKey: string): void {
    const served = this.#served.get(serviceKey);
    if (!served) return;
    this.#dropListeners(served, new Set());
    this.#served.delete(serviceKey);
  }

  /** A service keeps its address, unless it was made anew under its name. */
  #serve(serviceKey: string, { spec: { clusterIP = '' } }: Service): Served {
    const address = this.#options.isLocal(clusterIP) ? clusterIP : sharedAddress;
    const before = this.#served.get(serviceKey);
    if (before?.address === address) return before;
    this.#forget(serviceKey);
    const served = { address, listeners: new Map<string, ConnectionProxy>() };
    this.#served.set(serviceKey, served);
    return served;
  }

  #dropListeners(served: Served, wanted: ReadonlySet<string>): void {
    for (const [name, listener] of served.listeners) {
      if (wanted.has(name)) continue;
      served.listeners.delete(name);
      this.#leaving.add(listener);
      void listener.stopListening().then(() => this.#leaving.delete(listener));
    }
  }

  async #listen(serviceKey: string, served: Served, port: ServicePort): Promise<void> {
    if (served.listeners.has(portKey(port))) return;
    const { random = Math.random } = this.#options;
    const backends = () =>
      shuffled(backendsOf([...(this.#slices.get(serviceKey)?.values() ?? [])], port), random);
    const wanted = served.address === sharedAddress ? 0 : port.port;
    const listener = await startOrMove({ host: served.address, port: wanted, backends });
    served.listeners.set(portKey(port), listener);
    if (this.#closed) await listener.close();
  }

  /** Writes the address, and where every port really is, into the service. */
  #publish(service: Service, served: Served, ports: readonly ServicePort[]): void {
    const { namespace, name, annotations = {} } = service.metadata;
    const addresses = ports.flatMap((port) => {
      const listener = served.listeners.get(portKey(port));
      return listener ? [`${listener.host}:${listener.port}`] : [];
    });
    const text = addresses.join(',');
    if (annotations[addressAnnotation] === text || this.#closed) return;
    const metadata = { annotations: { [addressAnnotation]: text } };
    this.#options.api.patch('services', namespace, name, 'merge', { metadata });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const watch of this.#watches) watch.stop();
    await Promise.all(this.#work.values());
    const listeners = [...this.#served.values()].flatMap((served) => [...served.listeners.values()]);
    await Promise.all([...listeners, ...this.#leaving].map((listener) => listener.close()));
  }
}

const portKey = ({ port, name = '' }: ServicePort): string => `${port}/${name}`;

/** Listens on a free port where this one cannot be bound: privileged, or taken by something else on the machine. */
async function startOrMove(options: Parameters<typeof startConnectionProxy>[0]): Promise<ConnectionProxy> {
  try {
    return await startConnectionProxy(options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (options.port === 0 || (code !== 'EACCES' && code !== 'EADDRINUSE')) throw error;
    return startConnectionProxy({ ...options, port: 0 });
  }
}
