import type { FailureClass } from '../report/load-result.ts';
import { classOfError } from './failures.ts';
import { MalformedResponse, type ResponseHead } from './response-head.ts';
import { ResponseReader } from './response-reader.ts';
import type { ConnectionLimit } from './rotation.ts';
import type { Target } from './target.ts';
import type { OpenWire, Wire } from './wire.ts';

/** One request that is to be sent. Times are of the run's clock. */
export interface Arrival {
  readonly intendedAtMs: number;
  /** It was sent before, on a kept connection that the server had just closed. */
  readonly retried: boolean;
  /** When a connection first took it on, where that was another one. */
  readonly begunAtMs?: number;
}

export interface ConnectionOptions {
  readonly target: Target;
  readonly openWire: OpenWire;
  /** In lower case. */
  readonly podHeader: string;
  readonly limit: ConnectionLimit;
  /** About how long it is until this connection's turn comes again. */
  readonly gapMs: () => number;
  readonly now: () => number;
}

/** What happens on a connection. Exactly one of answered and failed follows each request. */
export interface ConnectionEvents {
  connected(connection: Connection, tookMs: number): void;
  answered(connection: Connection, arrival: Arrival, head: ResponseHead): void;
  /** The connection is closed. `stale`: it was a kept one, closed before any of the answer came. */
  failed(connection: Connection, arrival: Arrival, failure: { class: FailureClass; stale: boolean }): void;
  /** It can carry nothing more. May be told twice. */
  closed(connection: Connection): void;
}

/** How much sooner than the server an idle connection is given up, so that a request does not cross with its closing. */
const keepAliveMarginMs = 1000;

/** One TCP connection, one request at a time (HTTP/1.1 without pipelining). */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #events: ConnectionEvents;
  readonly #wire: Wire;
  readonly #reader: ResponseReader;
  readonly #pods = new Set<string>();
  readonly #openedAtMs: number;
  #expiresAtMs: number;
  #arrival: Arrival | undefined;
  #served = 0;
  #sentAtMs: number;
  #begunAtMs: number;
  #answeredAtMs = Infinity;
  #usableUntilMs = Infinity;
  #reusable = true;

  /** Opens a connection for a first request, which is sent as soon as it stands; or without one, to be kept for later. */
  constructor(options: ConnectionOptions, first: Arrival | undefined, events: ConnectionEvents) {
    this.#options = options;
    this.#events = events;
    const { method } = options.target.request;
    this.#reader = new ResponseReader({ podHeader: options.podHeader, isHead: method === 'HEAD' });
    this.#arrival = first;
    this.#openedAtMs = this.#sentAtMs = options.now();
    this.#begunAtMs = first?.begunAtMs ?? this.#openedAtMs;
    this.#expiresAtMs = this.#openedAtMs + options.limit.ageMs;
    this.#wire = options.openWire(options.target, {
      opened: () => this.#onOpened(),
      data: (piece) => this.#onData(piece),
      ended: () => this.#onEnd(),
      failed: (error) => this.#onBroken(classOfError(error)),
      closed: () => this.#onBroken('closedEarly'),
    });
  }

  /** When the present request was written; while the connection is being opened, when that began. */
  get sentAtMs(): number {
    return this.#sentAtMs;
  }

  /** Since when the present request has its time: a first one while its connection is being opened, one sent again since the first time. */
  get begunAtMs(): number {
    return this.#begunAtMs;
  }

  /** When the last answer was complete; infinite before the first. */
  get answeredAtMs(): number {
    return this.#answeredAtMs;
  }

  /** Nobody asked to close it. */
  get reusable(): boolean {
    return this.#reusable;
  }

  /** Older than it was to become, or idle for so long that the server is about to close it. */
  isStale(nowMs: number): boolean {
    return nowMs >= this.#usableUntilMs || nowMs >= this.#expiresAtMs;
  }

  /** Carries nothing that begins after this moment. */
  expireBy(atMs: number): void {
    this.#expiresAtMs = Math.min(this.#expiresAtMs, atMs);
  }

  /** Notes that a pod answered; true the first time on this connection. */
  notePod(pod: string): boolean {
    if (this.#pods.has(pod)) return false;
    this.#pods.add(pod);
    return true;
  }

  /** Pods that answered on this connection. */
  get podCount(): number {
    return this.#pods.size;
  }

  /** Sends the next request. Only when the one before was answered and the connection is reusable. */
  send(arrival: Arrival): void {
    this.#arrival = arrival;
    this.#write();
    this.#begunAtMs = this.#sentAtMs;
  }

  /** Ends the present request, if there is one, and the connection with it. */
  abort(failure: FailureClass): void {
    this.#wire.destroy();
    this.#onBroken(failure);
  }

  /** Gives up an idle connection. */
  discard(): void {
    this.#arrival = undefined;
    this.#reusable = false;
    this.#wire.reset();
  }

  #onOpened(): void {
    this.#events.connected(this, this.#options.now() - this.#openedAtMs);
    if (this.#arrival !== undefined) this.#write();
  }

  /** The last request of a connection asks the server to close it, so that no port of ours stays behind in TIME_WAIT. */
  #write(): void {
    const { target, limit, now, gapMs } = this.#options;
    this.#served += 1;
    this.#sentAtMs = now();
    const isLast = this.#served >= limit.requests || this.#sentAtMs + gapMs() > this.#expiresAtMs;
    if (isLast) this.#reusable = false;
    this.#wire.write(isLast ? target.request.last : target.request.keep);
  }

  #onData(piece: Buffer): void {
    const arrival = this.#arrival;
    if (arrival === undefined) {
      // Bytes that answer nothing: whatever they are, what follows them cannot be trusted.
      this.#wire.destroy();
      return;
    }
    try {
      const head = this.#reader.push(piece);
      if (head !== undefined) this.#onAnswer(arrival, head);
    } catch (error) {
      if (!(error instanceof MalformedResponse)) throw error;
      this.abort('malformedResponse');
    }
  }

  #onAnswer(arrival: Arrival, head: ResponseHead): void {
    this.#arrival = undefined;
    this.#reusable &&= head.keepAlive;
    this.#answeredAtMs = this.#options.now();
    this.#usableUntilMs =
      head.keepAliveMs === undefined
        ? Infinity
        : this.#answeredAtMs + Math.max(head.keepAliveMs - keepAliveMarginMs, head.keepAliveMs / 2);
    this.#events.answered(this, arrival, head);
  }

  #onEnd(): void {
    const head = this.#reader.end();
    if (head !== undefined && this.#arrival !== undefined) this.#onAnswer(this.#arrival, head);
    else this.#onBroken('closedEarly');
  }

  /** Told at most once a request; the wire's later events find nothing to tell. */
  #onBroken(failure: FailureClass): void {
    const arrival = this.#arrival;
    const stale = this.#isStaleFailure(failure);
    this.#reusable = false;
    this.#arrival = undefined;
    this.#events.closed(this);
    if (arrival !== undefined) this.#events.failed(this, arrival, { class: failure, stale });
  }

  #isStaleFailure(failure: FailureClass): boolean {
    return (
      this.#served > 1 &&
      !this.#reader.started &&
      (failure === 'closedEarly' || failure === 'connectionReset')
    );
  }
}
