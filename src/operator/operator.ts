import { hostname } from 'node:os';
import { connect } from '../kube/client.ts';
import type { KubeClient } from '../kube/client.ts';
import { isKubeError } from '../kube/errors.ts';
import { aborted, systemClock } from '../lib/clock.ts';
import type { Clock } from '../lib/clock.ts';
import { errorMessage, UserError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import { parseSelector } from '../lib/selector.ts';
import { autoscalerObject, AutoscalerTable } from './autoscaler-table.ts';
import { autoscalerKeyOf } from './autoscaler-watch.ts';
import { Caches } from './caches.ts';
import { createTools } from './create-tools.ts';
import type { Parts } from './create-tools.ts';
import { decisionsHandler } from './decisions-handler.ts';
import { healthHandler } from './health.ts';
import { Leadership } from './leadership.ts';
import type { Term } from './leadership.ts';
import { Loop } from './loop.ts';
import { autoscalersPath } from './names.ts';
import type { OperatorOptions } from './options.ts';
import { serve } from './serve.ts';
import { checkStart } from './start-check.ts';
import { TargetIndex } from './target-index.ts';
import { Telemetry } from './telemetry.ts';
import { startHeartbeat } from './wake.ts';

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
/** Between two tries to read the autoscalers at the begin of a term. */
const refreshAgainMs = 1000;

/**
 * Runs the operator until the signal aborts.
 * @throws UserError when it cannot start: no kubeconfig, no server, no CustomAutoscalers, the port in use
 */
export async function runOperator(
  options: OperatorOptions,
  dependencies: OperatorDependencies,
): Promise<void> {
  const telemetry = new Telemetry({ perAutoscaler: options.perAutoscalerMetrics });
  const { kubeconfig, context, selector } = options;
  if (selector !== undefined) requireSelector(selector);
  const end = new AbortController();
  const client = connect({
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
    connections: Math.max(16, options.concurrentSyncs),
    qps: options.kubeApiQps,
    burst: options.kubeApiBurst,
    onRequest: (report) => telemetry.request(report),
    onRateLimitWait: (waitedMs) => telemetry.rateLimitWait(waitedMs),
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
  /** Ends the requests and watches that the stop does not wait for. */
  readonly end: AbortController;
}

/**
 * ```
 *   caches (always warm) ---> table, targets ---wake---> loop (while leading) ---> reconcile
 * ```
 */
class Operator {
  readonly #options: OperatorOptions;
  readonly #signal: AbortSignal;
  readonly #onListening: (url: string) => void;
  readonly #end: AbortController;
  readonly #parts: Parts;
  readonly #leadership: Leadership;
  /** Of the present term. */
  #loop: Loop | undefined;
  /** Ends what is under way in the present term. */
  #cut = new AbortController();
  #lastBeatMs: number;

  constructor(
    options: OperatorOptions,
    dependencies: OperatorDependencies,
    { client, telemetry, end }: Outside,
  ) {
    const { signal, logger, clock = systemClock, onListening = () => undefined } = dependencies;
    const { namespace, selector, instance = hostname() } = options;
    this.#options = options;
    this.#end = end;
    this.#signal = signal;
    this.#onListening = onListening;
    this.#lastBeatMs = clock.monotonicMs();
    const table = new AutoscalerTable({
      onChanged: ({ key }) => this.#loop?.wake(key),
      onGone: (autoscaler) => this.#loop?.remove(autoscaler),
    });
    const targets = new TargetIndex((id) => {
      const key = autoscalerKeyOf(id);
      if (key !== undefined && table.get(key) !== undefined) this.#loop?.wake(key);
    });
    const shared = { client, clock, logger, table, targets, signal: end.signal };
    const caches = new Caches({ ...shared, namespace, selector });
    this.#parts = { ...shared, caches, telemetry, instance, options };
    this.#leadership = new Leadership({
      ...{ client, clock, logger, instance },
      election: options.leaderElection,
      begin: (term) => this.#begin(term),
      end: () => this.#endTerm(),
    });
  }

  async run(): Promise<void> {
    const { bindAddress, namespace, leaderElection } = this.#options;
    const { client, clock, logger } = this.#parts;
    const health =
      bindAddress === undefined ? undefined : await serve(this.#healthHandler(), bindAddress, logger);
    try {
      const check = { client, clock, logger, namespace, lease: leaderElection, signal: this.#signal };
      const { absent } = await checkStart(check);
      if (this.#signal.aborted) return;
      if (health !== undefined) this.#onListening(health.url);
      const { syncPeriodMs } = this.#options;
      const lease = leaderElection && `${leaderElection.namespace}/${leaderElection.name}`;
      logger.info({ server: client.server, syncPeriodMs, health: health?.url, lease }, 'operator started');
      await this.#serveUntilStopped(absent);
    } finally {
      await health?.close();
    }
  }

  async #serveUntilStopped(absent: ReadonlySet<string>): Promise<void> {
    const { caches, clock, logger, telemetry } = this.#parts;
    telemetry.observe({
      clock,
      watches: () => caches.watches,
      queue: () => this.#loop?.queue,
      leads: () => this.#leadership.leads,
    });
    const heartbeat = startHeartbeat(() => this.#beat(), logger);
    await Promise.race([caches.fill(absent), aborted(this.#signal)]);
    // Only who knows the cluster may lead it.
    if (!this.#signal.aborted) this.#leadership.start();
    await aborted(this.#signal);
    heartbeat.stop();
    await this.#stop();
  }

  /** Lets what is under way finish within a bound, gives the lease back, and cuts everything off. */
  async #stop(): Promise<void> {
    const { logger, caches } = this.#parts;
    logger.info({ running: this.#loop?.queue.running ?? 0 }, 'stopping');
    await this.#leadership.stop();
    this.#end.abort();
    await caches.done();
    logger.info('stopped');
  }

  async #begin(term: Term): Promise<void> {
    const { options, telemetry, logger, table } = this.#parts;
    table.forgetPast();
    if (options.leaderElection !== undefined) await this.#refresh(term.signal);
    if (term.signal.aborted || this.#signal.aborted) return;
    telemetry.startedToLead();
    this.#cut = new AbortController();
    const signal = AbortSignal.any([term.signal, this.#cut.signal]);
    const tools = createTools(this.#parts, { ...term, signal });
    this.#loop = new Loop({ tools, telemetry, logger, concurrency: options.concurrentSyncs });
    this.#loop.start();
  }

  /** After a loss, what is under way fails at once: its signal has aborted. */
  async #endTerm(): Promise<void> {
    const loop = this.#loop;
    this.#loop = undefined;
    if (loop === undefined) return;
    const { clock, telemetry } = this.#parts;
    const finished = loop.stop();
    const waited = new AbortController();
    await Promise.race([finished, clock.sleep(stopMs, waited.signal)]);
    waited.abort();
    this.#cut.abort();
    await finished;
    telemetry.forgetAll();
  }

  /** What the last leader wrote may not have come through the watch yet, and its history counts. */
  async #refresh(signal: AbortSignal): Promise<void> {
    const { client, clock, table, logger } = this.#parts;
    const { namespace } = this.#options;
    const either = AbortSignal.any([signal, this.#signal]);
    while (!either.aborted) {
      try {
        for await (const { items } of client.list(autoscalersPath(namespace), { signal: either }))
          for (const item of items) table.refresh(autoscalerObject(item));
        return;
      } catch (error) {
        if (isKubeError(error, 'Aborted')) return;
        logger.warn({ error: errorMessage(error) }, 'cannot read the autoscalers to begin with');
        await clock.sleep(refreshAgainMs, either);
      }
    }
  }

  #beat(): void {
    this.#lastBeatMs = this.#parts.clock.monotonicMs();
    this.#loop?.beat();
  }

  /** Why a leader does not decide; a process that stands by has nothing to decide. */
  #idle(): string | undefined {
    if (!this.#leadership.leads) return undefined;
    return this.#loop === undefined ? 'leads, and has not read the autoscalers yet' : this.#loop.stalled();
  }

  #healthHandler(): ReturnType<typeof healthHandler> {
    const { caches, clock, telemetry } = this.#parts;
    const silentMs = (): number => clock.monotonicMs() - this.#lastBeatMs;
    const filled = caches.resources.map((resource) => [resource, () => caches.trouble(resource)]);
    return healthHandler({
      live: {
        heartbeat: () => (silentMs() > 30_000 ? `no beat for ${Math.round(silentMs() / 1000)} s` : undefined),
      },
      ready: {
        ...(Object.fromEntries(filled) as Record<string, () => string | undefined>),
        ticking: () => this.#idle(),
      },
      metrics: () => telemetry.text(),
      decisions: decisionsHandler(() => this.#loop?.decisions),
    });
  }
}
