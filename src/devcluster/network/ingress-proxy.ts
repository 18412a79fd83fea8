import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { isDeepStrictEqual } from 'node:util';

import { errorMessage } from '../../lib/errors.ts';
import type { ClusterApi } from '../cluster-api.ts';
import type { Ingress, IngressBackend, Service, ServicePort } from '../controllers/objects.ts';
import { key } from '../controllers/metadata.ts';
import type { Backend } from './connection-proxy.ts';
import type { EndpointTable } from './endpoint-table.ts';
import { answer, createHttpBalancer } from './http-balancer.ts';
import type { HttpBalancer } from './http-balancer.ts';
import { watchIngressCertificates } from './ingress-certificates.ts';
import type { RouteTable } from './ingress-rules.ts';
import { findRoute, routeTable } from './ingress-rules.ts';
import { listenOrMove } from './listen.ts';
import type { AddressBlock } from './loopback.ts';
import { sharedAddress } from './loopback.ts';
import { addressAnnotation } from './service-proxy.ts';

const ingresses = 'ingresses.networking.k8s.io';
const httpPort = 80;
const httpsPort = 443;

/** Where an ingress with certificates answers over TLS. */
export const tlsAddressAnnotation = 'plimsoll.dev/tls-address';

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
 * Plays an ingress controller: a listener for HTTP and one for HTTPS for all ingresses of whatever class, which send each request by host and
 * path to a service's ready pods in turn.
 */
export async function startIngressProxy(options: IngressProxyOptions): Promise<IngressProxy> {
  const host = await options.balancers.take([httpPort, httpsPort]);
  const proxy = new Ingresses(options);
  const handle = (request: IncomingMessage, response: ServerResponse): void =>
    proxy.handle(request, response);
  const plain = createServer(handle);
  const secure = createTlsServer(
    { SNICallback: (name, done) => done(null, certificates.contextFor(name)) },
    handle,
  );
  const certificates = watchIngressCertificates(options.api, options.log, (first) =>
    secure.setSecureContext(first),
  );
  const address = await addressOf(plain, host, httpPort);
  proxy.publishAt(host, { address, tlsAddress: await addressOf(secure, host, httpsPort) });
  return {
    address,
    async close() {
      proxy.stop();
      certificates.stop();
      await Promise.all([plain, secure].map(closeServer));
      options.balancers.release(host);
    },
  };
}

/** Listens, and says where that is. */
async function addressOf(server: Server, host: string, wanted: number): Promise<string> {
  server.keepAliveTimeout = 75_000; // As nginx's keepalive_timeout.
  const port = await listenOrMove(host === sharedAddress ? 0 : wanted, (real) => listen(server, host, real));
  return `${host}:${port}`;
}

function closeServer(server: Server): Promise<unknown> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  return closed;
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

/** `HOST:PORT` of both listeners. */
interface Addresses {
  readonly address: string;
  readonly tlsAddress: string;
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

  publishAt(ip: string, where: Addresses): void {
    this.#watch = this.#options.api.watch(ingresses, ({ type, object }) => {
      this.#routes = undefined;
      if (type === 'DELETED') return;
      try {
        this.#publish(object as Ingress, ip, where);
      } catch (error) {
        this.#options.log(`network: ingress ${key(object)}: ${errorMessage(error)}`);
      }
    });
  }

  /** Writes where it answers into the ingress as it is now; nothing when it is gone or says so already. */
  #publish({ metadata: { namespace, name } }: Ingress, ip: string, { address, tlsAddress }: Addresses): void {
    const { api } = this.#options;
    const stored = api.get(ingresses, namespace, name) as Ingress | undefined;
    if (!stored) return;
    const { annotations = {} } = stored.metadata;
    const hasTls = (stored.spec.tls ?? []).length > 0;
    const wanted = { [addressAnnotation]: address, [tlsAddressAnnotation]: hasTls ? tlsAddress : null };
    if (Object.entries(wanted).some(([annotation, text]) => (annotations[annotation] ?? null) !== text))
      api.patch(ingresses, namespace, name, 'merge', { metadata: { annotations: wanted } });
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
