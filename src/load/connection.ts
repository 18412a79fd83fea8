import { connect, type Socket } from 'node:net';
import type { FailureClass } from '../report/load-result.ts';
import { classOfError } from './failures.ts';
import { MalformedResponse, type ResponseHead } from './response-head.ts';
import { ResponseReader } from './response-reader.ts';
import type { Target } from './target.ts';

/** One request that the schedule asks for. Times are of the run's clock. */
export interface Arrival {
  readonly intendedAtMs: number;
  /** It was sent before, on a kept connection that the server had just closed. */
  readonly retried: boolean;
}

export interface ConnectionOptions {
  readonly target: Target;
  /** In lower case. */
  readonly podHeader: string;
  /** Requests to carry before it is closed, at least 1. */
  readonly budget: number;
  readonly now: () => number;
}

/** What happens on a connection. Exactly one of answered and failed follows each request. */
export interface ConnectionEvents {
  answered(connection: Connection, arrival: Arrival, head: ResponseHead): void;
  /** The connection is closed. `stale`: it was a kept one, closed before any of the answer came. */
  failed(connection: Connection, arrival: Arrival, failure: { class: FailureClass; stale: boolean }): void;
  /** It can carry nothing more. May be told twice. */
  closed(connection: Connection): void;
}

/** How long the server may take to close a connection after it was asked to, before we do. */
const lingerMs = 1000;

/** How much sooner than the server an idle connection is given up, so that a request does not cross with its closing. */
const keepAliveMarginMs = 1000;

/** One TCP connection, one request at a time (HTTP/1.1 without pipelining). */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #events: ConnectionEvents;
  readonly #socket: Socket;
  readonly #reader: ResponseReader;
  readonly #pods = new Set<string>();
  #arrival: Arrival | undefined;
  #served = 0;
  #sentAtMs: number;
  #usableUntilMs = Infinity;
  #reusable = true;

  /** Opens a connection for a first request, which is sent as soon as it stands. */
  constructor(options: ConnectionOptions, first: Arrival, events: ConnectionEvents) {
    this.#options = options;
    this.#events = events;
    this.#reader = new ResponseReader(options.podHeader);
    this.#arrival = first;
    this.#sentAtMs = options.now();
    this.#socket = connect({ host: options.target.host, port: options.target.port, noDelay: true });
    this.#socket.on('connect', () => this.#write());
    this.#socket.on('data', (piece) => this.#onData(piece));
    this.#socket.on('end', () => this.#onEnd());
    this.#socket.on('error', (error) => this.#onBroken(classOfError(error)));
    this.#socket.on('close', () => this.#onBroken('closedEarly'));
  }

  /** When the present request was written; while the connection is being opened, when that began. */
  get sentAtMs(): number {
    return this.#sentAtMs;
  }

  /** The server did not ask to close it, and its budget is not used up. */
  get reusable(): boolean {
    return this.#reusable;
  }

  /** Idle for so long that the server is about to close it. */
  isStale(nowMs: number): boolean {
    return nowMs >= this.#usableUntilMs;
  }

  /** Notes that a pod answered; true the first time on this connection. */
  notePod(pod: string): boolean {
    if (this.#pods.has(pod)) return false;
    this.#pods.add(pod);
    return true;
  }

  /** Sends the next request. Only when the one before was answered and the connection is reusable. */
  send(arrival: Arrival): void {
    this.#arrival = arrival;
    this.#write();
  }

  /** Ends the present request, if there is one, and the connection with it. */
  abort(failure: FailureClass): void {
    this.#socket.destroy();
    this.#onBroken(failure);
  }

  /** Lets the server close first, as it was asked to, so that no port of ours stays behind in TIME_WAIT. */
  retire(): void {
    this.#reusable = false;
    this.#socket.setTimeout(lingerMs, () => this.#socket.resetAndDestroy());
  }

  /** Closes at once, without a word to anybody. */
  destroy(): void {
    this.#arrival = undefined;
    this.#reusable = false;
    this.#socket.destroy();
  }

  #write(): void {
    const { target, budget, now } = this.#options;
    this.#served += 1;
    this.#sentAtMs = now();
    this.#socket.write(this.#served >= budget ? target.lastRequest : target.request);
  }

  #onData(piece: Buffer): void {
    const arrival = this.#arrival;
    if (arrival === undefined) {
      // Bytes that answer nothing: whatever they are, what follows them cannot be trusted.
      this.#socket.destroy();
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
    const { budget, now } = this.#options;
    this.#arrival = undefined;
    this.#reusable &&= head.keepAlive && this.#served < budget;
    this.#usableUntilMs =
      head.keepAliveMs === undefined
        ? Infinity
        : now() + Math.max(head.keepAliveMs - keepAliveMarginMs, head.keepAliveMs / 2);
    this.#events.answered(this, arrival, head);
  }

  #onEnd(): void {
    const head = this.#reader.end();
    if (head !== undefined && this.#arrival !== undefined) this.#onAnswer(this.#arrival, head);
    else this.#onBroken('closedEarly');
  }

  /** Told at most once a request; the socket's later events find nothing to tell. */
  #onBroken(failure: FailureClass): void {
    const arrival = this.#arrival;
    this.#reusable = false;
    this.#arrival = undefined;
    this.#events.closed(this);
    if (arrival !== undefined) {
      this.#events.failed(this, arrival, { class: failure, stale: this.#isStaleFailure(failure) });
    }
  }

  #isStaleFailure(failure: FailureClass): boolean {
    return (
      this.#served > 1 &&
      !this.#reader.started &&
      (failure === 'closedEarly' || failure === 'connectionReset')
    );
  }
}
