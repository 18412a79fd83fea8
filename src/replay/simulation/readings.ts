import type { MetricSpec } from '../../decide/policy.ts';
import type { MetricReading, PodFacts, PodMetricSample, Reading } from '../../decide/snapshot.ts';
import { isReady } from './fleet.ts';
import type { Fleet } from './fleet.ts';
import type { Measurement } from './measurements.ts';
import type { Outage, Signal, Strangers } from './model.ts';

/** What there is to read at one tick. */
interface Readable {
  readonly measurement: Measurement | undefined;
  readonly fleet: Fleet;
  readonly nowMs: number;
  readonly strangers: Strangers | undefined;
  /** What holds for this metric. */
  readonly signal: Signal;
  readonly outage: Outage['reads'] | undefined;
}

/** Reads one metric of a policy, tick after tick: what it returns may depend on what it was asked before. */
export type SimulatedSource = (readable: Readable) => MetricReading;

export function sourceOf(spec: MetricSpec, container: string): SimulatedSource {
  switch (spec.type) {
    case 'Resource':
    case 'ContainerResource':
      return (readable) => ({ type: spec.type, usage: usageOf(readable, container) });
    case 'Pods':
      return (readable) => ({ type: 'Pods', samples: servedOf(readable) });
    case 'PodScrape':
      return scraper();
    case 'Object':
    case 'Prometheus':
      return (readable) => ({ type: spec.type, milli: totalOf(readable), ...timestampOf(readable) });
    case 'External':
      return (readable) => {
        const total = totalOf(readable);
        const milli = total.ok ? { ok: true as const, value: [total.value] } : total;
        return { type: 'External', milli, ...timestampOf(readable) };
      };
    case 'Unknown':
      return () => ({ type: 'Unknown' });
  }
}

const unavailable = { ok: false, message: 'connection refused' } as const;

function answer<T>({ outage }: Readable, value: T): Reading<T> {
  return outage === 'Error' ? unavailable : { ok: true, value };
}

/** Zero where the source says so whatever is true. */
function told({ outage }: Readable, value: number): number {
  return outage === 'Zero' ? 0 : value;
}

function usageOf(readable: Readable, container: string) {
  const { measurement, strangers } = readable;
  if (measurement === undefined) return answer(readable, []);
  const { atMs: timestampMs, windowMs, pods } = measurement;
  const usage = (name: string, cpuMillis: number, memoryBytes: number) => ({
    name,
    timestampMs,
    windowMs,
    containers: [
      {
        name: container,
        usage: {
          cpu: Math.ceil(told(readable, cpuMillis)),
          memory: Math.ceil(told(readable, memoryBytes)) * 1000,
        },
      },
    ],
  });
  return answer(readable, [
    ...strangerNames(strangers).map((name) => usage(name, strangers?.cpuMillis ?? 0, 0)),
    ...pods.map(({ name, cpuMillis, memoryBytes }) => usage(name, cpuMillis, memoryBytes)),
  ]);
}

function strangerNames(strangers: Strangers | undefined): string[] {
  return Array.from({ length: strangers?.count ?? 0 }, (_, index) => `job-${index}`);
}

/** Pods of somebody else that the target's selector matches too. */
export function strangerPods(strangers: Strangers | undefined, like: PodFacts, startMs: number): PodFacts[] {
  const startedAtMs = startMs - 24 * 3_600_000;
  const ready = { status: 'True', sinceMs: startedAtMs } as const;
  return strangerNames(strangers).map((name) => ({ ...like, name, ownerUid: 'job', startedAtMs, ready }));
}

function servedOf(readable: Readable) {
  const { measurement } = readable;
  const samples = (measurement?.pods ?? []).map(({ name, servedPerSecond }) => ({
    podName: name,
    timestampMs: measurement?.atMs ?? 0,
    windowMs: measurement?.windowMs ?? 0,
    milli: milliOf(told(readable, servedPerSecond)),
  }));
  return answer(readable, samples);
}

function totalOf(readable: Readable): Reading<bigint> {
  const { measurement, signal } = readable;
  if (measurement === undefined) return { ok: false, message: 'no sample yet' };
  const value = signal === 'Backlog' ? measurement.backlog : measurement.load;
  return answer(readable, milliOf(told(readable, value)));
}

function timestampOf({ measurement }: Readable): { readonly timestampMs?: number } {
  return measurement === undefined ? {} : { timestampMs: measurement.atMs };
}

function milliOf(value: number): bigint {
  return BigInt(Math.round(value * 1000));
}

/** A counter of requests, read from each ready pod at the tick itself: its growth since the tick before. */
function scraper(): SimulatedSource {
  let before = new Map<string, { readonly atMs: number; readonly served: number }>();
  return (readable) => {
    const { fleet, nowMs } = readable;
    const [known, fresh, silent]: [PodMetricSample[], string[], string[]] = [[], [], []];
    const now = new Map<string, { readonly atMs: number; readonly served: number }>();
    for (const pod of fleet.pods) {
      const last = before.get(pod.name);
      if (!isReady(pod, nowMs)) silent.push(pod.name);
      else {
        now.set(pod.name, { atMs: nowMs, served: pod.served });
        if (last === undefined) fresh.push(pod.name);
        else known.push(rateOf(pod, last, readable));
      }
    }
    before = now;
    const notScraped = [
      ...namesOf('FirstSample', fresh),
      ...namesOf('Unreachable', readable.outage === 'Error' ? known.map(({ podName }) => podName) : silent),
    ];
    return { type: 'PodScrape', samples: answer(readable, known), notScraped };
  };
}

function rateOf(
  { name, served }: { readonly name: string; readonly served: number },
  last: { readonly atMs: number; readonly served: number },
  readable: Readable,
): PodMetricSample {
  const windowMs = readable.nowMs - last.atMs;
  const perSecond = (served - last.served) / (windowMs / 1000);
  return {
    podName: name,
    timestampMs: readable.nowMs,
    windowMs,
    milli: milliOf(told(readable, perSecond)),
  };
}

function namesOf(reason: 'FirstSample' | 'Unreachable', names: readonly string[]) {
  return names.length === 0 ? [] : [{ reason, count: names.length, names: names.slice(0, 10) }];
}
