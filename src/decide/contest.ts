import { scalingActive, stands } from './conditions.ts';
import type { Finding } from './conditions.ts';
import type { EventRecord } from './decision.ts';
import type { Policy } from './policy.ts';
import type { Rival, Snapshot } from './snapshot.ts';
import type { Condition } from './status.ts';

/** Whom else the target listens to. */
export interface Contest {
  /** The first of them. */
  readonly rivals: readonly Rival[];
  readonly finding: Finding;
  /** None while the condition already says the same: a rival that stays is told of once. */
  readonly events: readonly EventRecord[];
}

/** More in a trace would be an accident of another kind. */
const maxRivals = 10;

/** Why the target is not ours alone; undefined when it is, and in a dry run, which takes nothing from anybody. */
export function contestOf(policy: Policy, { rivals = [], status }: Snapshot): Contest | undefined {
  if (rivals.length === 0 || policy.mode === 'DryRun') return undefined;
  const { kind, name } = policy.target;
  const message = `${kind} ${name} is also scaled by ${rivalsText(rivals)}; nothing is scaled until only one is left`;
  const finding = scalingActive.contested(message);
  const event = { type: 'Warning', reason: finding.reason, message } as const;
  return {
    rivals: rivals.slice(0, maxRivals),
    finding,
    events: stands(status.conditions, finding) ? [] : [event],
  };
}

/** The conditions without one of a contest that is over: it would stand until the metrics are looked at again. */
export function withoutContest(conditions: readonly Condition[]): readonly Condition[] {
  const { reason } = scalingActive.contested('');
  return conditions.some((condition) => condition.reason === reason)
    ? conditions.filter((condition) => condition.reason !== reason)
    : conditions;
}

/** `HorizontalPodAutoscaler keda-hpa-orders (of ScaledObject orders)`, in an order that does not depend on the reading's. */
function rivalsText(rivals: readonly Rival[]): string {
  return rivals
    .map(({ kind, name, owner }) => `${kind} ${name}${owner === undefined ? '' : ` (of ${owner})`}`)
    .toSorted()
    .join(', ');
}
