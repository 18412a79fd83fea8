import { formatCount } from '../report/format.ts';
import type { LoadSample } from '../report/load-result.ts';
import { formatRotation, type Rotation } from './rotation.ts';
import { tellingMs } from './telling.ts';

/** What a pod gets is counted over this time. */
const recentMs = 10_000;
/** A pod that gets a smaller part of its even share has hardly any traffic; no fair balancer does so by chance... */
const leastShare = 0.1;
/** ...when an even share is so many answers, and so many connections were opened for each pod. */
const tellingAnswers = 10;
const tellingConnections = 5;
/** Connections that are replaced after this time at most need no advice to be replaced. */
const quickMs = 5000;

export interface PinningInput {
  /** Pods that the balancer may choose now, and since when. */
  readonly readyPods: readonly string[];
  readonly readyAtMs: (pod: string) => number | undefined;
  /** What answered at all, by the names in the answers. */
  readonly answering: ReadonlySet<string>;
  /** When pods were last added; undefined when none were. */
  readonly moreAtMs: number | undefined;
  readonly elapsedMs: number;
  readonly timeline: readonly LoadSample[];
  readonly unit: 'connections' | 'requests';
  readonly rotation: Rotation;
  /** Header that is to name the pod. */
  readonly podHeader: string;
}

/**
 * Says in plain words that connections hold the traffic on old pods. Only of a target that balances connections: behind
 * one that balances requests it does not matter which connections are kept. Where no answer names a pod of the cluster, it is not
 * known who answers, and it says that.
 */
export function pinningWarning(input: PinningInput): string[] {
  const { readyPods, readyAtMs, answering, elapsedMs, timeline, unit } = input;
  const settled = readyPods.filter((pod) => (readyAtMs(pod) ?? elapsedMs) + tellingMs <= elapsedMs);
  const hasTraffic = timeline.some(
    ({ fromMs, donePerSecond }) => fromMs >= elapsedMs - tellingMs && donePerSecond > 0,
  );
  if (settled.length === 0 || !hasTraffic) return [];
  if (![...answering].some((pod) => readyAtMs(pod) !== undefined)) return [namelessWarning(input)];
  const silent = settled.filter((pod) => !answering.has(pod));
  const starved = settled.filter((pod) => !answering.has(pod) || isStarved(pod, input));
  if (unit === 'requests' || starved.length === 0) return [];
  const who =
    starved.length === silent.length
      ? `${readyPods.length - starved.length} answering`
      : `${starved.length} of them with hardly any traffic`;
  return [`${formatCount(readyPods.length, 'pod')} ready, ${who}: ${reasonOf(input)}`];
}

/** Hardly any of the latest answers are its own. */
function isStarved(pod: string, { readyPods, readyAtMs, elapsedMs, timeline }: PinningInput): boolean {
  const sinceMs = Math.max(elapsedMs - recentMs, (readyAtMs(pod) ?? elapsedMs) + tellingMs);
  const samples = timeline.filter(({ fromMs }) => fromMs >= sinceMs);
  const counts = samples.map(({ pods }) => readyPods.reduce((sum, name) => sum + (pods[name] ?? 0), 0));
  const even = counts.reduce((sum, count) => sum + count, 0) / readyPods.length;
  const own = samples.reduce((sum, { pods }) => sum + (pods[pod] ?? 0), 0);
  return even >= tellingAnswers && own < leastShare * even;
}

/** Why pods get nothing: connections are kept, there are few of them, or neither. */
function reasonOf({ readyPods, moreAtMs, elapsedMs, timeline, rotation }: PinningInput): string {
  const sinceMs = moreAtMs ?? (isQuick(rotation) ? 0 : elapsedMs);
  const opened = (isCounted: (sample: LoadSample) => boolean): number =>
    timeline.filter(isCounted).reduce((sum, sample) => sum + sample.opened, 0);
  const before = opened(({ fromMs }) => fromMs < sinceMs);
  const all = opened(() => true);
  const words = formatRotation(rotation);
  if (all - before >= tellingConnections * readyPods.length)
    return (
      `${all - before} connections were opened since the last scale-up, so that kept connections are not the reason; ` +
      'does a proxy before the pods keep its own, or are the pods not reached?'
    );
  if (isQuick(rotation))
    return (
      `${formatCount(all - before, 'connection')} opened since the last scale-up, and by chance none of few may lead to a pod. ` +
      `Rotation is ${words} already: use more --connections`
    );
  return (
    `${before} of ${formatCount(all, 'connection')} were opened before the last scale-up, and a connection ` +
    `stays on the pod that it was given, so that new pods get no traffic. Rotation is ${words}: use --rotate age=5s or less`
  );
}

function isQuick(rotation: Rotation): boolean {
  return rotation.type === 'each' || (rotation.type === 'age' && rotation.ageMs <= quickMs);
}

function namelessWarning({ answering, podHeader }: PinningInput): string {
  const [name] = answering;
  const found =
    name === undefined
      ? `no answer has the header ${podHeader}`
      : `${podHeader} names ${name}, which is no pod of the cluster`;
  return `${found}, so that it is not known which pods answer: let the app send the name of its pod, and say with --pod-header in which header`;
}
