import type { Int64 } from '../int64.ts';
import type { ControllerOptions } from '../policy.ts';
import type { PodFacts } from '../snapshot.ts';

/** One pod's usage at one time. */
export interface Sample {
  readonly value: Int64;
  readonly timestampMs: number;
  readonly windowMs: number;
}

/** Samples by pod name, also of pods that are gone. */
export type Samples = Map<string, Sample>;

/**
 * | group   | who                                                       | part in the average             |
 * |---------|-----------------------------------------------------------|---------------------------------|
 * | ignored | deleting or Failed                                        | none                            |
 * | unready | Pending; for CPU also those whose usage is that of a start | counts as idle on the way up    |
 * | missing | without a sample                                          | counts against every change     |
 * | ready   | all others                                                | its sample                      |
 */
export interface PodGroups extends Readonly<Record<Group, readonly PodFacts[]>> {
  /** For each pod of the target its sample, where it is of the group ready. */
  readonly counted: readonly (Sample | undefined)[];
}

type Group = 'ready' | 'unready' | 'missing' | 'ignored';

export interface Grouping {
  /** Only CPU usage is distorted by a pod's start. */
  readonly cpu: boolean;
  readonly options: ControllerOptions;
  readonly nowMs: number;
}

export function groupPods(pods: readonly PodFacts[], samples: Samples, grouping: Grouping): PodGroups {
  const groups: Record<Group, PodFacts[]> = { ready: [], unready: [], missing: [], ignored: [] };
  const counted = pods.map((pod) => {
    const sample = samples.get(pod.name);
    const group = groupOf(pod, sample, grouping);
    groups[group].push(pod);
    return group === 'ready' ? sample : undefined;
  });
  return { ...groups, counted };
}

function groupOf(pod: PodFacts, sample: Sample | undefined, grouping: Grouping): Group {
  if (pod.deleting || pod.phase === 'Failed') return 'ignored';
  if (pod.phase === 'Pending') return 'unready';
  if (sample === undefined) return 'missing';
  return grouping.cpu && isStarting(pod, sample, grouping) ? 'unready' : 'ready';
}

/**
 * During the initialization period a pod counts once it is Ready and a whole window was measured since; later it
 * is left out only if it never became ready. Ready "Unknown" counts as ready.
 */
function isStarting(pod: PodFacts, sample: Sample, { options, nowMs }: Grouping): boolean {
  if (pod.ready === undefined || pod.startedAtMs === undefined) return true;
  const notReady = pod.ready.status === 'False';
  if (pod.startedAtMs + options.cpuInitializationPeriodMs > nowMs) {
    return notReady || sample.timestampMs < pod.ready.sinceMs + sample.windowMs;
  }
  return notReady && pod.startedAtMs + options.initialReadinessDelayMs > pod.ready.sinceMs;
}
