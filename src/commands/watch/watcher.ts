import type { KubeClient } from '../../kube/client.ts';
import { type Reflector, startReflector } from '../../kube/reflector.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLogger } from '../../lib/logger.ts';
import { autoscalersPath } from '../../operator/names.ts';
import type { AutoscalerJson } from '../load/objects.ts';
import { Follower } from './follower.ts';
import type { Moment } from './moment.ts';
import { keyOf, ObjectTable } from './object-table.ts';

export interface WatcherOptions {
  readonly client: KubeClient;
  /** Absent: all of them. */
  readonly namespace?: string | undefined;
  /** Called after each change. */
  readonly changed: () => void;
}

/** All autoscalers of a place, and what belongs to the one that is followed. */
export class Watcher implements AsyncDisposable {
  readonly #options: WatcherOptions;
  readonly #autoscalers: ObjectTable<AutoscalerJson>;
  readonly #reflector: Reflector;
  readonly #stop = new AbortController();
  /** Of those that are followed no more. */
  readonly #ending = new Set<Promise<void>>();
  #wanted: string | undefined;
  #follower: Follower | undefined;

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#autoscalers = new ObjectTable(() => {
      this.#followWanted();
      options.changed();
    });
    this.#reflector = startReflector({
      ...{ client: options.client, path: autoscalersPath(options.namespace), handler: this.#autoscalers },
      project: (object) => object as AutoscalerJson,
      ...{ clock: systemClock, random: Math.random, logger: silentLogger, signal: this.#stop.signal },
    });
  }

  /** Resolves when all autoscalers are known. */
  get firstSync(): Promise<void> {
    return this.#reflector.firstSync;
  }

  /** What is not heard of now, in words. */
  get troubles(): string[] {
    const { failure } = this.#reflector;
    const own = failure === undefined ? [] : [`watching CustomAutoscalers: ${failure}`];
    return [...own, ...(this.#follower?.troubles ?? [])];
  }

  /** Follows what belongs to this autoscaler from now on, `namespace/name`. */
  follow(key: string | undefined): void {
    if (key === this.#wanted) return;
    this.#wanted = key;
    this.#followWanted();
  }

  now(atMs: number): Moment {
    const follower = this.#follower;
    return {
      ...{ atMs, autoscalers: this.#autoscalers.items },
      ...(follower === undefined ? {} : { followed: follower.key }),
      ...{ pods: follower?.pods ?? [], usage: follower?.usage ?? new Map(), events: follower?.events ?? [] },
      ...(follower?.readyReplicas === undefined ? {} : { readyReplicas: follower.readyReplicas }),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#unfollow();
    await Promise.all([this.#reflector.done, ...this.#ending]);
  }

  #followWanted(): void {
    const autoscaler = this.#autoscalers.items.find((one) => keyOf(one) === this.#wanted);
    if (this.#follower !== undefined && this.#follower.key === this.#wanted) {
      if (autoscaler === undefined || this.#follower.fits(autoscaler)) return;
    }
    this.#unfollow();
    if (autoscaler !== undefined)
      this.#follower = new Follower(this.#options.client, autoscaler, this.#options.changed);
  }

  #unfollow(): void {
    const follower = this.#follower;
    this.#follower = undefined;
    if (follower === undefined) return;
    const ended: Promise<void> = follower[Symbol.asyncDispose]().finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }
}
