import { eventually } from '../../support/wait.ts';
import { type Api, ApiFailure, type KubeObject, path, pods } from './api.ts';
import { podStatus, ready } from './pod-state.ts';
import type { PodState } from './pod-state.ts';

/** The label by which a pod belongs to an app: what rules and metrics name. */
export const appLabel = 'app';

/** What becomes of the pods of an app; `index` counts them in the order in which they were seen, free places first. */
export type Rule = (index: number) => PodState;

const leases = path('coordination.k8s.io/v1', 'leases', 'kube-node-lease');

interface Tracked {
  readonly object: KubeObject;
  readonly index: number;
}

/**
 * A node that acts through the API only: it marks the pods that are bound to it running, pending, unready or failed, as a rule
 * says, and finishes their deletion. Pods come to it by `spec.nodeName` in their template: no scheduler is needed.
 */
export class Fleet {
  readonly nodeName = 'fleet';
  readonly #api: Api;
  readonly #stopping = new AbortController();
  readonly #rules = new Map<string, Rule>();
  /** By uid. */
  readonly #pods = new Map<string, Tracked>();
  readonly #applied = new Map<string, string>();
  readonly #log: (line: string) => void;
  #watching: Promise<void> = Promise.resolve();
  #renewing: NodeJS.Timeout | undefined;
  #addresses = 0;

  constructor(api: Api, log: (line: string) => void) {
    this.#api = api;
    this.#log = log;
  }

  /** Registers the node and looks after its pods until `stop`. */
  async start(): Promise<void> {
    await this.#register();
    this.#watching = this.#api.watch(pods(), (type, pod) => this.#see(type, pod), this.#stopping.signal);
    this.#watching.catch((error: unknown) => this.#log(`fleet: ${String(error)}`));
  }

  /** The pods of an app that are not being deleted, in the order of their index. */
  podsOf(namespace: string, app: string): KubeObject[] {
    return this.podsIn(namespace).filter(({ metadata }) => metadata.labels?.[appLabel] === app);
  }

  podsIn(namespace?: string): KubeObject[] {
    return [...this.#pods.values()]
      .sort((a, b) => a.index - b.index)
      .map(({ object }) => object)
      .filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace)
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  }

  indexOf(pod: KubeObject): number {
    return this.#pods.get(pod.metadata.uid ?? '')?.index ?? -1;
  }

  /** Says what the pods of an app, present and to come, are; ready without a rule. */
  rule(namespace: string, app: string, rule: Rule): void {
    this.#rules.set(`${namespace}/${app}`, rule);
    for (const { object } of this.#pods.values())
      if (object.metadata.namespace === namespace && object.metadata.labels?.[appLabel] === app)
        this.#attend(object);
  }

  async stop(): Promise<void> {
    clearInterval(this.#renewing);
    this.#stopping.abort();
    await this.#watching;
    await this.#api.delete(path('v1', 'nodes', undefined, this.nodeName)).catch(ignoreGone);
    await this.#api.delete(`${leases}/${this.nodeName}`).catch(ignoreGone);
  }

  #see(type: string, pod: KubeObject): void {
    if ((pod.spec as { nodeName?: string }).nodeName !== this.nodeName) return;
    const { uid = '' } = pod.metadata;
    if (type === 'DELETED') {
      this.#pods.delete(uid);
      this.#applied.delete(uid);
      return;
    }
    const index = this.#pods.get(uid)?.index ?? this.#freeIndex(pod);
    this.#pods.set(uid, { object: pod, index });
    this.#attend(pod);
  }

  #freeIndex({ metadata }: KubeObject): number {
    const app = metadata.labels?.[appLabel] ?? '';
    const taken = new Set(this.podsOf(metadata.namespace ?? '', app).map((pod) => this.indexOf(pod)));
    let index = 0;
    while (taken.has(index)) index += 1;
    return index;
  }

  /** Writes a pod's status when it is not as the rule says, or lets it go. */
  #attend(pod: KubeObject): void {
    const { uid = '', name, namespace = '', labels, deletionTimestamp } = pod.metadata;
    const state = this.#rules.get(`${namespace}/${labels?.[appLabel] ?? ''}`)?.(this.indexOf(pod)) ?? ready;
    const wanted = deletionTimestamp === undefined ? JSON.stringify(state) : 'gone';
    if (this.#applied.get(uid) === wanted) return;
    this.#applied.set(uid, wanted);
    const work =
      wanted === 'gone'
        ? this.#api.delete(pods(namespace, name), { gracePeriodSeconds: 0, preconditions: { uid } })
        : this.#api.patch(pods(namespace, name, 'status'), {
            status: podStatus(pod, state, this.#address()),
          });
    work
      .then(() => undefined, ignoreGone)
      .catch((error: unknown) => {
        this.#applied.delete(uid); // the next event of the pod tries again
        this.#log(`fleet: ${namespace}/${name}: ${String(error)}`);
      });
  }

  #address(): string {
    this.#addresses += 1;
    return `10.64.${(this.#addresses >> 8) & 255}.${this.#addresses & 255}`;
  }

  /** A Node that is ready, and a Lease that says so again and again: else a cluster would take its pods away. */
  async #register(): Promise<void> {
    const { nodeName: name } = this;
    await this.#api.delete(path('v1', 'nodes', undefined, name)).catch(ignoreGone);
    await this.#api.create(path('v1', 'nodes'), {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name },
      spec: { taints: [{ key: 'plimsoll.dev/fleet', effect: 'NoSchedule' }] },
    });
    await this.#api.delete(`${leases}/${name}`).catch(ignoreGone);
    await eventually('kube-node-lease is there', () =>
      this.#api.create(leases, {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name, namespace: 'kube-node-lease' },
        spec: { holderIdentity: name, leaseDurationSeconds: 40 },
      }),
    );
    const condition = { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'as the tests say' };
    const renew = async (): Promise<void> => {
      const time = new Date().toISOString();
      const conditions = [{ ...condition, lastHeartbeatTime: time.replace(/\.\d+/, '') }];
      await this.#api.patch(path('v1', 'nodes', undefined, name, 'status'), { status: { conditions } });
      await this.#api.patch(`${leases}/${name}`, { spec: { renewTime: time.replace('Z', '000Z') } });
    };
    await renew();
    this.#renewing = setInterval(() => {
      renew().catch((error: unknown) => this.#log(`fleet: ${String(error)}`));
    }, 10_000);
  }
}

/** What was deleted meanwhile needs nothing more. */
function ignoreGone(error: unknown): void {
  if (error instanceof ApiFailure && (error.code === 404 || error.code === 409)) return;
  throw error;
}
