import { randomBytes } from 'node:crypto';
import type { EventRecord } from '../decide/decision.ts';
import type { KubeClient } from '../kube/client.ts';
import { isKubeError } from '../kube/errors.ts';
import type { Clock } from '../lib/clock.ts';
import { errorMessage } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';

/** The object that an event is about, as `kubectl describe` looks it up. */
export interface Regarding {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion?: string;
}

export interface EventRecorderOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Who reports: the host's or the pod's name. */
  readonly instance: string;
  /** Told of each write, for telemetry. */
  readonly onWrite?: (ok: boolean) => void;
}

/** Events that are the same but for their time are one object with a count. */
interface Series {
  readonly path: string;
  count: number;
  /** As the object shows it. */
  lastAtMs: number;
  /** For ages, as `monotonicMs`, like `writtenMs`. */
  lastMs: number;
  writtenMs: number;
}

interface Waiting {
  readonly regarding: Regarding;
  readonly event: EventRecord;
  readonly atMs: number;
  readonly monotonicMs: number;
}

const reportingController = 'plimsoll.dev/operator';
/** A Warning that comes each tick has its count written this often; a Normal event tells of a change and is written at once. */
const warningWriteMs = 30_000;
/** Without a repetition for this long, the same event is a new one. As Kubernetes' own recorder ends a series. */
const seriesEndMs = 360_000;
/** More than this waits for no one: the oldest is dropped. */
const maxWaiting = 1000;
/** events.k8s.io allows no longer note. */
const maxNote = 1024;

/**
 * Writes events one after the other, behind the scenes: an event that cannot be written is logged and counted, and never
 * keeps a decision waiting.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #series = new Map<string, Series>();
  readonly #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  record(regarding: Regarding, events: readonly EventRecord[]): void {
    const { clock } = this.#options;
    const [atMs, monotonicMs] = [clock.now(), clock.monotonicMs()];
    for (const event of events) this.#waiting.push({ regarding, event, atMs, monotonicMs });
    this.#waiting.splice(0, this.#waiting.length - maxWaiting);
    if (this.#waiting.length > 0) this.#writing ??= this.#writeAll();
  }

  /** Resolves when everything recorded so far was written or given up. */
  async flush(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  async #writeAll(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
      await this.#tryToWrite(next);
    this.#writing = undefined; // In this very turn: what is recorded from now on must begin anew.
  }

  async #tryToWrite(waiting: Waiting): Promise<void> {
    try {
      if (await this.#write(waiting)) this.#options.onWrite?.(true);
    } catch (error) {
      if (isKubeError(error, 'Aborted')) this.#waiting.length = 0;
      this.#options.onWrite?.(false);
      const { regarding, event } = waiting;
      const autoscaler = `${regarding.namespace}/${regarding.name}`;
      this.#options.logger.warn(
        { autoscaler, reason: event.reason, error: errorMessage(error) },
        'cannot write an event',
      );
    }
  }

  /** @returns false when the count need not be written yet */
  async #write(waiting: Waiting): Promise<boolean> {
    const { regarding, event, atMs, monotonicMs } = waiting;
    this.#endSeries(monotonicMs);
    const key = JSON.stringify([regarding.uid, event.type, event.reason, event.message]);
    const series = this.#series.get(key);
    if (series === undefined) {
      this.#series.set(key, await this.#create(waiting));
      return true;
    }
    series.count += 1;
    series.lastAtMs = atMs;
    series.lastMs = monotonicMs;
    this.#series.delete(key);
    this.#series.set(key, series); // the one that was quiet for longest stays first
    if (event.type === 'Warning' && series.count > 2 && monotonicMs - series.writtenMs < warningWriteMs)
      return false;
    try {
      await this.#count(series);
    } catch (error) {
      if (!isKubeError(error, 'NotFound')) throw error;
      this.#series.set(key, await this.#create(waiting)); // the old one has expired
    }
    series.writtenMs = monotonicMs;
    return true;
  }

  async #create({ regarding, event, atMs, monotonicMs }: Waiting): Promise<Series> {
    const { client, instance } = this.#options;
    const name = `${regarding.name.slice(0, 230)}.${randomBytes(8).toString('hex')}`;
    const collection = `/apis/events.k8s.io/v1/namespaces/${encodeURIComponent(regarding.namespace)}/events`;
    await client.create(collection, {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name, namespace: regarding.namespace },
      eventTime: microTime(atMs),
      type: event.type,
      reason: event.reason,
      note: event.message.length > maxNote ? `${event.message.slice(0, maxNote - 3)}...` : event.message,
      action: actions[event.reason] ?? 'Evaluate',
      regarding,
      reportingController,
      reportingInstance: instance,
    });
    return {
      path: `${collection}/${name}`,
      count: 1,
      lastAtMs: atMs,
      lastMs: monotonicMs,
      writtenMs: monotonicMs,
    };
  }

  async #count({ path, count, lastAtMs }: Series): Promise<void> {
    const patch = { series: { count, lastObservedTime: microTime(lastAtMs) } };
    await this.#options.client.patch(path, patch, 'application/merge-patch+json');
  }

  #endSeries(nowMs: number): void {
    for (const [key, { lastMs }] of this.#series) {
      if (nowMs - lastMs <= seriesEndMs) return;
      this.#series.delete(key);
    }
  }
}

/** What was being done, which events.k8s.io asks for besides the reason. */
const actions: Readonly<Record<string, string>> = {
  SuccessfulRescale: 'Rescale',
  FailedRescale: 'Rescale',
  FailedGetScale: 'GetScale',
  FailedUpdateStatus: 'UpdateStatus',
  InvalidSpec: 'Validate',
};

/** MicroTime: exactly six decimals, or the server refuses it. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
