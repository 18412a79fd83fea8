import { randomBytes } from 'node:crypto';
import type { EventRecord } from '../decide/decision.ts';
import type { KubeClient } from '../kube/client.ts';
import { isKubeError } from '../kube/errors.ts';
import { Backoff } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { errorMessage } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import { EventLimit } from './event-limit.ts';
import { EventQueue } from './event-queue.ts';
import { EventSeries } from './event-series.ts';
import type { Occurrence, Series } from './event-series.ts';
import type { WriteOptions } from './scale.ts';

/** The object that an event is about, as `kubectl describe` looks it up. */
export interface Regarding {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion?: string;
}

export interface EventRecorderOptions extends WriteOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Who reports: the host's or the pod's name. */
  readonly instance: string;
  /** Told of each write, for telemetry. */
  readonly onWrite?: (ok: boolean) => void;
  /** Told of each event that nobody will ever see, for telemetry. */
  readonly onDrop?: (why: EventDrop) => void;
  /** Uniform in [0, 1). Default `Math.random`. */
  readonly random?: () => number;
}

/**
 * Why an event was not written.
 * - RateLimited: its object has had too many.
 * - QueueFull: too many were waiting.
 * - Failed: the server refused it, or could not be reached for too long.
 * - Stopped: the operator ends, or is not the leader any more.
 */
export type EventDrop = 'RateLimited' | 'QueueFull' | 'Failed' | 'Stopped';

interface Recorded extends Occurrence {
  readonly regarding: Regarding;
}

const reportingController = 'plimsoll.dev/operator';
/** Objects whose events are written at the same time. */
const concurrency = 8;
const maxWaiting = 1000;
/** Tries of one event, over some seconds. */
const maxTries = 4;
const firstPauseMs = 500;
const longestPauseMs = 5000;
/** events.k8s.io allows no longer note. */
const maxNote = 1024;

/**
 * Writes events behind the scenes: never does one keep a decision waiting. Those of one object are written in order, those of
 * different objects at the same time. What cannot be written is tried again for a while, then counted and logged.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #queue: EventQueue<Recorded>;
  readonly #series = new EventSeries(new EventLimit());
  /** Objects, and `QueueFull`, whose loss of events was logged and goes on. */
  readonly #losing = new Set<string>();

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#queue = new EventQueue({
      concurrency,
      maxWaiting,
      work: (recorded) => this.#write(recorded),
      onOverflow: (recorded) => this.#drop(recorded, 'QueueFull'),
    });
  }

  record(regarding: Regarding, events: readonly EventRecord[]): void {
    const { clock } = this.#options;
    const [atMs, monotonicMs] = [clock.now(), clock.monotonicMs()];
    const { uid } = regarding;
    for (const event of events) this.#queue.add(uid, { uid, regarding, event, atMs, monotonicMs });
  }

  /** Resolves when everything recorded so far was written or given up. */
  async flush(): Promise<void> {
    await this.#queue.idle();
  }

  async #write(recorded: Recorded): Promise<void> {
    if (this.#queue.size === 0) this.#losing.delete('QueueFull');
    const step = this.#series.next(recorded);
    switch (step.type) {
      case 'None':
        return;
      case 'Refused':
        this.#drop(recorded, 'RateLimited');
        return;
      case 'Create':
        return this.#create(recorded);
      case 'Count':
        return this.#count(recorded, step.series);
    }
  }

  async #create(recorded: Recorded): Promise<void> {
    const { client, instance } = this.#options;
    const { name, namespace } = recorded.regarding;
    const collection = `/apis/events.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/events`;
    const body = eventObject(recorded, eventName(name), instance);
    const written = await this.#try(recorded, async (options, tries) => {
      try {
        await client.create(collection, body, options);
      } catch (error) {
        // Nobody else makes up this name: the try before had not failed after all.
        if (tries === 1 || !isKubeError(error, 'AlreadyExists')) throw error;
      }
      return 'Written';
    });
    if (written === undefined) return;
    for (const lost of [recorded.uid, 'Stopped']) this.#losing.delete(lost);
    this.#series.created(recorded, `${collection}/${body.metadata.name}`);
  }

  async #count(recorded: Recorded, series: Series): Promise<void> {
    const { path, count, lastAtMs } = series;
    const patch = { series: { count, lastObservedTime: microTime(lastAtMs) } };
    const written = await this.#try(recorded, async (options) => {
      try {
        await this.#options.client.patch(path, patch, 'application/merge-patch+json', options);
        return 'Written';
      } catch (error) {
        if (isKubeError(error, 'NotFound')) return 'Expired';
        throw error;
      }
    });
    if (written === 'Expired') await this.#create(recorded);
    if (written === 'Written') this.#series.counted(series, recorded);
  }

  /** @returns undefined when it was given up */
  async #try<T extends 'Written' | 'Expired'>(
    recorded: Recorded,
    write: (options: WriteOptions, tries: number) => Promise<T>,
  ): Promise<T | undefined> {
    const { signal, fence, clock, onWrite, random = Math.random } = this.#options;
    const backoff = new Backoff({ firstMs: firstPauseMs, capMs: longestPauseMs, random });
    for (let tries = 1; ; tries++) {
      try {
        const written = await write({ signal, fence }, tries);
        if (written === 'Written') onWrite?.(true);
        return written;
      } catch (error) {
        if (tries === maxTries || !mayPass(error)) {
          this.#giveUp(recorded, error);
          return undefined;
        }
        await clock.sleep(backoff.nextMs(), signal);
      }
    }
  }

  #giveUp(recorded: Recorded, error: unknown): void {
    this.#options.onWrite?.(false);
    const isEnd = isKubeError(error, 'Aborted', 'Fenced');
    this.#drop(recorded, isEnd ? 'Stopped' : 'Failed', error);
    if (isEnd) for (const waiting of this.#queue.clear()) this.#drop(waiting, 'Stopped');
  }

  /** Each loss is counted; one that goes on is logged when it begins. */
  #drop({ uid, regarding, event }: Recorded, why: EventDrop, error?: unknown): void {
    this.#options.onDrop?.(why);
    const goesOn = { RateLimited: uid, QueueFull: 'QueueFull', Stopped: 'Stopped', Failed: undefined }[why];
    if (goesOn !== undefined && this.#losing.has(goesOn)) return;
    if (goesOn !== undefined) this.#losing.add(goesOn);
    const autoscaler = `${regarding.namespace}/${regarding.name}`;
    const cause = error === undefined ? {} : { error: errorMessage(error) };
    this.#options.logger.warn({ autoscaler, reason: event.reason, why, ...cause }, 'cannot write an event');
  }
}

/** Whether the same request may succeed a little later. */
function mayPass(error: unknown): boolean {
  return isKubeError(error, 'Unreachable', 'Timeout', 'ServerError', 'TooManyRequests', 'Conflict');
}

/** As long as a name may be, and a DNS subdomain wherever the object's own name is cut. */
function eventName(name: string): string {
  return `${name.slice(0, 230).replace(/[-.]+$/, '')}.${randomBytes(8).toString('hex')}`;
}

function eventObject({ regarding, event, atMs }: Recorded, name: string, reportingInstance: string) {
  const { type, reason, message } = event;
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name, namespace: regarding.namespace },
    eventTime: microTime(atMs),
    type,
    reason,
    note: message.length > maxNote ? `${message.slice(0, maxNote - 3)}...` : message,
    action: actions[reason] ?? 'Evaluate',
    regarding,
    reportingController,
    reportingInstance,
  };
}

/** What was being done, which events.k8s.io asks for besides the reason. */
const actions: Readonly<Record<string, string>> = {
  SuccessfulRescale: 'Rescale',
  FailedRescale: 'Rescale',
  DryRun: 'Rescale',
  ScaleUpSuspended: 'Rescale',
  ScaleDownSuspended: 'Rescale',
  FailedGetScale: 'GetScale',
  FailedUpdateStatus: 'UpdateStatus',
  InvalidSpec: 'Validate',
};

/** MicroTime: exactly six decimals, or the server refuses it. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
