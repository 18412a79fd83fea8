import { isDeepStrictEqual } from 'node:util';

import { errorMessage } from '../../lib/errors.ts';
import { hostPortsAnnotation } from '../controllers/endpoint-slice.ts';
import type { Container, Pod } from '../controllers/objects.ts';
import type { AddressBlock } from '../network/loopback.ts';
import { bindError, freePort, sharedAddress } from '../network/loopback.ts';
import type { NodeServices } from './container-runner.ts';
import { ContainerRunner } from './container-runner.ts';
import type { PodPlace } from './environment.ts';
import { findImage } from './images.ts';
import { podStatus } from './pod-status.ts';

export interface PodWorkerOptions {
  readonly pod: Pod;
  readonly services: NodeServices;
  readonly addresses: AddressBlock;
  /** After the pod has gone for good: its processes have ended and its address is free. */
  readonly onGone: () => void;
}

/** One pod on this node, from its binding to its removal. */
export class PodWorker {
  readonly #options: PodWorkerOptions;
  readonly #startedMs: number;
  #pod: Pod;
  #place: PodPlace | undefined;
  #init: ContainerRunner[] = [];
  #containers: ContainerRunner[] = [];
  #setUp: Promise<void> = Promise.resolve();
  #writing: NodeJS.Immediate | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #graceMs = Infinity;
  #stopping: Promise<void> | undefined;
  #gone = false;

  constructor(options: PodWorkerOptions) {
    this.#options = options;
    this.#pod = options.pod;
    this.#startedMs = options.services.now();
  }

  get pod(): Pod {
    return this.#pod;
  }

  container(name: string): ContainerRunner | undefined {
    return this.runners.find((runner) => runner.name === name);
  }

  get runners(): readonly ContainerRunner[] {
    return [...this.#init, ...this.#containers];
  }

  /** Gives the pod its address and starts its containers, init containers first. */
  start(): void {
    this.#setUp = this.#run().catch((error: unknown) => this.#cannotSetUp(error));
  }

  async #run(): Promise<void> {
    const place = await this.#givePlace();
    this.#place = place;
    const isJob = this.#pod.spec.restartPolicy === 'Never';
    const runner = (container: Container, shouldRestart: (exitCode: number) => boolean): ContainerRunner =>
      new ContainerRunner({
        pod: () => this.#pod,
        container,
        place,
        services: this.#options.services,
        shouldRestart: (exitCode) => this.#stopping === undefined && shouldRestart(exitCode),
        onChange: () => this.#changed(),
      });
    this.#init = this.#initContainers().map((container) =>
      runner(container, (exitCode) => exitCode !== 0 && !isJob),
    );
    this.#containers = this.#pod.spec.containers.map((container) => runner(container, this.#shouldRestart));
    this.#writeSoon();
    await this.#startNext();
  }

  /** An unknown image would wait for ever, so such an init container counts as done and is left out. */
  #initContainers(): Container[] {
    const { images } = this.#options.services;
    const isKnown = ({ command = [], image = '' }: Container): boolean =>
      command.length > 0 || findImage(images, image) !== undefined;
    return (this.#pod.spec.initContainers ?? []).filter(isKnown);
  }

  readonly #shouldRestart = (exitCode: number): boolean => {
    const { restartPolicy = 'Always' } = this.#pod.spec;
    return restartPolicy === 'Always' || (restartPolicy === 'OnFailure' && exitCode !== 0);
  };

  async #givePlace(): Promise<PodPlace> {
    const { addresses, services } = this.#options;
    const ports = this.#pod.spec.containers.flatMap(({ ports: list = [] }) =>
      list.map((port) => port.containerPort),
    );
    const podIP = await addresses.take(ports);
    const own = await ownPorts(addresses.isShared, podIP, ports);
    if (Object.keys(own).length > 0) {
      const { namespace, name } = this.#pod.metadata;
      const annotations = { [hostPortsAnnotation]: JSON.stringify(own) };
      services.api.patch('pods', namespace, name, 'merge', { metadata: { annotations } });
    }
    return { podIP, hostIP: sharedAddress, ports: own };
  }

  #cannotSetUp(error: unknown): void {
    if (this.#stopping || this.#gone) return;
    const { services } = this.#options;
    const message = `Failed to create pod sandbox: ${errorMessage(error)}`;
    services.events.record(this.#pod, 'Warning', 'FailedCreatePodSandBox', message);
    this.#retryTimer = setTimeout(() => this.start(), services.restartBackoffMs);
  }

  #changed(): void {
    this.#writeSoon();
    void this.#startNext();
  }

  #starting = false;

  /** The first init container that has not succeeded, or all the others once. */
  async #startNext(): Promise<void> {
    if (this.#starting || this.#stopping || this.#gone) return;
    this.#starting = true;
    const next = this.#init.find((runner) => runner.finalExitCode !== 0);
    const due = (next ? [next] : this.#containers).filter(
      (runner) => runner.status().state.waiting?.reason === 'ContainerCreating',
    );
    await Promise.all(due.map((runner) => runner.start()));
    this.#starting = false;
    if (next?.finalExitCode === 0) await this.#startNext();
  }

  /** The stored pod changed. */
  update(pod: Pod): void {
    this.#pod = pod;
    if (pod.metadata.deletionTimestamp === undefined) return;
    this.terminate((pod.metadata.deletionGracePeriodSeconds ?? 0) * 1000);
  }

  /** Ends the containers, then removes the pod. A shorter grace than before hurries it. */
  terminate(graceMs: number): void {
    if (graceMs >= this.#graceMs || this.#gone) return;
    this.#graceMs = graceMs;
    clearTimeout(this.#retryTimer);
    const stopped = Promise.all(this.runners.map((runner) => runner.stop(graceMs)));
    if (this.#stopping) return;
    // While the set-up is on its way there are no runners yet; stop those that it makes.
    this.#stopping = stopped
      .then(() => this.#setUp)
      .then(() => Promise.all(this.runners.map((runner) => runner.stop(this.#graceMs))))
      .then(() => this.#finish());
  }

  /** The node stops: nothing is started, written or removed any more. */
  halt(): void {
    this.#gone = true;
    clearTimeout(this.#retryTimer);
    clearImmediate(this.#writing);
    for (const runner of this.runners) runner.halt();
  }

  #finish(): void {
    const { services, addresses, onGone } = this.#options;
    const { namespace, name, uid } = this.#pod.metadata;
    if (this.#gone) return;
    this.#write();
    this.halt();
    if (this.#place) addresses.release(this.#place.podIP);
    const stored = services.api.get('pods', namespace, name);
    try {
      if (stored?.metadata.uid === uid && stored?.metadata.deletionTimestamp !== undefined) {
        services.api.delete('pods', namespace, name, {
          gracePeriodSeconds: 0,
          ...(uid !== undefined && { uid }),
        });
      }
    } catch (error) {
      services.log(`node: cannot remove pod ${namespace ?? ''}/${name}: ${errorMessage(error)}`);
    }
    onGone();
  }

  #writeSoon(): void {
    if (this.#gone) return;
    this.#writing ??= setImmediate(() => {
      this.#writing = undefined;
      this.#write();
    });
  }

  /** Writes the status when it differs from what is stored; a refusal is logged and tried again. */
  #write(): void {
    const { services } = this.#options;
    const { namespace, name, uid } = this.#pod.metadata;
    const stored = services.api.get('pods', namespace, name) as Pod | undefined;
    if (this.#gone || stored?.metadata.uid !== uid || stored === undefined) return;
    const status = podStatus({
      pod: stored,
      containers: this.#containers.map((runner) => runner.status()),
      initContainers: this.#init.map((runner) => runner.status()),
      place: this.#place,
      startedMs: this.#startedMs,
      nowMs: services.now(),
    });
    const next = { ...stored.status, ...status };
    if (isDeepStrictEqual(next, stored.status)) return;
    try {
      services.api.update('pods', { ...stored, status: next }, 'status');
    } catch (error) {
      services.log(`node: cannot write the status of pod ${namespace ?? ''}/${name}: ${errorMessage(error)}`);
      this.#retryTimer = setTimeout(() => this.#writeSoon(), 1000);
    }
  }
}

/** A free port for each container port that the pod cannot have: all where pods share an address, else privileged ones. */
async function ownPorts(
  isShared: boolean,
  podIP: string,
  ports: readonly number[],
): Promise<Record<string, number>> {
  const missing = isShared ? ports : await privileged(podIP, ports);
  const pairs = missing.map(async (port) => [String(port), await freePort(podIP)] as const);
  return Object.fromEntries(await Promise.all(pairs));
}

async function privileged(podIP: string, ports: readonly number[]): Promise<number[]> {
  const refused = await Promise.all(
    ports.map(async (port) => ({ port, code: await bindError(podIP, port) })),
  );
  return refused.filter(({ code }) => code === 'EACCES').map(({ port }) => port);
}
