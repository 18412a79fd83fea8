import type { History } from './history.ts';
import { isReady } from './pod-selection.ts';
import type { PodFacts } from './snapshot.ts';
import type { ColdStart } from './status.ts';

/** The history once a target that was at zero is brought up; one that goes to zero waits for no pod. */
export function rememberWaking(
  history: History,
  { from, to }: { readonly from: number; readonly to: number },
  nowMs: number,
): History {
  if (from === 0) return { ...history, wokeAtMs: nowMs };
  return to === 0 ? withoutWaking(history) : history;
}

/**
 * How long it took from zero to the first ready pod, in the first tick that sees one. A pod that was ready before is on its way
 * out. Times of a pod are whole seconds of its node's clock, so a start may be told as a second too short.
 */
export function coldStartOf(
  history: History,
  pods: readonly PodFacts[],
  currentReplicas: number,
): { readonly history: History; readonly coldStart?: ColdStart } {
  const { wokeAtMs } = history;
  if (wokeAtMs === undefined) return { history };
  if (currentReplicas === 0) return { history: withoutWaking(history) };
  const times = pods.flatMap((pod) =>
    isReady(pod) && pod.ready !== undefined && pod.ready.sinceMs > wokeAtMs - 1000 ? [pod.ready.sinceMs] : [],
  );
  if (times.length === 0) return { history };
  const atMs = Math.max(wokeAtMs, Math.min(...times));
  return { history: withoutWaking(history), coldStart: { atMs, seconds: (atMs - wokeAtMs) / 1000 } };
}

function withoutWaking(history: History): History {
  if (history.wokeAtMs === undefined) return history;
  const rest: { -readonly [K in keyof History]: History[K] } = { ...history };
  delete rest.wokeAtMs;
  return rest;
}
