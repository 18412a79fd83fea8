import type { FailureClass } from '../report/load-result.ts';
import { Connection, type Arrival, type ConnectionEvents, type ConnectionOptions } from './connection.ts';
import type { ResponseHead } from './response-head.ts';
import type { Target } from './target.ts';

export interface PoolOptions {
  readonly target: Target;
  readonly podHeader: string;
  /** Most connections at a time. */
  readonly connections: number;
  /** For opening a connection and having the answer; and, apart from that, for waiting until a connection is free. */
  readonly timeoutMs: number;
  /** Arrivals that may wait for a free connection. */
  readonly maxQueued: number;
  /** Requests for a connection opened now. */
  readonly requestBudget: () => number;
  readonly now: () => number;
}

/** What became of arrivals: exactly one of answered, failed and dropped for each. */
export interface PoolReport {
  opened(): void;
  retried(): void;
  answered(answer: Answer): void;
  failed(failure: FailureClass): void;
  dropped(): void;
}

export interface Answer {
  readonly intendedAtMs: number;
  readonly sentAtMs: number;
  readonly status: number;
  /** Absent when the answer did not name one. */
  readonly pod?: string;
  /** The pod's first answer on its connection. */
  readonly firstOnConnection: boolean;
}

/**
 * Gives each arrival a connection: a new one while there are fewer than allowed, else the one that was idle for the
 * longest, so that all of them are in use and traffic spreads over whatever they lead to; else it waits its turn.
 */
export class ConnectionPool {
  readonly #options: PoolOptions;
  readonly #report: PoolReport;
  readonly #busy = new Set<Connection>();
  /** In the order in which they became idle. */
  readonly #idle = new Set<Connection>();
  readonly #retired = new Set<Connection>();
  readonly #queue: Arrival[] = [];

  constructor(options: PoolOptions, report: PoolReport) {
    this.#options = options;
    this.#report = report;
  }

  /** Arrivals of which nothing is known yet. */
  get pending(): number {
    return this.#busy.size + this.#queue.length;
  }

  /** Arrivals that wait for a free connection. */
  get queued(): number {
    return this.#queue.length;
  }

  dispatch(arrival: Arrival): void {
    this.#dropStale();
    if (this.#place(arrival)) return;
    if (this.#queue.length < this.#options.maxQueued) this.#queue.push(arrival);
    else this.#report.dropped();
  }

  /** Gives up what took longer than the timeout. To be called now and then. */
  sweep(): void {
    const oldestMs = this.#options.now() - this.#options.timeoutMs;
    for (const connection of [...this.#busy]) {
      if (connection.sentAtMs <= oldestMs) connection.abort('timeout');
    }
    while ((this.#queue[0]?.intendedAtMs ?? Infinity) <= oldestMs) {
      this.#queue.shift();
      this.#report.dropped();
    }
    this.#dropStale();
  }

  /** Closes all connections and forgets what is pending. */
  close(): void {
    for (const connection of [...this.#busy, ...this.#idle, ...this.#retired]) connection.destroy();
    for (const set of [this.#busy, this.#idle, this.#retired]) set.clear();
    this.#queue.length = 0;
  }

  /** False when all connections are busy. */
  #place(arrival: Arrival): boolean {
    const [longestIdle] = this.#idle;
    if (this.#busy.size + this.#idle.size < this.#options.connections) this.#open(arrival);
    else if (longestIdle !== undefined) this.#send(longestIdle, arrival);
    else return false;
    return true;
  }

  #dropStale(): void {
    const now = this.#options.now();
    for (const connection of this.#idle) {
      if (!connection.isStale(now)) break;
      this.#idle.delete(connection);
      connection.destroy();
    }
  }

  #open(arrival: Arrival): void {
    const { target, podHeader, now, requestBudget } = this.#options;
    const options: ConnectionOptions = { target, podHeader, now, budget: requestBudget() };
    this.#report.opened();
    this.#busy.add(new Connection(options, arrival, this.#events));
  }

  #send(connection: Connection, arrival: Arrival): void {
    this.#idle.delete(connection);
    this.#busy.add(connection);
    connection.send(arrival);
  }

  readonly #events: ConnectionEvents = {
    answered: (connection, arrival, head) => {
      this.#report.answered(toAnswer(connection, arrival, head));
      this.#busy.delete(connection);
      if (connection.reusable) this.#idle.add(connection);
      else this.#retire(connection);
      this.#serveQueue();
    },
    failed: (_, arrival, failure) => {
      if (failure.stale && !arrival.retried) this.#retry(arrival);
      else this.#report.failed(failure.class);
      this.#serveQueue();
    },
    closed: (connection) => {
      for (const set of [this.#busy, this.#idle, this.#retired]) set.delete(connection);
    },
  };

  /** A GET may be sent again when the connection that it was sent on was closed before any answer (RFC 9112, section 9.3.1). */
  #retry(arrival: Arrival): void {
    this.#report.retried();
    this.#open({ ...arrival, retried: true });
  }

  #retire(connection: Connection): void {
    this.#retired.add(connection);
    connection.retire();
  }

  #serveQueue(): void {
    const [next] = this.#queue;
    if (next !== undefined && this.#place(next)) this.#queue.shift();
  }
}

function toAnswer(connection: Connection, arrival: Arrival, head: ResponseHead): Answer {
  const { pod } = head;
  return {
    intendedAtMs: arrival.intendedAtMs,
    sentAtMs: connection.sentAtMs,
    status: head.status,
    ...(pod === undefined ? {} : { pod }),
    firstOnConnection: pod !== undefined && connection.notePod(pod),
  };
}
