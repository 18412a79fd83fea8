import { randomUUID } from 'node:crypto';
import type { KubeClient } from '../kube/client.ts';
import { startElector } from '../kube/lease.ts';
import type { Elector } from '../kube/lease.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { LeaderElectionOptions } from './options.ts';

/** One time of leading. */
export interface Term {
  /** Aborts when it is lost. */
  readonly signal: AbortSignal;
  /** For each write: throws when it must not begin any more. Absent where nobody else could write. */
  readonly fence?: () => void;
}

export interface LeadershipOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** This process, among others of its kind. */
  readonly instance: string;
  /** Undefined: this process leads, alone. */
  readonly election: LeaderElectionOptions | undefined;
  /** Begins to write. */
  readonly begin: (term: Term) => Promise<void>;
  /** Ends what `begin` began; resolves when no write is under way any more. Called once for each term. */
  readonly end: () => Promise<void>;
}

/** Says when this process may write. Terms never overlap: one begins when the last has ended. */
export class Leadership {
  readonly #options: LeadershipOptions;
  readonly #resigned = new AbortController();
  #elector: Elector | undefined;
  #leads = false;
  /** The last begin or end, each after the one before. */
  #turn: Promise<void> = Promise.resolve();

  constructor(options: LeadershipOptions) {
    this.#options = options;
  }

  /** True from when a term has begun until it is lost. */
  get leads(): boolean {
    return this.#leads && this.#elector?.held() !== false;
  }

  /** Who leads, for people: undefined as long as nobody is known to. */
  get leader(): string | undefined {
    return this.#elector?.leader;
  }

  start(): void {
    const { election, client, clock, logger, instance } = this.#options;
    if (election === undefined) {
      this.#take({ signal: this.#resigned.signal });
      return;
    }
    const elector = startElector({
      ...election,
      ...{ client, clock, logger, random: Math.random, signal: this.#resigned.signal },
      identity: `${instance}_${randomUUID()}`,
      onStartedLeading: (signal) => this.#take({ signal, fence: () => this.#elector?.assertHeld() }),
      onStoppedLeading: () => this.#leave(),
      onNewLeader: (leader) => logger.info({ lease: election.name, leader }, 'a leader was seen'),
    });
    this.#elector = elector;
  }

  /** Lets the present term end in good order, then gives the lease back. */
  async stop(): Promise<void> {
    await this.#leave();
    this.#resigned.abort();
    await this.#elector?.done;
  }

  #take(term: Term): void {
    void this.#next(async () => {
      if (term.signal.aborted) return;
      this.#leads = true;
      await this.#options.begin(term);
    });
  }

  async #leave(): Promise<void> {
    await this.#next(async () => {
      if (!this.#leads) return;
      this.#leads = false;
      await this.#options.end();
    });
  }

  /** Never rejects. */
  #next(step: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(step).catch((err: unknown) => {
      this.#options.logger.error({ err }, 'cannot change the leader');
    });
    return this.#turn;
  }
}
