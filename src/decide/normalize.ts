import { ableToScale, scalingLimited } from './conditions.ts';
import type { Finding, LimitReason } from './conditions.ts';
import type { History, LimiterMark } from './decision.ts';

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

/** A count after one limiter, and the limiter's name for what it did. */
export interface Limited {
  readonly replicas: number;
  readonly reason: LimitReason;
}

export type Stabilization =
  typeof ableToScale.ready | typeof ableToScale.scaleUpStabilized | typeof ableToScale.scaleDownStabilized;

/** The two steps as both paths report them: conditions for everyone, marks for the trace. */
export function report(
  proposedReplicas: number,
  stabilized: { readonly replicas: number; readonly finding: Stabilization },
  limited: Limited,
  history: History,
): Normalized {
  const didLimit = limited.replicas !== stabilized.replicas;
  return {
    desiredReplicas: limited.replicas,
    findings: [stabilized.finding, scalingLimited(didLimit, limited.reason)],
    limiters: [
      {
        limiter: 'stabilization',
        from: proposedReplicas,
        to: stabilized.replicas,
        reason: stabilized.finding.reason,
      },
      {
        limiter: limiterOf(limited.reason),
        from: stabilized.replicas,
        to: limited.replicas,
        reason: limited.reason,
      },
    ],
    history,
  };
}

function limiterOf(reason: LimitReason): LimiterMark['limiter'] {
  return reason === 'ScaleUpLimit' || reason === 'ScaleDownLimit' ? 'rate' : 'bounds';
}
