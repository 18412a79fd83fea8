import type { Clock } from '../lib/clock.ts';
import { errorMessage } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import type { CallOptions, KubeClient } from './client.ts';
import { isKubeError, KubeError } from './errors.ts';
import { claimed, LeaseObservation, newLease, released } from './lease-record.ts';
import type { Lease } from './lease-record.ts';

export interface ElectorOptions {
  /** Must outlive `signal`: the lease is given back after it has aborted. */
  readonly client: KubeClient;
  readonly namespace: string;
  /** Of the Lease. */
  readonly name: string;
  /** Of this process and no other, also not of its next start: a host name and something random. */
  readonly identity: string;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  /** Ends the elector; a lease that it holds is given back. */
  readonly signal: AbortSignal;
  /** How long others wait for a sign of life before they take over, in milliseconds. Default 15,000, as all of Kubernetes. */
  readonly leaseDurationMs?: number;
  /** How long after the last renewal was sent this process may write, in milliseconds; below `leaseDurationMs`. Default 10,000. */
  readonly renewDeadlineMs?: number;
  /** Between two tries, in milliseconds; below `renewDeadlineMs`. Default 2,000. */
  readonly retryPeriodMs?: number;
  /** @param term aborts when this time of leading is over, for whatever reason */
  readonly onStartedLeading?: (term: AbortSignal) => void;
  /**
   * Called after `term` has aborted. The elector goes on when what this returns has resolved: resolve when no write is under way
   * any more. On a clean stop, which is the only one where the lease is still held meanwhile (not renewed, so for `renewDeadlineMs`
   * at most), it is given back then.
   * @param reason in words, for a log line
   */
  readonly onStoppedLeading?: (reason: string) => void | Promise<void>;
  /** Told when somebody holds the lease who did not before; this process itself too. */
  readonly onNewLeader?: (identity: string) => void;
}

/** One candidate for a lease. */
export interface Elector {
  /**
   * May this process write? True until `renewDeadlineMs` after the last renewal that succeeded was *sent*, by the monotonic clock:
   * nobody else can have taken over by then, since others wait `leaseDurationMs` from when they first saw that renewal.
   * It is computed when it is asked: a process that was stopped for a while hears false at once.
   */
  held(): boolean;
  /** For `CallOptions.fence`. @throws KubeError of type `Fenced` when the lease is not held */
  assertHeld(): void;
  /** Who holds the lease as far as was seen; empty when nobody does. It may have expired. */
  readonly leader: string;
  /** When the lease was last renewed or seen, as the clock's `monotonicMs`; undefined before the first answer. */
  readonly lastContactMs: number | undefined;
  /** Resolves when the signal has aborted, nothing more is called and the lease is given back. */
  readonly done: Promise<void>;
}

/** As client-go's: a candidate waits between one and 2.2 periods. */
const jitter = 1.2;

/**
 * Runs for the lease until the signal aborts; after a loss it is a candidate again. The record and its rules are those of client-go's
 * `leaderelection`, so that `kubectl get lease` reads as always:
 * ```
 *   candidate --- lease free, absent or without a sign of life for its duration: PUT with resourceVersion ---> leader
 *       ^                                                                                                        |
 *       +--- held by another, or not renewed within renewDeadline after the last renewal was sent <--- PUT each retryPeriod
 * ```
 */
export function startElector(options: ElectorOptions): Elector {
  const elector = new LeaseElector(options);
  elector.done = elector.run();
  return elector;
}

class LeaseElector implements Elector {
  lastContactMs: number | undefined;
  done: Promise<void> = Promise.resolve();
  readonly #options: ElectorOptions;
  readonly #leaseDurationMs: number;
  readonly #renewDeadlineMs: number;
  readonly #retryPeriodMs: number;
  readonly #observed = new LeaseObservation();
  /** As it was last read or written; undefined when it does not exist as far as is known. */
  #lease: Lease | undefined;
  #heldUntilMs = -Infinity;
  #announced = '';

  constructor(options: ElectorOptions) {
    const { leaseDurationMs = 15_000, renewDeadlineMs = 10_000, retryPeriodMs = 2000 } = options;
    if (!(leaseDurationMs > renewDeadlineMs && renewDeadlineMs > retryPeriodMs && retryPeriodMs > 0))
      throw new RangeError(
        `leader election needs lease duration > renew deadline > retry period > 0, in milliseconds: current values are ${leaseDurationMs}, ${renewDeadlineMs}, ${retryPeriodMs}`,
      );
    this.#options = options;
    this.#leaseDurationMs = leaseDurationMs;
    this.#renewDeadlineMs = renewDeadlineMs;
    this.#retryPeriodMs = retryPeriodMs;
  }

  get leader(): string {
    return this.#observed.holder;
  }

  held(): boolean {
    return this.#nowMs() < this.#heldUntilMs;
  }

  assertHeld(): void {
    if (this.held()) return;
    const { namespace, name } = this.#options;
    throw new KubeError(`not sent: this process does not hold the lease ${namespace}/${name}`, {
      type: 'Fenced',
    });
  }

  async run(): Promise<void> {
    const { clock, random, signal } = this.#options;
    while (!this.#ended()) {
      if (await this.#tryAcquire()) await (this.#ended() ? this.#release() : this.#lead());
      if (!this.#ended()) await clock.sleep(this.#retryPeriodMs * (1 + jitter * random()), signal);
    }
  }

  /** @returns true when the lease is held */
  async #tryAcquire(): Promise<boolean> {
    try {
      return await this.#acquire();
    } catch (error) {
      if (!this.#ended()) this.#warn('cannot ask for the lease', error);
      return this.held();
    }
  }

  /** Looks, and takes the lease if that is allowed. A conflict is another candidate that was faster. */
  async #acquire(): Promise<boolean> {
    await this.#look();
    const mine = this.leader === this.#options.identity;
    if (!mine && !this.#observed.isFree(this.#nowMs(), this.#leaseDurationMs)) return false;
    return this.#claim({ ...this.#call(), signal: undefined }); // A stop waits for the answer, or nobody could give it back.
  }

  async #lead(): Promise<void> {
    const { logger, name, onStartedLeading, onStoppedLeading } = this.#options;
    const term = new AbortController();
    logger.info({ lease: name }, 'leading');
    onStartedLeading?.(term.signal);
    const reason = await this.#keep();
    if (!this.#ended()) this.#heldUntilMs = -Infinity;
    logger.info({ lease: name, reason }, 'leading no more');
    term.abort(new Error(reason));
    try {
      await onStoppedLeading?.(reason);
    } catch (error) {
      this.#warn('what had to end with the lease failed', error);
    }
    if (this.#ended()) await this.#release();
  }

  /** Renews until that is over. @returns why */
  async #keep(): Promise<string> {
    const { clock, identity, signal } = this.#options;
    for (;;) {
      await clock.sleep(Math.min(this.#retryPeriodMs, this.#leftMs()), signal);
      if (this.#ended()) return 'it was asked to stop';
      if (!this.held()) return `the lease was not renewed within ${this.#renewDeadlineMs} ms`;
      await this.#tryRenew();
      if (this.leader !== '' && this.leader !== identity) return `${this.leader} holds the lease`;
    }
  }

  /** A failure is no loss yet: the next try may succeed before the deadline. */
  async #tryRenew(): Promise<void> {
    try {
      await this.#renew();
    } catch (error) {
      if (!this.#ended()) this.#warn('cannot renew the lease', error);
    }
  }

  /** Writes at once; looks only when the lease is not as it was left: changed by another, deleted, or renewed in an answer that got lost. */
  async #renew(): Promise<void> {
    try {
      await this.#claim();
      return;
    } catch (error) {
      if (!(error instanceof KubeError) || error.status === 0) throw error; // 500 is the answer for a deleted lease
    }
    await this.#look();
    const mine = this.leader === this.#options.identity;
    if (mine || this.leader === '') await this.#claim();
  }

  async #look(): Promise<void> {
    const { client } = this.#options;
    try {
      this.#saw((await client.get(this.#path(), this.#call())) as Lease);
    } catch (error) {
      if (!isKubeError(error, 'NotFound')) throw error;
      this.#lease = undefined;
      this.#observed.see(this.#absent(), this.#nowMs());
    }
  }

  /** Writes the lease as ours. What counts is when that was sent, not when it was answered. */
  async #claim(call = this.#call()): Promise<boolean> {
    const { client, clock, identity, namespace } = this.#options;
    const claim = { identity, nowMs: clock.now(), leaseDurationMs: this.#leaseDurationMs };
    const lease = claimed(this.#lease ?? this.#absent(), claim);
    const sentMs = this.#nowMs();
    const answer =
      this.#lease === undefined
        ? await client.create(leasesPath(namespace), lease, call)
        : await client.replace(this.#path(), lease, call);
    this.#heldUntilMs = sentMs + this.#renewDeadlineMs;
    this.#saw(answer as Lease);
    return this.held();
  }

  #saw(lease: Lease): void {
    this.#lease = lease;
    this.lastContactMs = this.#nowMs();
    this.#observed.see(lease, this.lastContactMs);
    if (this.leader === this.#announced) return;
    this.#announced = this.leader;
    if (this.leader !== '') this.#options.onNewLeader?.(this.leader);
  }

  async #release(): Promise<void> {
    const { client, clock, identity } = this.#options;
    this.#heldUntilMs = -Infinity;
    if (this.#lease === undefined || this.leader !== identity) return;
    try {
      const lease = released(this.#lease, clock.now());
      await client.replace(this.#path(), lease, { ...this.#call(), signal: undefined });
    } catch (error) {
      this.#warn('cannot give the lease back; others wait until it expires', error);
    }
  }

  /** Nothing may hold it back: it has connections of its own, is not rate limited, and is tried again by us alone. */
  #call(): CallOptions {
    const timeoutMs = Math.min(this.#renewDeadlineMs / 2, this.#leftMs());
    return { signal: this.#options.signal, pool: 'leases', rateLimited: false, retry: false, timeoutMs };
  }

  /** Until the lease is lost; infinite when it is not held. */
  #leftMs(): number {
    const leftMs = this.#heldUntilMs - this.#nowMs();
    return leftMs > 0 ? leftMs : Infinity;
  }

  #ended(): boolean {
    return this.#options.signal.aborted;
  }

  #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }

  #absent(): Lease {
    return newLease(this.#options.namespace, this.#options.name);
  }

  #path(): string {
    const { name, namespace } = this.#options;
    return `${leasesPath(namespace)}/${encodeURIComponent(name)}`;
  }

  #warn(message: string, error: unknown): void {
    const { logger, name } = this.#options;
    logger.warn({ lease: name, error: errorMessage(error) }, message);
  }
}

/** `/apis/coordination.k8s.io/v1/namespaces/ops/leases` */
export function leasesPath(namespace: string): string {
  return `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/leases`;
}
