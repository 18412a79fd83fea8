import type { ControllerContext, Stoppable } from './controller.ts';
import type { KubeObject } from '../cluster-api.ts';
import { timeMs } from './metadata.ts';

const everyMs = 60_000;
/** As kube-apiserver's --event-ttl. */
const keepMs = 3_600_000;

/** Deletes events an hour after they were last seen, so that a cluster that runs for days stays small. */
export function runEventExpiry(context: ControllerContext): Stoppable {
  const timer = setInterval(() => expireEvents(context), everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

export function expireEvents({ api, now }: Pick<ControllerContext, 'api' | 'now'>): void {
  for (const event of api.list('events')) {
    if (now() - lastSeenMs(event) > keepMs)
      api.delete('events', event.metadata.namespace, event.metadata.name);
  }
}

function lastSeenMs(event: KubeObject): number {
  const times = [event.lastTimestamp, event.eventTime, event.metadata.creationTimestamp] as (
    string | null | undefined
  )[];
  return Math.max(...times.map(timeMs));
}
