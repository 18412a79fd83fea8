import type { ObjectMeta } from '../api/types.ts';
import type { TargetScale } from '../decide/snapshot.ts';
import type { ReflectorHandler } from '../kube/reflector.ts';
import { selectorFromLabelSelector } from '../lib/selector.ts';
import type { LabelSelectorLike } from '../lib/selector.ts';

/** What is kept of a Deployment, StatefulSet or ReplicaSet: some hundred bytes. */
export interface Workload {
  /** `namespace/name` */
  readonly key: string;
  /** Absent for what nobody autoscales: a ReplicaSet that its Deployment scales. */
  readonly scale?: TargetScale;
}

interface WorkloadJson {
  readonly metadata: ObjectMeta & { readonly ownerReferences?: readonly { readonly controller?: boolean }[] };
  readonly spec?: { readonly replicas?: number; readonly selector?: LabelSelectorLike };
  readonly status?: { readonly replicas?: number };
}

/** Projects a ReplicaSet. Of one that a Deployment or the like controls, of which there are many, nothing is kept. */
export function replicaSet(object: unknown): Workload {
  const { namespace = '', name = '', ownerReferences } = (object as WorkloadJson).metadata;
  const isControlled = ownerReferences?.some(({ controller }) => controller === true) === true;
  return isControlled ? { key: `${namespace}/${name}` } : workload(object);
}

/**
 * Projects a workload of apps/v1 to the Scale that the API server would make of it. A Deployment or StatefulSet may well have a controller
 * of its own, an operator of its kind, and an autoscaler besides.
 * @throws SelectorError for a selector that the API server would not have stored
 */
export function workload(object: unknown): Workload {
  const { metadata, spec = {}, status = {} } = object as WorkloadJson;
  const { namespace = '', name = '', resourceVersion } = metadata;
  return {
    key: `${namespace}/${name}`,
    scale: {
      specReplicas: spec.replicas ?? 0,
      statusReplicas: status.replicas ?? 0,
      selector: selectorFromLabelSelector(spec.selector).toString(),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
  };
}

/** The scales of one kind, as a watch tells them. */
export class WorkloadTable implements ReflectorHandler<Workload> {
  #scales = new Map<string, TargetScale>();
  /** resourceVersions of our own writes that the watch has not shown yet. */
  readonly #written = new Map<string, string>();
  readonly #isCurrent: () => boolean;

  /** @param isCurrent false while the watch cannot be relied on: nothing is known then */
  constructor(isCurrent: () => boolean) {
    this.#isCurrent = isCurrent;
  }

  get size(): number {
    return this.#scales.size;
  }

  /** The scale, unless it is unknown or known to be older than our own last write: then the server must be asked. */
  find(namespace: string, name: string): TargetScale | undefined {
    const key = `${namespace}/${name}`;
    const scale = this.#scales.get(key);
    if (scale === undefined || !this.#isCurrent()) return undefined;
    const written = this.#written.get(key);
    if (written === undefined) return scale;
    if (!hasReached(scale.resourceVersion, written)) return undefined;
    this.#written.delete(key);
    return scale;
  }

  /** Remembers our own write: what the watch shows from before it is not to be decided on. */
  wrote(namespace: string, name: string, resourceVersion: string): void {
    const key = `${namespace}/${name}`;
    if (this.#scales.has(key)) this.#written.set(key, resourceVersion);
  }

  replace(workloads: readonly Workload[]): void {
    this.#scales = new Map();
    for (const each of workloads) this.upsert(each);
    for (const key of this.#written.keys()) if (!this.#scales.has(key)) this.#written.delete(key);
  }

  upsert({ key, scale }: Workload): void {
    if (scale === undefined) this.remove({ key });
    else this.#scales.set(key, scale);
  }

  remove({ key }: Pick<Workload, 'key'>): void {
    this.#scales.delete(key);
    this.#written.delete(key);
  }
}

/** resourceVersions of one kind grow; those that cannot be compared prove nothing, unless they are equal. */
function hasReached(seen: string | undefined, written: string): boolean {
  if (seen === written) return true;
  if (seen === undefined || !/^\d+$/.test(seen) || !/^\d+$/.test(written)) return false;
  return BigInt(seen) >= BigInt(written);
}
