import { cpus, freemem, totalmem } from 'node:os';

import { errorMessage } from '../../lib/errors.ts';
import { formatDuration } from '../../lib/duration.ts';
import type { KubeObject, MetricsSource } from '../cluster-api.ts';
import { formatTime } from '../controllers/metadata.ts';
import type { Usage, UsageReader } from './usage.ts';

export interface MeasuredContainer {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Undefined while it does not run. */
  readonly pid: number | undefined;
}

export interface MetricsOptions {
  /** What runs now: every container of every pod that is not finished. */
  readonly containers: () => readonly MeasuredContainer[];
  readonly nodeName: string;
  readonly readUsage: UsageReader;
  readonly now: () => number;
  readonly log: (line: string) => void;
  /** CPU is the mean over this time; a pod has no metrics before. In ms. */
  readonly windowMs: number;
  /** Time between two samples, in ms. */
  readonly sampleEveryMs: number;
}

export interface Sample extends Usage {
  readonly atMs: number;
}

export interface Rate {
  readonly atMs: number;
  /** The time that the mean is over. */
  readonly spanMs: number;
  readonly cpuNanoCores: number;
  readonly memoryBytes: number;
}

/**
 * The mean over at least the window, from the youngest sample that is old enough; undefined while there is none.
 * Time that went back (a child was lost to another parent) counts as no use.
 */
export function rateOver(samples: readonly Sample[], windowMs: number): Rate | undefined {
  const last = samples.at(-1);
  const first = last && samples.findLast(({ atMs }) => last.atMs - atMs >= windowMs);
  if (!first) return undefined;
  const spanMs = last.atMs - first.atMs;
  const cpuNanoCores = Math.round((Math.max(0, last.cpuNanos - first.cpuNanos) / spanMs) * 1000);
  return { atMs: last.atMs, spanMs, cpuNanoCores, memoryBytes: last.memoryBytes };
}

export interface Metrics extends MetricsSource {
  stop(): void;
}

const nodeSeries = 'node';

/** Samples what the containers and the machine use, and tells it as metrics.k8s.io does. */
export function startMetrics(options: MetricsOptions): Metrics {
  const { containers, readUsage, now, log, windowMs, sampleEveryMs } = options;
  const series = new Map<string, Sample[]>();
  let isSampling = false;
  const timer = setInterval(() => {
    if (isSampling) return;
    isSampling = true;
    sample()
      .catch((error: unknown) => log(`node: cannot measure CPU and memory: ${errorMessage(error)}`))
      .finally(() => {
        isSampling = false;
      });
  }, sampleEveryMs);

  async function sample(): Promise<void> {
    const pids = containers().flatMap(({ pid }) => pid ?? []);
    const usage = await readUsage(pids);
    const atMs = now();
    const alive = new Set<string>([nodeSeries]);
    for (const pid of pids) {
      const used = usage.get(pid);
      if (!used) continue;
      alive.add(String(pid));
      add(String(pid), { ...used, atMs });
    }
    add(nodeSeries, { ...machineUsage(), atMs });
    for (const name of series.keys()) if (!alive.has(name)) series.delete(name);
  }

  function add(name: string, next: Sample): void {
    const samples = series.get(name) ?? [];
    series.set(name, samples);
    samples.push(next);
    while ((samples[1]?.atMs ?? Infinity) <= next.atMs - windowMs) samples.shift();
  }

  const rate = (name: string): Rate | undefined => rateOver(series.get(name) ?? [], windowMs);

  return {
    pods: () => podMetrics(containers(), (pid) => rate(String(pid))),
    nodes() {
      const measured = rate(nodeSeries);
      if (!measured) return [];
      const metadata = { name: options.nodeName, creationTimestamp: formatTime(measured.atMs) };
      return [{ apiVersion, kind: 'NodeMetrics', metadata, ...window(measured), usage: usageOf(measured) }];
    },
    stop: () => clearInterval(timer),
  };
}

const apiVersion = 'metrics.k8s.io/v1beta1';

/** One object a pod; a pod with a container that has no rate yet is left out, as metrics-server does. */
function podMetrics(
  containers: readonly MeasuredContainer[],
  rate: (pid: number) => Rate | undefined,
): KubeObject[] {
  const byPod = Map.groupBy(containers, ({ namespace, pod }) => `${namespace}/${pod}`);
  return [...byPod.values()].flatMap((group) => {
    const measured = group.flatMap(({ container, pid }) => {
      const found = pid === undefined ? undefined : rate(pid);
      return found ? [{ container, rate: found }] : [];
    });
    const [first] = measured;
    if (!first || measured.length < group.length) return [];
    const { namespace = '', pod: name = '' } = group[0] ?? {};
    const oldest = measured.reduce((a, b) => (b.rate.atMs < a.rate.atMs ? b : a), first).rate;
    return [
      {
        apiVersion,
        kind: 'PodMetrics',
        metadata: { name, namespace, creationTimestamp: formatTime(oldest.atMs) },
        ...window(oldest),
        containers: measured.map((one) => ({ name: one.container, usage: usageOf(one.rate) })),
      },
    ];
  });
}

function window({ atMs, spanMs }: Rate): { timestamp: string; window: string } {
  return { timestamp: formatTime(atMs), window: formatDuration(Math.round(spanMs)) };
}

function usageOf({ cpuNanoCores, memoryBytes }: Rate): { cpu: string; memory: string } {
  return {
    cpu: cpuNanoCores === 0 ? '0' : `${cpuNanoCores}n`,
    memory: `${Math.round(memoryBytes / 1024)}Ki`,
  };
}

/** All of the machine, also what no pod uses. */
function machineUsage(): Usage {
  const busyMs = cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
  return { cpuNanos: busyMs * 1e6, memoryBytes: totalmem() - freemem() };
}
