import type { History, ScaleEvent } from './history.ts';
import type { Behavior, ScalingRules } from './policy.ts';

/** The history after a successful rescale. Without `behavior` nothing asks for scale events, so none is kept. */
export function rememberRescale(
  history: History,
  behavior: Behavior | undefined,
  rescale: { readonly from: number; readonly to: number },
  nowMs: number,
): History {
  if (behavior === undefined) return history;
  const { from, to } = rescale;
  const event = { atMs: nowMs, change: Math.abs(to - from), outdated: false };
  return to > from
    ? { ...history, scaleUps: store(history.scaleUps, event, behavior.scaleUp) }
    : { ...history, scaleDowns: store(history.scaleDowns, event, behavior.scaleDown) };
}

/** Marks what is older than the longest period, then writes over the last marked event or appends. */
function store(events: readonly ScaleEvent[], event: ScaleEvent, rules: ScalingRules): readonly ScaleEvent[] {
  const longestMs = Math.max(...rules.policies.map(({ periodSeconds }) => periodSeconds)) * 1000;
  const cutoffMs = event.atMs - longestMs;
  const marked = events.map((old) => (old.atMs < cutoffMs ? { ...old, outdated: true } : old));
  const place = marked.findLastIndex(({ outdated }) => outdated);
  return place === -1 ? [...marked, event] : marked.with(place, event);
}
