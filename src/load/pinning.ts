import { formatCount } from '../report/format.ts';
import type { LoadSample } from '../report/load-result.ts';

/** So long after it was ready, a pod that could get traffic has had some. */
const settleMs = 5000;

export interface PinningInput {
  /** Pods that the balancer may choose now, and since when. */
  readonly readyPods: readonly string[];
  readonly readyAtMs: (pod: string) => number | undefined;
  /** Pods that answered at all. */
  readonly answering: ReadonlySet<string>;
  /** When pods were last added; undefined when none were. */
  readonly moreAtMs: number | undefined;
  readonly elapsedMs: number;
  readonly timeline: readonly LoadSample[];
  readonly unit: 'connections' | 'requests';
  readonly rotate: string;
}

/**
 * Says in plain words that connections hold the traffic on old pods. Only of a target that balances connections: behind
 * one that balances requests it does not matter which connections are kept.
 */
export function pinningWarning(input: PinningInput): string[] {
  const { readyPods, readyAtMs, answering, elapsedMs, timeline, unit, rotate } = input;
  const starved = readyPods.filter(
    (pod) => !answering.has(pod) && (readyAtMs(pod) ?? elapsedMs) + settleMs <= elapsedMs,
  );
  const hasTraffic = timeline.some(
    ({ fromMs, donePerSecond }) => fromMs >= elapsedMs - settleMs && donePerSecond > 0,
  );
  if (unit === 'requests' || starved.length === 0 || !hasTraffic) return [];
  const moreAtMs = input.moreAtMs ?? elapsedMs;
  const opened = (isCounted: (sample: LoadSample) => boolean): number =>
    timeline.filter(isCounted).reduce((sum, sample) => sum + sample.opened, 0);
  const before = opened(({ fromMs }) => fromMs < moreAtMs);
  return [
    `${formatCount(readyPods.length, 'pod')} ready, ${readyPods.length - starved.length} answering: ` +
      `${before} of ${formatCount(
        opened(() => true),
        'connection',
      )} were opened before the last scale-up, and a connection ` +
      `stays on the pod that it was given, so that new pods get no traffic. Rotation is ${rotate}: use --rotate age=5s or less`,
  ];
}
