import type { ClusterApi, WatchEvent } from '../cluster-api.ts';
import { endpointSlices, serviceNameLabel } from '../controllers/endpoint-slice.ts';
import type { EndpointSlice, ServicePort } from '../controllers/objects.ts';
import type { Backend } from './connection-proxy.ts';
import { backendsOf } from './endpoints.ts';

/** What every balancer looks up its backends in: the EndpointSlices as they are now. */
export class EndpointTable {
  /** By service (`NAMESPACE/NAME`), then by the slice's name. */
  readonly #slices = new Map<string, Map<string, EndpointSlice>>();
  readonly #watch: { stop(): void };

  constructor(api: ClusterApi) {
    this.#watch = api.watch(endpointSlices, (event) => this.#observe(event));
  }

  #observe({ type, object }: WatchEvent): void {
    const slice = object as EndpointSlice;
    const { namespace = '', name, labels = {} } = slice.metadata;
    const service = `${namespace}/${labels[serviceNameLabel] ?? ''}`;
    const slices = this.#slices.get(service) ?? new Map<string, EndpointSlice>();
    this.#slices.set(service, slices);
    if (type === 'DELETED') slices.delete(name);
    else slices.set(name, slice);
    if (slices.size === 0) this.#slices.delete(service);
  }

  /** Those that take new connections now. */
  backends(service: string, port: ServicePort): Backend[] {
    return backendsOf([...(this.#slices.get(service)?.values() ?? [])], port);
  }

  stop(): void {
    this.#watch.stop();
  }
}
