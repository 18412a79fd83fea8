import { ableToScale, scalingLimited } from './conditions.ts';
import type { Finding } from './conditions.ts';
import type { History, Recommendation } from './history.ts';
import type { BoundsMark, LimiterMark, RateMark, RateRule, StabilizationMark } from './limiter-marks.ts';

/** A proposal on its way to a replica count. */
export interface Proposed {
  readonly proposedReplicas: number;
  readonly currentReplicas: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly history: History;
  readonly nowMs: number;
}

export interface Normalized {
  readonly desiredReplicas: number;
  readonly findings: readonly Finding[];
  readonly limiters: readonly LimiterMark[];
  /** With this tick's recommendation. */
  readonly history: History;
}

/** The count that recent recommendations allow. */
export interface Stabilized {
  readonly replicas: number;
  readonly finding: Stabilization;
  readonly by?: StabilizationMark['by'] | undefined;
}

/** A count after the last limiter, and the limiter's name for what it did. */
export type Limited =
  | { readonly replicas: number; readonly reason: BoundsMark['reason'] }
  | { readonly replicas: number; readonly reason: RateMark['reason']; readonly by: RateRule };

type Stabilization =
  typeof ableToScale.ready | typeof ableToScale.scaleUpStabilized | typeof ableToScale.scaleDownStabilized;

/** The two steps as both paths report them: conditions for everyone, marks for the trace. */
export function report(
  proposed: Proposed,
  stabilized: Stabilized,
  limited: Limited,
  recommendations: History['recommendations'],
): Normalized {
  const didLimit = limited.replicas !== stabilized.replicas;
  return {
    desiredReplicas: limited.replicas,
    findings: [stabilized.finding, scalingLimited(didLimit, limited.reason)],
    limiters: [stabilizationMark(proposed, stabilized), limitMark(proposed, stabilized.replicas, limited)],
    history: { ...proposed.history, recommendations },
  };
}

function stabilizationMark(
  { proposedReplicas }: Proposed,
  { replicas, finding, by }: Stabilized,
): LimiterMark {
  const mark = {
    limiter: 'stabilization',
    from: proposedReplicas,
    to: replicas,
    reason: finding.reason,
  } as const;
  return by === undefined ? mark : { ...mark, by };
}

function limitMark({ minReplicas, maxReplicas }: Proposed, from: number, limited: Limited): LimiterMark {
  const to = limited.replicas;
  return 'by' in limited
    ? { limiter: 'rate', from, to, reason: limited.reason, by: limited.by }
    : { limiter: 'bounds', from, to, reason: limited.reason, minReplicas, maxReplicas };
}

/**
 * The recommendation that holds a count until it leaves the window. Where several are enough to hold it, the newest,
 * as the count moves only once that one is gone; of equally new ones the one furthest from the proposal.
 */
export function holder(
  { history, proposedReplicas }: Proposed,
  windowMs: number,
  holds: (recommendation: Recommendation) => boolean,
): StabilizationMark['by'] {
  const distance = ({ replicas }: Recommendation) => Math.abs(replicas - proposedReplicas);
  let last: Recommendation | undefined;
  for (const one of history.recommendations) {
    if (!holds(one)) continue;
    const later = last === undefined ? 1 : one.atMs - last.atMs || distance(one) - distance(last);
    if (later > 0) last = one;
  }
  if (last === undefined) return undefined;
  const { atMs, replicas } = last;
  return { atMs, replicas, expiresAtMs: atMs + windowMs };
}
