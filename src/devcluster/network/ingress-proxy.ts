import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { isDeepStrictEqual } from 'node:util';

import { errorMessage } from '../../lib/errors.ts';
import type { ClusterApi } from '../cluster-api.ts';
import type { Ingress, IngressBackend, Service, ServicePort } from '../controllers/objects.ts';
import { key } from '../controllers/metadata.ts';
import type { Backend } from './connection-proxy.ts';
import type { EndpointTable } from './endpoint-table.ts';
import { answer, createHttpBalancer } from './http-balancer.ts';
import type { HttpBalancer } from './http-balancer.ts';
import type { RouteTable } from './ingress-rules.ts';
import { findRoute, routeTable } from './ingress-rules.ts';
import { listenOrMove } from './listen.ts';
import type { AddressBlock } from './loopback.ts';
import { sharedAddress } from './loopback.ts';
import { addressAnnotation } from './service-proxy.ts';

const ingresses = 'ingresses.networking.k8s.io';
const httpPort = 80;

export interface IngressProxyOptions {
  readonly api: ClusterApi;
  readonly endpoints: EndpointTable;
  readonly log: (line: string) => void;
  /** Where the proxy gets its one address. */
  readonly balancers: AddressBlock;
}

export interface IngressProxy {
  /** `HOST:PORT` where all ingresses answer. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Plays an ingress controller: one HTTP listener for all ingresses of whatever class, which sends each request by host and
 * path to a service's ready pods in turn.
 */
export async function startIngressProxy(options: IngressProxyOptions): Promise<IngressProxy> {
  const host = await options.balancers.take([httpPort]);
  const proxy = new Ingresses(options);
  const server = createServer((request, response) => proxy.handle(request, response));
  server.keepAliveTimeout = 75_000; // As nginx's keepalive_timeout.
  const wanted = host === sharedAddress ? 0 : httpPort;
  const port = await listenOrMove(wanted, (real) => listen(server, host, real));
  const address = `${host}:${port}`;
  proxy.publishAt(host, address);
  return {
    address,
    async close() {
      proxy.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      options.balancers.release(host);
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.removeListener('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

class Ingresses {
  readonly #options: IngressProxyOptions;
  readonly #balancer: HttpBalancer = createHttpBalancer();
  /** How many requests each service's port has had, for whose turn it is. */
  readonly #turns = new Map<string, number>();
  #routes: RouteTable | undefined;
  #watch: { stop(): void } | undefined;

  constructor(options: IngressProxyOptions) {
    this.#options = options;
  }

  publishAt(ip: string, address: string): void {
    this.#watch = this.#options.api.watch(ingresses, ({ type, object }) => {
      this.#routes = undefined;
      if (type === 'DELETED') return;
      try {
        this.#publish(object as Ingress, ip, address);
      } catch (error) {
        this.#options.log(`network: ingress ${key(object)}: ${errorMessage(error)}`);
      }
    });
  }

  /** Writes where it answers into the ingress as it is now; nothing when it is gone or says so already. */
  #publish({ metadata: { namespace, name } }: Ingress, ip: string, address: string): void {
    const { api } = this.#options;
    const stored = api.get(ingresses, namespace, name) as Ingress | undefined;
    if (!stored) return;
    if (stored.metadata.annotations?.[addressAnnotation] !== address) {
      const metadata = { annotations: { [addressAnnotation]: address } };
      api.patch(ingresses, namespace, name, 'merge', { metadata });
    }
    const loadBalancer = { ingress: [{ ip }] };
    if (isDeepStrictEqual(stored.status?.loadBalancer, loadBalancer)) return;
    api.patch(ingresses, namespace, name, 'merge', { status: { loadBalancer } }, 'status');
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const route = this.#route(request);
    if (typeof route === 'string') {
      answer(response, 404, route);
      return;
    }
    const { service, backends } = route;
    if (backends.length === 0) {
      answer(response, 503, `${service} has no pod that is ready`);
      return;
    }
    this.#balancer.forward(request, response, backends).catch((error: unknown) => {
      // The client broke off while it sent.
      response.destroy();
      if (!request.destroyed) this.#options.log(`network: ingress: ${errorMessage(error)}`);
    });
  }

  /** The pods whose turn it is, or why there is no such place. */
  #route(request: IncomingMessage): { service: string; backends: Backend[] } | string {
    const { api } = this.#options;
    this.#routes ??= routeTable(api.list(ingresses) as Ingress[]);
    const host = request.headers.host ?? '';
    const path = pathOf(request.url ?? '/');
    const route = findRoute(this.#routes, host, path);
    if (!route) return `no ingress has a rule for host "${host}" and path "${path}"`;
    const name = route.backend.service?.name ?? '';
    const service = `service ${route.namespace}/${name}`;
    const found = api.get('services', route.namespace, name) as Service | undefined;
    const port = found && portOf(found, route.backend);
    if (!port) return { service: `${service}, which ingress ${route.ingress} names,`, backends: [] };
    return { service, backends: this.#inTurn(`${route.namespace}/${name}`, port) };
  }

  #inTurn(service: string, port: ServicePort): Backend[] {
    const backends = this.#options.endpoints.backends(service, port);
    const counter = `${service}:${port.port}`;
    const turn = this.#turns.get(counter) ?? 0;
    this.#turns.set(counter, turn + 1);
    const first = backends.length === 0 ? 0 : turn % backends.length;
    return [...backends.slice(first), ...backends.slice(0, first)];
  }

  stop(): void {
    this.#watch?.stop();
    this.#balancer.close();
  }
}

/** The path as the rules see it: without query, with its dots resolved. */
function pathOf(url: string): string {
  const path = url.startsWith('/') ? `http://ingress${url}` : url;
  return URL.canParse(path) ? new URL(path).pathname : '/';
}

function portOf({ spec }: Service, { service }: IngressBackend): ServicePort | undefined {
  const { name, number } = service?.port ?? {};
  return (spec.ports ?? []).find((port) => (name === undefined ? port.port === number : port.name === name));
}
