import { errorMessage } from '../../lib/errors.ts';
import type { ClusterApi, KubeObject } from '../cluster-api.ts';
import { formatTime, isTerminating } from './metadata.ts';

export interface EventRecorder {
  /**
   * Records something that happened to an object. As client-go's recorder does, the same words again raise the count of
   * the same Event, and so do many similar warnings; its spam filter and the joining of normal events are left out, so
   * that every step shows. A refused write is logged, never thrown. In a namespace that is going nobody is told.
   */
  record(
    object: KubeObject,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    fieldPath?: string,
  ): void;
}

export interface EventSource {
  readonly component: string;
  readonly host?: string;
}

interface RecorderContext {
  readonly api: ClusterApi;
  readonly now: () => number;
  readonly log: (line: string) => void;
}

interface Known {
  readonly namespace: string;
  readonly name: string;
  count: number;
}

/** So many different warnings of one reason about one object are told one by one; further ones share an Event. */
const similarWarnings = 10;

/** How many different events a recorder remembers for counting; the oldest is forgotten first. */
const rememberedEvents = 4096;

let sequence = 0n;

/** Unique, and in order of time: `web.18a3f...` as client-go names it after the nanoseconds. */
function eventName(name: string, nowMs: number): string {
  sequence = (sequence + 1n) % 1_000_000n;
  return `${name}.${(BigInt(Math.floor(nowMs)) * 1_000_000n + sequence).toString(16)}`;
}

export function createEventRecorder(context: RecorderContext, source: EventSource): EventRecorder {
  const { api, now, log } = context;
  const known = new Map<string, Known>();
  /** How many different warnings there were, by object and reason. */
  const warnings = new Map<string, number>();

  function countUp(event: Known, message: string): boolean {
    if (api.get('events', event.namespace, event.name) === undefined) return false;
    event.count += 1;
    const patch = { count: event.count, message, lastTimestamp: formatTime(now()) };
    api.patch('events', event.namespace, event.name, 'strategic', patch);
    return true;
  }

  /** The same words are the same Event; so are warnings of which there have been too many kinds. */
  function identify(happening: Happening): { identity: string; message: string } {
    const { object, type, reason, message, fieldPath } = happening;
    const similar = [object.metadata.uid, type, reason, fieldPath].join('\n');
    const identity = `${similar}\n${message}`;
    if (type !== 'Warning' || known.has(identity)) return { identity, message };
    const count = (warnings.get(similar) ?? 0) + 1;
    remember(warnings, similar, count);
    if (count <= similarWarnings) return { identity, message };
    return { identity: similar, message: `(combined from similar events): ${message}` };
  }

  function write(happening: Happening): void {
    const { identity, message } = identify(happening);
    const earlier = known.get(identity);
    if (earlier && countUp(earlier, message)) return;
    const created = api.create('events', eventObject({ ...happening, message }, source, now()));
    const { namespace = 'default', name } = created.metadata;
    remember(known, identity, { namespace, name, count: 1 });
  }

  return {
    record(object, type, reason, message, fieldPath) {
      const namespace = api.get('namespaces', undefined, object.metadata.namespace ?? 'default');
      if (namespace === undefined || isTerminating(namespace)) return;
      try {
        write({ object, type, reason, message, fieldPath });
      } catch (error) {
        const subject = `${object.kind} ${object.metadata.name}`;
        log(`${source.component}: cannot record event ${reason} of ${subject}: ${errorMessage(error)}`);
      }
    },
  };
}

/** Adds as the youngest, and forgets the oldest beyond the limit. */
function remember<T>(map: Map<string, T>, name: string, value: T): void {
  map.delete(name);
  map.set(name, value);
  const [oldest] = map.keys();
  if (map.size > rememberedEvents && oldest !== undefined) map.delete(oldest);
}

interface Happening {
  readonly object: KubeObject;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly fieldPath: string | undefined;
}

function eventObject(happening: Happening, source: EventSource, nowMs: number): KubeObject {
  const { object, type, reason, message, fieldPath } = happening;
  const { name, namespace, uid, resourceVersion } = object.metadata;
  const { apiVersion, kind } = object;
  const time = formatTime(nowMs);
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: eventName(name, nowMs), namespace: namespace ?? 'default' },
    involvedObject: {
      apiVersion,
      kind,
      name,
      ...(namespace !== undefined && { namespace }),
      uid,
      resourceVersion,
      ...(fieldPath !== undefined && { fieldPath }),
    },
    type,
    reason,
    message,
    source: { ...source },
    reportingComponent: source.component,
    reportingInstance: source.host ?? '',
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
    eventTime: null,
  };
}
