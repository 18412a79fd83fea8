import { type Api, ApiFailure, type KubeObject, path, pods } from './api.ts';
import type { WorkloadKind } from './workloads.ts';
import { workloadKinds } from './workloads.ts';

interface Spec {
  readonly replicas: number;
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly template: { readonly metadata: object; readonly spec: object };
}

/**
 * Plays the controller of a kind for which the cluster has none: as many pods as `spec.replicas` says, named by number, and
 * a status that says so.
 */
export class ReplicaPlayer {
  readonly #api: Api;
  readonly #kind: WorkloadKind;
  readonly #stopping = new AbortController();
  readonly #log: (line: string) => void;
  /** Pods made so far, by the workload's uid. */
  readonly #made = new Map<string, number>();
  readonly #working = new Map<string, Promise<void>>();
  #watching: Promise<void> = Promise.resolve();

  constructor(api: Api, kind: WorkloadKind, log: (line: string) => void) {
    this.#api = api;
    this.#kind = kind;
    this.#log = log;
  }

  start(): void {
    const { apiVersion, plural } = workloadKinds[this.#kind];
    const onEvent = (type: string, workload: KubeObject): void => {
      if (type !== 'DELETED') this.#follow(workload);
    };
    this.#watching = this.#api.watch(path(apiVersion, plural), onEvent, this.#stopping.signal);
    this.#watching.catch((error: unknown) => this.#log(`player of ${plural}: ${String(error)}`));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#watching;
  }

  /** One event of a workload after the other. */
  #follow(workload: KubeObject): void {
    const uid = workload.metadata.uid ?? '';
    const before = this.#working.get(uid) ?? Promise.resolve();
    const work = before
      .then(() => this.#play(uid, workload))
      .catch((error: unknown) => this.#log(`player of ${workload.metadata.name}: ${String(error)}`));
    this.#working.set(uid, work);
  }

  async #play(uid: string, workload: KubeObject): Promise<void> {
    const { name, namespace = '' } = workload.metadata;
    const { replicas, selector, template } = workload.spec as Spec;
    const made = this.#made.get(uid) ?? 0;
    const status = workload.status as { replicas?: number } | undefined;
    if (made === replicas && status?.replicas === replicas) return;
    this.#made.set(uid, replicas);
    for (let index = made; index < replicas; index += 1)
      await this.#createPod(namespace, `${name}-${index}`, template);
    for (let index = replicas; index < made; index += 1)
      await this.#api.delete(pods(namespace, `${name}-${index}`));
    const { apiVersion, plural } = workloadKinds[this.#kind];
    const text = Object.entries(selector.matchLabels).map(([key, value]) => `${key}=${value}`);
    await this.#api.patch(path(apiVersion, plural, namespace, name, 'status'), {
      status: { replicas, ...(this.#kind === 'Worker' && { selector: text.join(',') }) },
    });
  }

  async #createPod(namespace: string, name: string, { metadata, spec }: Spec['template']): Promise<void> {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name, namespace }, spec };
    for (;;) {
      try {
        await this.#api.create(pods(namespace), pod);
        return;
      } catch (error) {
        // Its namesake has not gone yet.
        if (!(error instanceof ApiFailure && error.code === 409)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }
}
