import type { Balance, BalanceTest } from '../report/load-result.ts';
import { jainIndex, maxOverMean, testBalance } from './balance-test.ts';
import type { ClusterState } from './cluster-feed.ts';
import { tellingMs } from './telling.ts';

/** Counts by bucket of the run; what is missing is zero. */
export type ByBucket = ReadonlyMap<number, number>;

/** What one pod did in each bucket of the run. */
export interface PodActivity {
  /** Its answers. */
  readonly requests: ByBucket;
  /** Connections on which it answered first in this bucket. */
  readonly connections: ByBucket;
}

export interface BalanceOptions {
  readonly elapsedMs: number;
  /** Length of a bucket. */
  readonly bucketMs: number;
  /** What the balancer spreads: connections (L4) or requests (L7). */
  readonly unit: BalanceTest['unit'];
  /** What a cluster said of the pods in a time in which they stayed the same, and when they became so. */
  readonly cluster?: {
    readonly state: Pick<ClusterState, 'readyPods' | 'sessionAffinity'>;
    readonly changedAtMs: number;
    /** Whether a name in answers is that of a pod that the cluster has told of. */
    readonly isPod: (name: string) => boolean;
    /** When they changed again; absent: they did not until the end. */
    readonly untilMs?: number;
  };
}

/**
 * How evenly the pods were loaded. A pod that came later has fewer requests over the whole run however fair the balancer,
 * so this looks at the longest stretch of whole buckets, 5 s at least where there is one, in which the largest number of
 * pods were answering; with a cluster, at the time that it is told.
 */
export function balanceOf(pods: Readonly<Record<string, PodActivity>>, options: BalanceOptions): Balance {
  const { elapsedMs, bucketMs, unit, cluster } = options;
  const active = Object.entries(pods).filter(([, { requests }]) => requests.size > 0);
  const last = Math.max(0, Math.ceil(elapsedMs / bucketMs) - 1);
  const stretch =
    cluster === undefined
      ? widestStretch(
          active.map(([, { requests }]) => spanOf(requests)),
          last + 1,
          Math.ceil(tellingMs / bucketMs),
        )
      : settledStretch(pods, cluster, bucketMs, last);
  const compared =
    cluster === undefined
      ? active.filter(([, { requests }]) => covers(spanOf(requests), stretch))
      : cluster.state.readyPods.map((name): [string, PodActivity] => [name, pods[name] ?? idle]);
  const requests = compared.map(([, pod]) => countIn(pod.requests, stretch));
  const counts = Object.fromEntries(compared.map(([name, pod]) => [name, countIn(pod[unit], stretch)]));
  return {
    pods: compared.length,
    maxOverMean: maxOverMean(requests),
    jainIndex: jainIndex(requests),
    fromMs: stretch.from * bucketMs,
    toMs: Math.min((stretch.to + 1) * bucketMs, Math.max(Math.round(elapsedMs), stretch.from * bucketMs)),
    ...verdictOf(
      active.map(([name]) => name),
      options,
      counts,
      stretch,
    ),
  };
}

function verdictOf(
  answering: readonly string[],
  { unit, cluster }: BalanceOptions,
  counts: Readonly<Record<string, number>>,
  { holdsBeginning }: Stretch,
): Pick<Balance, 'verdict' | 'words' | 'test'> {
  if (answering.length === 0) return testBalance(unit, {});
  if (cluster?.state.sessionAffinity === true) return affine;
  const isNamed = cluster === undefined || answering.some((name) => cluster.isPod(name));
  if (!isNamed) return strange;
  return holdsBeginning ? tooShort : testBalance(unit, counts);
}

/** The whole buckets in which the balancer knows all pods; one at least. */
function settledStretch(
  pods: Readonly<Record<string, PodActivity>>,
  cluster: NonNullable<BalanceOptions['cluster']>,
  bucketMs: number,
  last: number,
): Stretch {
  const { untilMs = Infinity } = cluster;
  const to = Math.max(0, Math.min(last, Math.floor(untilMs / bucketMs) - 1));
  const settled = settledBucket(pods, cluster, bucketMs);
  return { from: Math.min(settled, to), to, holdsBeginning: settled > to };
}

/**
 * The first bucket in which the balancer knows all pods. It hears of new ones a little after the cluster says that they are
 * ready: when the last of them answered first, or after 5 s if one does not answer.
 */
function settledBucket(
  pods: Readonly<Record<string, PodActivity>>,
  { state, changedAtMs }: NonNullable<BalanceOptions['cluster']>,
  bucketMs: number,
): number {
  const changed = Math.ceil(changedAtMs / bucketMs);
  if (changedAtMs === 0) return changed;
  const patience = changed + Math.ceil(tellingMs / bucketMs);
  const firstAnswers = state.readyPods.map((name) => spanOf((pods[name] ?? idle).requests).from + 1);
  return Math.max(changed, ...firstAnswers.map((bucket) => Math.min(bucket, patience)));
}

const idle: PodActivity = { requests: new Map(), connections: new Map() };

const tooShort = {
  verdict: 'tooFew',
  words: 'too short to tell: the last pods came when this time had begun, and nothing is left of it after',
} as const;

const strange = { verdict: 'unknown', words: 'no answer named a pod of the cluster' } as const;

const affine = {
  verdict: 'affinity',
  words:
    'not tested: the service has session affinity, so all of this client goes to the pod that it first had',
} as const;

/** Buckets of the run, both ends included. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** The time that is looked at. */
interface Stretch extends Span {
  /** Some of its pods came in the very time, so that they were there for a part of it only. */
  readonly holdsBeginning: boolean;
}

function spanOf(buckets: ByBucket): Span {
  let [from, to] = [Infinity, -Infinity];
  for (const bucket of buckets.keys()) [from, to] = [Math.min(from, bucket), Math.max(to, bucket)];
  return { from, to };
}

/**
 * The longest stretch with the most open spans that is long enough to tell, since two pods that change places overlap for a moment;
 * if none is, the one with the most. The bucket
 * in which the last of its pods began is left out where others follow: the pod was there for a part of it.
 */
function widestStretch(spans: readonly Span[], buckets: number, telling: number): Stretch {
  const open = openSpans(spans, buckets);
  const counts = [...new Set(open)].sort((a, b) => b - a);
  const stretches = counts.flatMap((count) => longestRun(open, count) ?? []);
  const isTelling = ({ from, to }: Span): boolean => to - from + 1 >= telling;
  const { from, to } = stretches.find(isTelling) ?? stretches[0] ?? { from: 0, to: buckets - 1 };
  const isBeginning = from > 0 && spans.some((span) => span.from === from);
  const hasMore = from < to;
  return { from: isBeginning && hasMore ? from + 1 : from, to, holdsBeginning: isBeginning && !hasMore };
}

/** How many spans cover each bucket. */
function openSpans(spans: readonly Span[], buckets: number): number[] {
  const changes = new Array<number>(buckets + 1).fill(0);
  for (const { from, to } of spans) {
    changes[from] = (changes[from] ?? 0) + 1;
    changes[to + 1] = (changes[to + 1] ?? 0) - 1;
  }
  let open = 0;
  return changes.slice(0, buckets).map((change) => (open += change));
}

/** The longest run of buckets with this count; the first of equals. */
function longestRun(counts: readonly number[], wanted: number): Span | undefined {
  let best: Span | undefined;
  let from: number | undefined;
  for (let bucket = 0; bucket <= counts.length; bucket += 1) {
    if (counts[bucket] === wanted) from ??= bucket;
    else if (from !== undefined) {
      if (best === undefined || bucket - 1 - from > best.to - best.from) best = { from, to: bucket - 1 };
      from = undefined;
    }
  }
  return best;
}

function covers(outer: Span, inner: Span): boolean {
  return outer.from <= inner.from && outer.to >= inner.to;
}

function countIn(buckets: ByBucket, span: Span): number {
  let total = 0;
  for (const [bucket, count] of buckets) if (bucket >= span.from && bucket <= span.to) total += count;
  return total;
}
