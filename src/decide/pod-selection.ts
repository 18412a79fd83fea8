import type { Policy } from './policy.ts';
import type { MetricReading, PodFacts, Reading, Snapshot } from './snapshot.ts';
import type { LeftOut, PodSelectionMark } from './trace.ts';

/** The pods that count, and those that do not, by the reason. */
export interface PodSelection {
  readonly pods: readonly PodFacts[];
  readonly leftOut: Readonly<Record<LeftOut['reason'], readonly PodFacts[]>>;
}

/**
 * The pods that a target owns and still needs, so that strangers, finished pods and the surge of a roll-out do not skew an average:
 *
 *     owners:        new ReplicaSet      old ReplicaSet     (nobody's)
 *     pods:          n1  n2  n3(start)   o1  o2  o3  o4     helm-test
 *     replicas: 5    +   +   +           +   +   surge      not owned
 *
 * Of one owner's pods the ready ones come first, then those that are first by name.
 * @param owners uids, newest first (Snapshot.owners)
 * @param replicas at most so many pods: what the target is asked to run
 */
export function selectPods(
  pods: readonly PodFacts[],
  owners: readonly string[],
  replicas: number,
): PodSelection {
  const rank = new Map(owners.map((uid, index) => [uid, index]));
  const rankOf = ({ ownerUid }: PodFacts): number | undefined =>
    ownerUid === undefined ? undefined : rank.get(ownerUid);
  const groups = Map.groupBy(pods, (pod) => whyLeftOut(pod, rankOf(pod)));
  const own = (groups.get('Own') ?? []).toSorted(
    (a, b) => (rankOf(a) ?? 0) - (rankOf(b) ?? 0) || Number(isReady(b)) - Number(isReady(a)) || byName(a, b),
  );
  return {
    // In the order of the snapshot's, as the first pod with a problem is told of.
    pods: own.slice(0, replicas).sort(byName),
    leftOut: {
      NotOwned: groups.get('NotOwned') ?? [],
      Deleting: groups.get('Deleting') ?? [],
      Finished: groups.get('Finished') ?? [],
      Surge: own.slice(replicas).sort(byName),
    },
  };
}

function whyLeftOut({ deleting, phase }: PodFacts, rank: number | undefined): LeftOut['reason'] | 'Own' {
  if (rank === undefined) return 'NotOwned';
  if (deleting) return 'Deleting';
  return phase === 'Succeeded' || phase === 'Failed' ? 'Finished' : 'Own';
}

/** Whether a pod serves: it runs, is Ready, and is not on its way out. */
export function isReady({ phase, deleting, ready }: PodFacts): boolean {
  return phase === 'Running' && !deleting && ready?.status === 'True';
}

function byName(a: PodFacts, b: PodFacts): number {
  return a.name < b.name ? -1 : 1;
}

/** Those of the pods that count. @param owners as in Snapshot @param replicas what the target is asked to run */
type PodChoice = (
  pods: readonly PodFacts[],
  owners: readonly string[] | undefined,
  replicas: number,
) => readonly PodFacts[];

/** How a policy chooses among pods while they are observed; undefined where all count. */
export function podChoice({ podSelection }: Policy): PodChoice | undefined {
  if (podSelection !== 'Owned') return undefined;
  return (pods, owners, replicas) => (owners === undefined ? pods : selectPods(pods, owners, replicas).pods);
}

/** A snapshot as the policy looks at it. */
export interface Selected {
  readonly snapshot: Snapshot;
  /** All that serve the target, with those beyond spec.replicas: whether any is ready is another question than which count. */
  readonly serving: readonly PodFacts[];
  /** Absent with `podSelection: Selector`. */
  readonly mark?: PodSelectionMark;
}

/** With `podSelection: Owned` only the chosen pods, and what was measured of them; the very same snapshot without it. */
export function withSelectedPods({ podSelection }: Policy, snapshot: Snapshot): Selected {
  const { target, owners, pods: all } = snapshot;
  if (podSelection !== 'Owned' || !target.ok) return { snapshot, serving: all };
  if (owners === undefined)
    return { snapshot, serving: all, mark: { byOwner: false, counted: all.length, leftOut: [] } };
  const { specReplicas, statusReplicas } = target.value;
  const { pods, leftOut } = selectPods(all, owners, specReplicas);
  const names = new Set(pods.map(({ name }) => name));
  return {
    snapshot: {
      ...snapshot,
      // The surge of a roll-out shares no value either.
      target: {
        ok: true,
        value: { ...target.value, statusReplicas: Math.min(statusReplicas, specReplicas) },
      },
      pods,
      metrics: snapshot.metrics.map((reading) => ofPods(reading, names)),
      // Whoever else selects these pods does not own them.
      otherAutoscalers: [],
    },
    serving: [...pods, ...leftOut.Surge],
    mark: { byOwner: true, counted: pods.length, leftOut: leftOutMarks(leftOut) },
  };
}

/** A reading without what describes other pods. */
function ofPods(reading: MetricReading, names: ReadonlySet<string>): MetricReading {
  if ('usage' in reading) return { ...reading, usage: only(reading.usage, ({ name }) => names.has(name)) };
  if ('samples' in reading)
    return { ...reading, samples: only(reading.samples, ({ podName }) => names.has(podName)) };
  return reading;
}

function only<T>(reading: Reading<readonly T[]>, isKept: (item: T) => boolean): Reading<readonly T[]> {
  return reading.ok ? { ok: true, value: reading.value.filter(isKept) } : reading;
}

/** A trace has a size, whatever a target's. */
const maxNames = 10;

function leftOutMarks(leftOut: PodSelection['leftOut']): readonly LeftOut[] {
  return (Object.entries(leftOut) as [LeftOut['reason'], readonly PodFacts[]][])
    .filter(([, { length }]) => length > 0)
    .map(([reason, pods]) => ({
      reason,
      count: pods.length,
      names: pods.slice(0, maxNames).map(({ name }) => name),
    }));
}
