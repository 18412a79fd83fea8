import { connect } from '../kube/client.ts';
import type { KubeClient } from '../kube/client.ts';
import { isKubeError } from '../kube/errors.ts';
import { startReflector } from '../kube/reflector.ts';
import type { Reflector, ReflectorHandler } from '../kube/reflector.ts';
import { aborted, systemClock } from '../lib/clock.ts';
import type { Clock } from '../lib/clock.ts';
import { errorMessage, UserError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import { parseSelector } from '../lib/selector.ts';
import { WorkQueue } from '../lib/work-queue.ts';
import { podEntry, PodTable } from '../observe/pod-table.ts';
import { autoscalerObject, AutoscalerTable } from './autoscaler-table.ts';
import type { Autoscaler } from './autoscaler-table.ts';
import { DecisionLog } from './decision-log.ts';
import { healthHandler } from './health.ts';
import { autoscalersPath, podsPath } from './names.ts';
import type { OperatorOptions } from './options.ts';
import { reconcile } from './reconcile.ts';
import type { Reconciled } from './reconcile.ts';
import { serve } from './serve.ts';
import { checkStart } from './start-check.ts';
import { Telemetry } from './telemetry.ts';
import { createTools } from './create-tools.ts';
import type { Tools } from './tools.ts';
import { heartbeatSlackMs, nextTickMs, startHeartbeat } from './wake.ts';

/** What the operator is given by whoever starts it. */
export interface OperatorDependencies {
  /** Ends the operator cleanly. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Told where health and metrics are served, once they are. */
  readonly onListening?: (url: string) => void;
}

/** How long a stop waits for what is under way. */
const stopMs = 5000;

/**
 * Runs the operator until the signal aborts.
 * @throws UserError when it cannot start: no kubeconfig, no server, no CustomAutoscalers, the port in use
 */
export async function runOperator(
  options: OperatorOptions,
  dependencies: OperatorDependencies,
): Promise<void> {
  const telemetry = new Telemetry();
  const { kubeconfig, context, selector } = options;
  if (selector !== undefined) requireSelector(selector);
  const end = new AbortController();
  const client = connect({
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    connections: Math.max(16, options.concurrentSyncs),
    onRequest: (report) => telemetry.request(report),
    signal: end.signal,
  });
  const operator = new Operator(options, dependencies, { client, telemetry, end });
  try {
    await operator.run();
  } finally {
    await client.close();
  }
}

/** @throws UserError */
function requireSelector(selector: string): void {
  try {
    parseSelector(selector);
  } catch (cause) {
    const message = `--selector ${JSON.stringify(selector)}: ${errorMessage(cause)}; give a label selector, such as team=shop,tier!=test`;
    throw new UserError(message, { cause });
  }
}

/** What reaches out of the operator. */
interface Outside {
  readonly client: KubeClient;
  readonly telemetry: Telemetry;
  readonly end: AbortController;
}

class Operator {
  readonly #options: OperatorOptions;
  readonly #client: KubeClient;
  readonly #telemetry: Telemetry;
  readonly #logger: Logger;
  readonly #signal: AbortSignal;
  readonly #onListening: (url: string) => void;
  readonly #clock: Clock;
  /** Ends the requests and watches that the stop does not wait for. */
  readonly #end: AbortController;
  readonly #pods = new PodTable();
  readonly #queue: WorkQueue;
  readonly #table: AutoscalerTable;
  readonly #log: DecisionLog;
  readonly #tools: Tools;
  readonly #watches: Record<string, Reflector> = {};
  #lastBeatMs: number;

  constructor(
    options: OperatorOptions,
    dependencies: OperatorDependencies,
    { client, telemetry, end }: Outside,
  ) {
    const { signal, logger, clock = systemClock, onListening = () => undefined } = dependencies;
    this.#options = options;
    this.#client = client;
    this.#telemetry = telemetry;
    this.#end = end;
    this.#logger = logger;
    this.#signal = signal;
    this.#clock = clock;
    this.#onListening = onListening;
    this.#lastBeatMs = clock.monotonicMs();
    this.#log = new DecisionLog(logger);
    this.#queue = new WorkQueue({
      concurrency: options.concurrentSyncs,
      work: (key) => this.#work(key),
      onError: (error, key) => logger.error({ autoscaler: key, err: error }, 'a reconcile broke'),
    });
    this.#table = new AutoscalerTable({
      onChanged: ({ key }) => this.#queue.add(key),
      onGone: (autoscaler) => {
        this.#queue.remove(autoscaler.key);
        this.#forget(autoscaler);
      },
    });
    this.#tools = createTools(
      { client, clock, logger, telemetry, pods: this.#pods, table: this.#table, signal: end.signal },
      options,
    );
  }

  async run(): Promise<void> {
    const { namespace, bindAddress, syncPeriodMs } = this.#options;
    const health =
      bindAddress === undefined ? undefined : await serve(this.#healthHandler(), bindAddress, this.#logger);
    try {
      await checkStart({
        client: this.#client,
        clock: this.#clock,
        logger: this.#logger,
        namespace,
        signal: this.#signal,
      });
      if (this.#signal.aborted) return;
      if (health !== undefined) this.#onListening(health.url);
      this.#logger.info(
        { server: this.#client.server, syncPeriodMs, health: health?.url },
        'operator started',
      );
      await this.#serveUntilStopped();
    } finally {
      await health?.close();
    }
  }

  async #serveUntilStopped(): Promise<void> {
    const { namespace, selector } = this.#options;
    this.#telemetry.observe({ queue: this.#queue, clock: this.#clock, watches: this.#watches });
    const heartbeat = startHeartbeat(() => this.#beat(), this.#logger);
    // The pods come first: a decision without them would count none.
    this.#watches.pods = this.#watch(podsPath(namespace), podEntry, this.#pods);
    await Promise.race([this.#watches.pods.firstSync, aborted(this.#signal)]);
    this.#watches.customautoscalers = this.#watch(
      autoscalersPath(namespace),
      autoscalerObject,
      this.#table,
      selector,
    );
    await aborted(this.#signal);
    heartbeat.stop();
    await this.#stop();
  }

  #watch<T>(
    path: string,
    project: (object: unknown) => T,
    handler: ReflectorHandler<T>,
    labelSelector?: string,
  ): Reflector {
    return startReflector({
      client: this.#client,
      path,
      project,
      handler,
      clock: this.#clock,
      random: Math.random,
      logger: this.#logger,
      signal: this.#end.signal,
      ...(labelSelector === undefined ? {} : { labelSelector }),
    });
  }

  /** Lets what is under way finish within a bound, then cuts everything off. */
  async #stop(): Promise<void> {
    this.#logger.info({ running: this.#queue.running }, 'stopping');
    const finished = this.#queue.stop().then(() => this.#tools.events.flush());
    const waited = new AbortController();
    await Promise.race([finished, this.#clock.sleep(stopMs, waited.signal)]);
    waited.abort();
    this.#end.abort();
    await finished;
    await Promise.all(Object.values(this.#watches).map(({ done }) => done));
    this.#logger.info('stopped');
  }

  #beat(): void {
    this.#lastBeatMs = this.#clock.monotonicMs();
    this.#queue.wake(this.#lastBeatMs + heartbeatSlackMs);
  }

  /** 1. A key was woken: by a change of its object, or because it is due. */
  async #work(key: string): Promise<void> {
    const autoscaler = this.#table.get(key);
    if (autoscaler === undefined) return;
    const started = performance.now();
    const result = await this.#reconcile(autoscaler);
    // 8. Record, and say when to come back.
    this.#telemetry.reconciled(autoscaler, result, performance.now() - started);
    if (result !== undefined) this.#log.record(autoscaler, result);
    if (this.#table.get(key) !== autoscaler) this.#forget(autoscaler);
    else if (result?.type !== 'Invalid') this.#queue.addAt(key, this.#nextMs(autoscaler));
  }

  #nextMs({ namespace }: Autoscaler): number {
    return nextTickMs(namespace, this.#clock.monotonicMs(), this.#options.syncPeriodMs);
  }

  /** @returns undefined when it could not be carried through; it is tried again at the next tick */
  async #reconcile(autoscaler: Autoscaler): Promise<Reconciled | undefined> {
    try {
      return await reconcile(autoscaler, this.#tools);
    } catch (error) {
      if (isKubeError(error, 'Aborted')) return undefined;
      this.#logger.error({ autoscaler: autoscaler.key, error: errorMessage(error) }, 'cannot reconcile');
      return undefined;
    }
  }

  #forget(autoscaler: Autoscaler): void {
    this.#log.forget(autoscaler);
    this.#telemetry.forget(autoscaler);
  }

  #healthHandler(): ReturnType<typeof healthHandler> {
    const silentMs = (): number => this.#clock.monotonicMs() - this.#lastBeatMs;
    const watching = (resource: string) => (): string | undefined => {
      const watch = this.#watches[resource];
      return watch?.synced === true ? watch.failure : (watch?.failure ?? 'not listed yet');
    };
    return healthHandler({
      live: {
        heartbeat: () => (silentMs() > 30_000 ? `no beat for ${Math.round(silentMs() / 1000)} s` : undefined),
      },
      ready: { pods: watching('pods'), customautoscalers: watching('customautoscalers') },
      metrics: () => this.#telemetry.text(),
    });
  }
}
