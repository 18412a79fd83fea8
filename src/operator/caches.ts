import type { KubeClient } from '../kube/client.ts';
import { isKubeError } from '../kube/errors.ts';
import { startReflector } from '../kube/reflector.ts';
import type { Reflector, ReflectorHandler } from '../kube/reflector.ts';
import { aborted } from '../lib/clock.ts';
import type { Clock } from '../lib/clock.ts';
import { errorMessage } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import { PodTable } from '../observe/pod-table.ts';
import { watchedKinds } from '../observe/target.ts';
import type { WatchedKind, Workloads } from '../observe/target.ts';
import { replicaSet, workload, WorkloadTable } from '../observe/workload-table.ts';
import { autoscalerObject } from './autoscaler-table.ts';
import type { AutoscalerTable } from './autoscaler-table.ts';
import { AutoscalerWatch } from './autoscaler-watch.ts';
import { hpaEntry, HpaWatch } from './hpa-watch.ts';
import { autoscalersPath, collectionPath } from './names.ts';
import type { TargetIndex } from './target-index.ts';

export interface CachesOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends every watch. */
  readonly signal: AbortSignal;
  readonly table: AutoscalerTable;
  readonly targets: TargetIndex;
  /** Undefined: all namespaces. */
  readonly namespace: string | undefined;
  /** Autoscalers that are served; undefined: all. */
  readonly selector: string | undefined;
}

/** One watched resource. */
export interface WatchedCache {
  readonly reflector: Reflector;
  /** Objects kept of it. */
  readonly size: () => number;
}

/** Where all that is watched is listed, by resource: what the operator must be able to list and watch. */
export function watchedPaths(namespace: string | undefined): Readonly<Record<string, string>> {
  const apps = Object.values(watchedKinds).map((plural) => [
    plural,
    collectionPath('apps/v1', plural, namespace),
  ]);
  return {
    pods: collectionPath('v1', 'pods', namespace),
    ...(Object.fromEntries(apps) as Record<string, string>),
    horizontalpodautoscalers: collectionPath('autoscaling/v2', 'horizontalpodautoscalers', namespace),
    customautoscalers: autoscalersPath(namespace),
  };
}

/** After so long without a word, bookmarks included, a watch of workloads may have died: their scale is asked for. */
const silentMs = 150_000;

/**
 * After so long without a word whoever else scales a target is not known any more. The reflector cuts a silent watch before that,
 * which leaves time to resume it.
 */
const unseenMs = 180_000;

/** Resources whose objects scale targets, as messages name them. */
const rivalKinds: Readonly<Record<string, string>> = {
  horizontalpodautoscalers: 'HorizontalPodAutoscalers',
  customautoscalers: 'CustomAutoscalers',
};

/** Between two looks for what the server did not serve, a tenth more or less. */
const lookAgainMs = 600_000;

/** Copies of what is watched, kept up to date until the signal aborts. */
export class Caches {
  readonly pods = new PodTable();
  readonly workloads: Workloads;
  readonly #options: CachesOptions;
  readonly #watches: Record<string, WatchedCache> = {};
  readonly #hpas: HpaWatch;
  /** What the server does not serve. */
  #absent = new Set<string>();
  #looking: Promise<void> = Promise.resolve();

  constructor(options: CachesOptions) {
    this.#options = options;
    this.#hpas = new HpaWatch(options.targets);
    this.workloads = Object.fromEntries(
      Object.entries(watchedKinds).map(([kind, plural]) => [
        kind,
        new WorkloadTable(() => this.#isCurrent(plural)),
      ]),
    );
  }

  /** By resource. */
  get watches(): Readonly<Record<string, WatchedCache>> {
    return this.#watches;
  }

  /** All that is watched, but for what the server does not serve. */
  get resources(): string[] {
    return Object.keys(watchedPaths(this.#options.namespace));
  }

  /** Why a resource is not known as it is now; undefined when it is, and when the server does not serve it. */
  trouble(resource: string): string | undefined {
    if (this.#absent.has(resource)) return undefined;
    const reflector = this.#watches[resource]?.reflector;
    return reflector?.synced === true ? reflector.failure : (reflector?.failure ?? 'not listed yet');
  }

  /** Why there may be other autoscalers of a target that are not seen; undefined when all are. */
  rivalsUnseen(): string | undefined {
    for (const [resource, kind] of Object.entries(rivalKinds)) {
      const cause = this.trouble(resource) ?? this.#silence(resource);
      if (cause !== undefined)
        return `cannot see ${kind} (${cause}): another autoscaler may scale the target`;
    }
    return undefined;
  }

  /**
   * Starts the watches; resolves when all are filled, or the signal aborts. Autoscalers come last: a decision without the pods
   * would count none, and one without the rivals would ignore them.
   * @param absent resources that the server does not serve
   */
  async fill(absent: ReadonlySet<string>): Promise<void> {
    this.#absent = new Set(absent);
    const starts = this.#starts();
    const { customautoscalers = () => undefined, ...others } = starts;
    for (const [resource, start] of Object.entries(others)) if (!absent.has(resource)) start();
    await this.#filled();
    if (this.#options.signal.aborted) return;
    customautoscalers();
    await this.#filled();
    this.#looking = this.#lookAgain(starts);
  }

  /** What begins to watch each resource. */
  #starts(): Readonly<Record<string, () => void>> {
    const { table, targets, selector, namespace } = this.#options;
    const paths = watchedPaths(namespace);
    const starts: Record<string, () => void> = {};
    const watch = <T>(resource: string, project: (object: unknown) => T, handler: Handler<T>): void => {
      starts[resource] = () => this.#watch(resource, { path: paths[resource] ?? '', project, handler });
    };
    watch('pods', this.pods.project, this.pods);
    for (const [kind, plural] of Object.entries(watchedKinds)) {
      const workloads = this.workloads[kind as WatchedKind];
      if (workloads !== undefined) watch(plural, kind === 'ReplicaSet' ? replicaSet : workload, workloads);
    }
    watch('horizontalpodautoscalers', hpaEntry, this.#hpas);
    watch('customautoscalers', autoscalerObject, new AutoscalerWatch(table, targets, selector));
    return starts;
  }

  /** Looks now and then for what the server did not serve, and watches it from when it does. Never rejects. */
  async #lookAgain(starts: Readonly<Record<string, () => void>>): Promise<void> {
    const { clock, logger, signal, namespace } = this.#options;
    const paths = watchedPaths(namespace);
    while (this.#absent.size > 0) {
      await clock.sleep(lookAgainMs * (0.9 + 0.2 * Math.random()), signal);
      if (signal.aborted) return;
      for (const resource of [...this.#absent]) {
        if (!(await this.#isServed(paths[resource] ?? ''))) continue;
        logger.info({ resource }, 'served now');
        this.#absent.delete(resource);
        starts[resource]?.();
      }
    }
  }

  /** What is refused is there all the same: then its watch says so. */
  async #isServed(path: string): Promise<boolean> {
    const { client, signal, logger } = this.#options;
    try {
      await client.get(path, { query: { limit: 1 }, signal });
      return true;
    } catch (error) {
      if (isKubeError(error, 'Forbidden')) return true;
      if (!isKubeError(error, 'NotFound', 'Aborted'))
        logger.warn({ path, error: errorMessage(error) }, 'cannot look whether this is served now');
      return false;
    }
  }

  /** Resolves when the signal has aborted and nothing is watched any more. */
  async done(): Promise<void> {
    await this.#looking;
    await Promise.all(Object.values(this.#watches).map(({ reflector }) => reflector.done));
  }

  async #filled(): Promise<void> {
    const all = Promise.all(Object.values(this.#watches).map(({ reflector }) => reflector.firstSync));
    await Promise.race([all, aborted(this.#options.signal)]);
  }

  #watch<T>(
    resource: string,
    { path, project, handler }: { path: string; project: (object: unknown) => T; handler: Handler<T> },
  ): void {
    const { client, clock, logger, signal } = this.#options;
    const reflector = startReflector({
      ...{ client, path, project, handler, clock, logger, signal },
      random: Math.random,
    });
    this.#watches[resource] = { reflector, size: () => handler.size };
  }

  #silence(resource: string): string | undefined {
    if (this.#absent.has(resource)) return undefined;
    const ms = this.#silentMs(resource);
    return ms < unseenMs ? undefined : `nothing was heard for ${Math.round(ms / 1000)} s`;
  }

  /** Since the server last said something. */
  #silentMs(resource: string): number {
    return this.#options.clock.monotonicMs() - (this.#watches[resource]?.reflector.lastSyncMs ?? -Infinity);
  }

  #isCurrent(resource: string): boolean {
    const reflector = this.#watches[resource]?.reflector;
    if (reflector?.synced !== true || reflector.failure !== undefined) return false;
    return this.#silentMs(resource) < silentMs;
  }
}

type Handler<T> = ReflectorHandler<T> & { readonly size: number };
