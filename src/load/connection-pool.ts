import type { Random } from '../lib/random.ts';
import type { FailureClass } from '../report/load-result.ts';
import { type Arrival, Connection, type ConnectionEvents } from './connection.ts';
import type { ResponseHead } from './response-head.ts';
import type { ConnectionLimit } from './rotation.ts';
import type { Target } from './target.ts';
import type { OpenWire } from './wire.ts';

export interface PoolOptions {
  readonly target: Target;
  readonly openWire: OpenWire;
  /** In lower case. */
  readonly podHeader: string;
  /** Most connections at a time. */
  readonly connections: number;
  /** For opening a connection and having the answer; and, apart from that, for waiting until a connection is free. */
  readonly timeoutMs: number;
  /** Arrivals that may wait for a free connection. */
  readonly maxQueued: number;
  /** How much a connection opened now is to carry. */
  readonly drawLimit: () => ConnectionLimit;
  /** About how long it is until the turn of a connection comes again. */
  readonly gapMs: () => number;
  /** What a connection that became free sends next, when nothing waits; undefined for nothing. */
  readonly nextArrival: () => Arrival | undefined;
  readonly now: () => number;
}

/** What became of arrivals: exactly one of answered, failed and dropped for each. */
export interface PoolReport {
  opened(): void;
  connected(tookMs: number): void;
  retried(): void;
  answered(answer: Answer): void;
  failed(failure: FailureClass): void;
  dropped(): void;
}

export interface Answer {
  readonly intendedAtMs: number;
  readonly sentAtMs: number;
  readonly status: number;
  /** Absent or undefined when the answer did not name one. */
  readonly pod?: string | undefined;
  /** The pod's first answer on its connection. */
  readonly firstOnConnection: boolean;
  /** Another pod answered on this connection before. */
  readonly isOtherPod: boolean;
}

/** As many are opened at a time ahead of a run, and so long it may take for all of them. */
const openedAtOnce = 4;
const openAheadMs = 2000;

/** How long the server may take to close a connection after it was asked to, before we do. */
const lingerMs = 1000;

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
  /** Asked to be closed by the server, in the order of asking. */
  readonly #retired = new Set<Connection>();
  /** Opened ahead, and not standing yet. */
  readonly #opening = new Set<Connection>();
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

  /**
   * Opens all connections ahead of the first arrival, a few at a time, so that it is not they that the first arrivals wait
   * for. Those that do not stand when the patience is at an end are given up: they are opened when they are needed.
   */
  async openAhead(sleep: (ms: number) => Promise<unknown>): Promise<void> {
    const { connections, timeoutMs, now } = this.#options;
    const untilMs = now() + Math.min(timeoutMs, openAheadMs);
    for (let opened = 0; opened < connections && now() < untilMs; opened += 1) {
      this.#opening.add(this.#connect(undefined));
      if (opened % openedAtOnce === 0) await sleep(0);
    }
    while (this.#opening.size > 0 && now() < untilMs) await sleep(1);
    for (const connection of this.#opening) this.#discard(connection);
  }

  dispatch(arrival: Arrival): void {
    if (this.#place(arrival)) return;
    if (this.#queue.length < this.#options.maxQueued) this.#queue.push(arrival);
    else this.#report.dropped();
  }

  /** Closed loop: puts every connection to work. Once at a pass, so that what fails at once is not tried at once again. */
  fill(): void {
    while (this.#busy.size < this.#options.connections) {
      const next = this.#options.nextArrival();
      if (next === undefined) return;
      this.dispatch(next);
    }
  }

  /** Gives up what took longer than the timeout, and idle connections that are stale. To be called now and then. */
  sweep(): void {
    const now = this.#options.now();
    const oldestMs = now - this.#options.timeoutMs;
    for (const connection of [...this.#busy]) {
      if (connection.begunAtMs <= oldestMs) connection.abort('timeout');
    }
    while ((this.#queue[0]?.intendedAtMs ?? Infinity) <= oldestMs) {
      this.#queue.shift();
      this.#report.dropped();
    }
    for (const connection of this.#idle) if (connection.isStale(now)) this.#discard(connection);
    for (const connection of this.#retired) {
      if (connection.answeredAtMs > now - lingerMs) break;
      this.#discard(connection);
    }
  }

  /** Replaces a part of the connections (0 to 1), spread over a time. */
  redraw(ratio: number, overMs: number, random: Random): void {
    const now = this.#options.now();
    let due = random();
    for (const connection of [...this.#idle, ...this.#busy]) {
      due += ratio;
      if (due < 1) continue;
      due -= 1;
      connection.expireBy(now + random() * overMs);
    }
  }

  /** Closes all connections and forgets what is pending. */
  close(): void {
    const sets = [this.#busy, this.#idle, this.#retired, this.#opening];
    for (const connection of sets.flatMap((set) => [...set])) connection.discard();
    for (const set of sets) set.clear();
    this.#queue.length = 0;
  }

  /** False when all connections are busy. */
  #place(arrival: Arrival): boolean {
    const longestIdle = this.#takeLongestIdle();
    if (longestIdle !== undefined) {
      this.#busy.add(longestIdle);
      longestIdle.send(arrival);
    } else if (this.#busy.size < this.#options.connections) this.#open(arrival);
    else return false;
    return true;
  }

  /** None while there may be more connections: those come first. */
  #takeLongestIdle(): Connection | undefined {
    const now = this.#options.now();
    for (const connection of this.#idle) {
      if (connection.isStale(now)) {
        this.#discard(connection);
        continue;
      }
      if (this.#busy.size + this.#idle.size < this.#options.connections) return undefined;
      this.#idle.delete(connection);
      return connection;
    }
    return undefined;
  }

  #discard(connection: Connection): void {
    this.#idle.delete(connection);
    this.#retired.delete(connection);
    this.#opening.delete(connection);
    connection.discard();
  }

  #open(arrival: Arrival): void {
    this.#busy.add(this.#connect(arrival));
  }

  #connect(first: Arrival | undefined): Connection {
    const { target, openWire, podHeader, now, drawLimit } = this.#options;
    // While others wait, every connection's turn comes again at once.
    const gapMs = (): number => (this.#queue.length > 0 ? 0 : this.#options.gapMs());
    this.#report.opened();
    return new Connection(
      { target, openWire, podHeader, now, gapMs, limit: drawLimit() },
      first,
      this.#events,
    );
  }

  readonly #events: ConnectionEvents = {
    connected: (connection, tookMs) => {
      this.#report.connected(tookMs);
      if (this.#opening.delete(connection)) this.#idle.add(connection);
    },
    answered: (connection, arrival, head) => {
      this.#report.answered(toAnswer(connection, arrival, head));
      this.#busy.delete(connection);
      (connection.reusable ? this.#idle : this.#retired).add(connection);
      this.#serveNext();
    },
    failed: (connection, arrival, failure) => {
      if (failure.stale && !arrival.retried && this.#options.target.request.isIdempotent)
        this.#retry({ ...arrival, begunAtMs: connection.begunAtMs });
      else this.#report.failed(failure.class);
      this.#serveQueue();
    },
    closed: (connection) => {
      for (const set of [this.#busy, this.#idle, this.#retired, this.#opening]) set.delete(connection);
    },
  };

  /** An idempotent request may be sent again when its connection was closed before any answer (RFC 9112, section 9.3.1). */
  #retry(arrival: Arrival): void {
    this.#report.retried();
    this.#open({ ...arrival, retried: true });
  }

  #serveNext(): void {
    if (this.#serveQueue()) return;
    const next = this.#options.nextArrival();
    if (next !== undefined) this.dispatch(next);
  }

  #serveQueue(): boolean {
    const [next] = this.#queue;
    if (next === undefined || !this.#place(next)) return false;
    this.#queue.shift();
    return true;
  }
}

function toAnswer(connection: Connection, arrival: Arrival, head: ResponseHead): Answer {
  const { pod } = head;
  const firstOnConnection = pod !== undefined && connection.notePod(pod);
  return {
    intendedAtMs: arrival.intendedAtMs,
    sentAtMs: connection.sentAtMs,
    status: head.status,
    pod,
    firstOnConnection,
    isOtherPod: firstOnConnection && connection.podCount > 1,
  };
}
