import { setImmediate as nextTurn } from 'node:timers/promises';
import { pauseEndMs } from '../decide/mode.ts';
import { isKubeError } from '../kube/errors.ts';
import { errorMessage } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import { WorkQueue } from '../lib/work-queue.ts';
import type { Autoscaler } from './autoscaler-table.ts';
import { DecisionLog } from './decision-log.ts';
import { DecisionRing } from './decision-ring.ts';
import { laneOf } from './lanes.ts';
import { reconcile } from './reconcile.ts';
import type { Reconciled } from './reconcile.ts';
import type { Telemetry } from './telemetry.ts';
import type { Tools } from './tools.ts';
import { heartbeatSlackMs, nextTickMs, periodMsOf, transitionDueMs } from './wake.ts';

export interface LoopOptions {
  readonly tools: Tools;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  /** OperatorOptions.concurrentSyncs */
  readonly concurrency: number;
}

/** Keys that wait while nothing is finished for so long mean that the loop hangs: every request has a shorter deadline. */
const stalledMs = 120_000;

/** With everything in caches, a thousand decisions are one long turn of the event loop: after so long, others have theirs. */
const turnMs = 25;

/** Decides and acts, from when this process begins to lead until it ends: nothing outlives a term but the caches. */
export class Loop {
  readonly queue: WorkQueue;
  /** The last ones of this term. */
  readonly decisions = new DecisionRing();
  readonly #options: LoopOptions;
  readonly #log: DecisionLog;
  #lastFinishedMs: number;
  #turnBeganMs = 0;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#log = new DecisionLog(options.logger);
    this.#lastFinishedMs = this.#nowMs();
    this.queue = new WorkQueue({
      concurrency: options.concurrency,
      laneOf: (key) => laneOf(this.#table.get(key)),
      work: (key, dueMs) => this.#work(key, dueMs),
      onError: (error, key) => options.logger.error({ autoscaler: key, err: error }, 'a reconcile broke'),
    });
  }

  /** Decides every autoscaler now. */
  start(): void {
    for (const key of this.#table.keys()) this.queue.add(key);
  }

  /** Decides one now: it is new, its spec has changed, or it has got or lost a rival. */
  wake(key: string): void {
    this.queue.add(key);
  }

  /** Decides what is due. */
  beat(): void {
    this.queue.wake(this.#nowMs() + heartbeatSlackMs);
  }

  /** It was deleted. */
  remove(autoscaler: Autoscaler): void {
    this.queue.remove(autoscaler.key);
    this.#forget(autoscaler);
  }

  #forget(autoscaler: Autoscaler): void {
    this.#log.forget(autoscaler);
    this.decisions.forget(autoscaler.key);
    this.#options.telemetry.forget(autoscaler);
  }

  /** Why nothing goes on; undefined when it does. */
  stalled(): string | undefined {
    const silentMs = this.#nowMs() - this.#lastFinishedMs;
    if (this.queue.depth === 0 || silentMs < stalledMs) return undefined;
    return `${this.queue.depth} autoscalers wait, and none was finished for ${Math.round(silentMs / 1000)} s`;
  }

  /** Begins nothing more; resolves when what is under way has finished and its events are written. */
  async stop(): Promise<void> {
    await this.queue.stop();
    await this.#options.tools.events.flush();
  }

  /** 1. A key was woken: by a change, or because it is due. */
  async #work(key: string, dueMs: number | undefined): Promise<void> {
    const autoscaler = this.#table.get(key);
    if (autoscaler === undefined) return;
    await this.#breathe();
    const { telemetry } = this.#options;
    const startedMs = this.#nowMs();
    telemetry.started(dueMs === undefined ? undefined : startedMs - dueMs);
    const result = await this.#reconcile(autoscaler);
    // 8. Record, and say when to come back.
    this.#lastFinishedMs = this.#nowMs();
    telemetry.reconciled(autoscaler, result, this.#lastFinishedMs - startedMs);
    if (result !== undefined) this.#log.record(autoscaler, result);
    if (result?.type === 'Decided') this.decisions.record(key, result);
    // Deleted meanwhile; its namesake may wait already.
    if (this.#table.get(key) !== autoscaler) this.#forget(autoscaler);
    else if (result?.type !== 'Invalid') this.queue.addAt(key, this.#nextMs(autoscaler, result));
  }

  async #breathe(): Promise<void> {
    if (performance.now() - this.#turnBeganMs < turnMs) return;
    await nextTurn();
    this.#turnBeganMs = performance.now();
  }

  #nextMs({ namespace, parsed }: Autoscaler, result: Reconciled | undefined): number {
    const policy = parsed.ok ? parsed.policy : {};
    const periodMs = periodMsOf(policy, this.#options.tools.options.syncPeriodMs);
    const tickMs = nextTickMs(namespace, this.#nowMs(), periodMs);
    if (result?.type !== 'Decided') return tickMs;
    const { clock } = this.#options.tools;
    const { nextTransition, atMs } = result.decision;
    // As of the decision: a pause may have ended while it was carried out.
    return Math.min(
      tickMs,
      transitionDueMs(nextTransition?.atMs, clock),
      transitionDueMs(pauseEndMs(policy, atMs), clock),
    );
  }

  /** @returns undefined when it could not be carried through; it is tried again at the next tick */
  async #reconcile(autoscaler: Autoscaler): Promise<Reconciled | undefined> {
    try {
      return await reconcile(autoscaler, this.#options.tools);
    } catch (error) {
      if (!isKubeError(error, 'Aborted', 'Fenced'))
        this.#options.logger.error(
          { autoscaler: autoscaler.key, error: errorMessage(error) },
          'cannot reconcile',
        );
      return undefined;
    }
  }

  get #table(): Tools['table'] {
    return this.#options.tools.table;
  }

  #nowMs(): number {
    return this.#options.tools.clock.monotonicMs();
  }
}
