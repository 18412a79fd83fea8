/**
 * What the dev cluster's parts say to each other, in one process. The API server implements ClusterApi; controllers,
 * the node and the network use it and never touch the storage. Every call completes at once (the storage is in memory) and
 * obeys the same rules as a request from outside: validation, defaults, optimistic concurrency, generation, watch events.
 */

export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  generateName?: string;
  ownerReferences?: OwnerReference[];
  [field: string]: unknown;
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** A Kubernetes object as its JSON. Objects that ClusterApi hands out are shared: never change them, copy. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the JSON of any kind
  [field: string]: any;
}

/** A resource as kubectl spells it: `pods`, `deployments.apps`, `endpointslices.discovery.k8s.io`. */
export type ResourceName = string;

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
}

export type PatchType = 'json' | 'merge' | 'strategic';

/** A resource that is served now. */
export interface ServedResource {
  readonly resource: ResourceName;
  /** Of the preferred version. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export interface ClusterApi {
  /** What can be listed and deleted: each stored resource once, custom ones too. For the garbage collector. */
  resources(): ServedResource[];
  get(resource: ResourceName, namespace: string | undefined, name: string): KubeObject | undefined;
  /** In key order (namespace, name). */
  list(
    resource: ResourceName,
    options?: { namespace?: string; labelSelector?: string; fieldSelector?: string },
  ): KubeObject[];
  /** Calls back with ADDED for what exists now, then with each change, in order; never inside another call. */
  watch(resource: ResourceName, callback: (event: WatchEvent) => void): { stop(): void };
  /** @throws ApiError as the HTTP API would answer */
  create(resource: ResourceName, object: KubeObject): KubeObject;
  /** Needs metadata.resourceVersion to be current where it is given. `subresource`: `status` or `scale`. */
  update(resource: ResourceName, object: KubeObject, subresource?: string): KubeObject;
  patch(
    resource: ResourceName,
    namespace: string | undefined,
    name: string,
    type: PatchType,
    patch: unknown,
    subresource?: string,
  ): KubeObject;
  delete(
    resource: ResourceName,
    namespace: string | undefined,
    name: string,
    options?: { gracePeriodSeconds?: number; uid?: string; propagationPolicy?: string },
  ): void;
}

export interface LogOptions {
  readonly container?: string;
  readonly follow: boolean;
  readonly tailLines?: number;
  readonly previous: boolean;
  readonly sinceSeconds?: number;
  readonly timestamps: boolean;
  readonly limitBytes?: number;
}

/** The part of a kubelet that the API server forwards to. */
export interface LogSource {
  /** Chunks of the container's log; ends when the log does or, with `follow`, when the container or the signal ends. */
  read(namespace: string, pod: string, options: LogOptions, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** Where cluster IPs come from, as `--service-cluster-ip-range` of a real API server. */
export interface ServiceNetwork {
  /** As messages name it: `10.96.0.0/16`. */
  readonly range: string;
  readonly size: number;
  contains(address: string): boolean;
  /** @param index 1 (the API server's own service) to size */
  address(index: number): string;
}

/** metrics.k8s.io, as JSON objects (`PodMetrics`, `NodeMetrics`); a pod without a sample yet is absent. */
export interface MetricsSource {
  pods(): KubeObject[];
  nodes(): KubeObject[];
}
