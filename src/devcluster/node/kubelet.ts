import type { LogOptions, LogSource, WatchEvent } from '../cluster-api.ts';
import { badRequest, notFound } from '../apiserver/errors.ts';
import type { Pod } from '../controllers/objects.ts';
import { isFinished } from '../controllers/pod-readiness.ts';
import type { AddressBlock } from '../network/loopback.ts';
import type { NodeServices } from './container-runner.ts';
import type { MeasuredContainer } from './metrics.ts';
import { nodeName } from './node-object.ts';
import { PodWorker } from './pod-worker.ts';

/** Runs the pods that are bound to this node, and hands out their logs. */
export class Kubelet implements LogSource {
  readonly #services: NodeServices;
  readonly #addresses: AddressBlock;
  /** By uid: a pod may come back under the name of one that is still ending. */
  readonly #workers = new Map<string, PodWorker>();
  readonly #watch: { stop(): void };

  constructor(services: NodeServices, addresses: AddressBlock) {
    this.#services = services;
    this.#addresses = addresses;
    this.#watch = services.api.watch('pods', (event) => this.#observe(event));
  }

  #observe({ type, object }: WatchEvent): void {
    const pod = object as Pod;
    const { uid } = pod.metadata;
    if (uid === undefined || pod.spec.nodeName !== nodeName) return;
    const worker = this.#workers.get(uid);
    if (type === 'DELETED') worker?.terminate(0);
    else if (worker) worker.update(pod);
    else if (!isFinished(pod)) this.#start(uid, pod);
  }

  #start(uid: string, pod: Pod): void {
    const worker = new PodWorker({
      pod,
      services: this.#services,
      addresses: this.#addresses,
      onGone: () => this.#workers.delete(uid),
    });
    this.#workers.set(uid, worker);
    if (pod.metadata.deletionTimestamp === undefined) worker.start();
    else worker.update(pod);
  }

  /** Every container of the pods that have not finished. */
  containers(): MeasuredContainer[] {
    return [...this.#workers.values()].flatMap(({ pod, runners }) => {
      const { namespace = '', name } = pod.metadata;
      if (isFinished(pod)) return [];
      return runners.flatMap((runner) =>
        runner.finalExitCode === undefined
          ? [{ namespace, pod: name, container: runner.name, pid: runner.pid }]
          : [],
      );
    });
  }

  /** @throws ApiError 400 while the container has not started, 404 when this node does not run the pod */
  read(namespace: string, name: string, options: LogOptions, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const worker = [...this.#workers.values()].findLast(
      ({ pod }) => pod.metadata.namespace === namespace && pod.metadata.name === name,
    );
    if (!worker) throw notFound({ group: '', kind: 'Pod', plural: 'pods' }, name);
    const container = options.container ?? worker.pod.spec.containers[0]?.name ?? '';
    const log = worker.container(container)?.log(options.previous);
    if (!log) throw badRequest(noLogText(worker, name, container, options.previous));
    return log.read(options, signal, this.#services.now());
  }

  /** Nothing is started or restarted any more; the processes are left to whoever stops the node. */
  stop(): void {
    this.#watch.stop();
    for (const worker of this.#workers.values()) worker.halt();
  }
}

function noLogText(worker: PodWorker, pod: string, container: string, previous: boolean): string {
  if (previous) return `previous terminated container "${container}" in pod "${pod}" not found`;
  const reason = worker.container(container)?.status().state.waiting?.reason ?? 'ContainerCreating';
  return `container "${container}" in pod "${pod}" is waiting to start: ${reason}`;
}
