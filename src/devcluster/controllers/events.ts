import { errorMessage } from '../../lib/errors.ts';
import type { ClusterApi, KubeObject } from '../cluster-api.ts';
import { formatTime } from './objects.ts';

export interface EventRecorder {
  /**
   * Records something that happened to an object. The same words again raise the count of the same Event, as
   * client-go's recorder does (its spam filter and its joining of similar events are left out, so that every step shows). A refused write is logged, never thrown.
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

  function remember(identity: string, event: Known): void {
    known.delete(identity);
    known.set(identity, event);
    const [oldest] = known.keys();
    if (known.size > rememberedEvents && oldest !== undefined) known.delete(oldest);
  }

  function countUp(event: Known): boolean {
    if (api.get('events', event.namespace, event.name) === undefined) return false;
    event.count += 1;
    api.patch('events', event.namespace, event.name, 'strategic', {
      count: event.count,
      lastTimestamp: formatTime(now()),
    });
    return true;
  }

  return {
    record(object, type, reason, message, fieldPath) {
      const identity = [object.metadata.uid, type, reason, message, fieldPath].join('\n');
      const earlier = known.get(identity);
      try {
        if (earlier && countUp(earlier)) return;
        const created = api.create(
          'events',
          eventObject({ object, type, reason, message, fieldPath, source, nowMs: now() }),
        );
        const { namespace = 'default', name } = created.metadata;
        remember(identity, { namespace, name, count: 1 });
      } catch (error) {
        log(
          `${source.component}: cannot record event ${reason} of ${object.kind} ${object.metadata.name}: ${errorMessage(error)}`,
        );
      }
    },
  };
}

interface Happening {
  readonly object: KubeObject;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly fieldPath: string | undefined;
  readonly source: EventSource;
  readonly nowMs: number;
}

function eventObject(happening: Happening): KubeObject {
  const { object, type, reason, message, fieldPath, source, nowMs } = happening;
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
