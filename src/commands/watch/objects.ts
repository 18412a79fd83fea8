import { podUsage } from '../../api/pod-metrics.ts';
import { podFacts } from '../../api/pod.ts';
import type { ObjectMeta, PodJson, PodMetricsJson } from '../../api/types.ts';
import type { PodFacts } from '../../decide/snapshot.ts';
import type { WatchEvent } from '../../report/watch-state.ts';
import type { EventJson } from '../load/objects.ts';

/** A pod, as far as it is shown. */
export interface WatchedPod {
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly facts: PodFacts;
  readonly restarts: number;
  readonly node?: string;
  /** Why a container waits or ended: `CrashLoopBackOff`. */
  readonly note?: string;
}

interface ContainerStatus {
  readonly restartCount?: number;
  readonly state?: { readonly waiting?: { readonly reason?: string } | null };
}

type FullPod = PodJson & {
  readonly metadata?: ObjectMeta;
  readonly spec?: { readonly nodeName?: string };
  readonly status?: { readonly containerStatuses?: readonly ContainerStatus[] | null };
};

export function watchedPod(object: unknown): WatchedPod {
  const pod = object as FullPod;
  const containers = pod.status?.containerStatuses ?? [];
  const note = containers.map(({ state }) => state?.waiting?.reason).find((reason) => reason !== undefined);
  const node = pod.spec?.nodeName;
  return {
    metadata: { namespace: pod.metadata?.namespace ?? '', name: pod.metadata?.name ?? '' },
    facts: podFacts(pod),
    restarts: containers.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0),
    ...(node === undefined ? {} : { node }),
    ...(note === undefined ? {} : { note }),
  };
}

/** An event about the autoscaler or its target. */
export interface WatchedEvent {
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly regarding: { readonly kind: string; readonly name: string };
  readonly event: WatchEvent;
}

type FullEvent = EventJson & {
  readonly eventTime?: string | null;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string } | null;
  readonly deprecatedLastTimestamp?: string | null;
};

export function watchedEvent(object: unknown): WatchedEvent {
  const event = object as FullEvent;
  const { metadata = {}, regarding = {}, type = 'Normal', reason = '', note = '', series } = event;
  const time =
    series?.lastObservedTime ??
    event.deprecatedLastTimestamp ??
    event.eventTime ??
    metadata.creationTimestamp;
  return {
    metadata: { namespace: metadata.namespace ?? '', name: metadata.name ?? '' },
    regarding: { kind: regarding.kind ?? '', name: regarding.name ?? '' },
    event: {
      atMs: Date.parse(time ?? '') || 0,
      ...{ type, reason, message: note, count: series?.count ?? event.deprecatedCount ?? 1 },
    },
  };
}

/** What each pod uses, in thousandths of the resource's unit, by the pod's name. */
export type Usage = ReadonlyMap<string, Readonly<Record<string, number>>>;

export function usageOf(items: readonly unknown[]): Usage {
  return new Map(
    items.map((item) => {
      const { name, containers } = podUsage(item as PodMetricsJson);
      const sums: Record<string, number> = {};
      for (const { usage } of containers)
        for (const [resource, milli] of Object.entries(usage)) sums[resource] = (sums[resource] ?? 0) + milli;
      return [name, sums];
    }),
  );
}
