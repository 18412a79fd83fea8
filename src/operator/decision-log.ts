import { outcomeOf } from '../api/decision-status.ts';
import type { WireDecision } from '../api/decision-status.ts';
import type { Decision, Outcome, Verdict } from '../decide/decision.ts';
import type { Logger } from '../lib/logger.ts';
import type { Autoscaler } from './autoscaler-table.ts';
import type { Reconciled } from './reconcile.ts';

type Decided = Extract<Reconciled, { type: 'Decided' }>;

/** Verdicts without a count of their own: something could not be read, or the target is not ours alone. */
const troubles: ReadonlySet<Verdict> = new Set<Verdict>(['TargetUnreadable', 'Contested', 'MetricsFailed']);

/** What went wrong, without what changes in each tick: for how long a metric has failed, what the others show. */
function troubleOf({ verdict, conditions, trace }: Decision): string {
  const failures = trace.proposals.map((proposal) => (proposal.ok ? '' : proposal.message));
  const told = conditions.filter(({ type }) => type === 'AbleToScale' || type === 'ScalingActive');
  return [verdict, ...told.map(({ message }) => message), ...failures].join('\n');
}

/** What another decision differs in: the count before it does not count, as it follows each scaling. */
function changeKey(told: WireDecision): string {
  return outcomeOf({ ...told, from: told.to });
}

/** A decision for programs; the words are in `why`. */
function fieldsOf(key: string, { decision: { verdict }, told }: Decided): object {
  const { from, to, reason: why, metrics = [], limits = [] } = told;
  return {
    ...{ autoscaler: key, from, to, verdict },
    metrics: Object.fromEntries(
      metrics.map(({ metric, proposedReplicas = null }) => [metric, proposedReplicas]),
    ),
    limits: limits.map(({ limiter, reason }) => (reason === undefined ? limiter : `${limiter}/${reason}`)),
    why,
  };
}

/**
 * One line for each decision that comes out otherwise than the one before: another count, another metric that wins, another limit. What
 * goes wrong each tick is told once, and once more when it is over; everything else is at level debug.
 */
export class DecisionLog {
  readonly #logger: Logger;
  readonly #trouble = new Map<string, string>();
  /** What dry runs and pauses would scale to. */
  readonly #wishes = new Map<string, number>();
  /** How the last ones came out. */
  readonly #outcomes = new Map<string, string>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  record({ key }: Autoscaler, result: Reconciled): void {
    if (result.type === 'Invalid') {
      this.#logger.warn({ autoscaler: key }, 'invalid: it rests until it changes');
      return;
    }
    if (result.type === 'Overtaken') {
      this.#logger.debug({ autoscaler: key }, 'changed before it was scaled: decided again');
      return;
    }
    this.#logTrouble(key, result);
    this.#logOutcome(key, result);
    if (result.statusError !== undefined) {
      this.#logger.warn({ autoscaler: key, error: result.statusError }, 'cannot write the status');
    }
  }

  forget({ key }: Autoscaler): void {
    this.#trouble.delete(key);
    this.#wishes.delete(key);
    this.#outcomes.delete(key);
  }

  #logTrouble(key: string, { decision, told: { reason: why } }: Decided): void {
    const before = this.#trouble.get(key);
    if (troubles.has(decision.verdict)) {
      const trouble = troubleOf(decision);
      this.#trouble.set(key, trouble);
      if (trouble !== before) this.#logger.warn({ autoscaler: key, why }, 'cannot decide');
    } else if (before !== undefined) {
      this.#trouble.delete(key);
      this.#logger.info({ autoscaler: key, why }, 'can decide again');
    }
  }

  #logOutcome(key: string, result: Decided): void {
    const { decision, outcome } = result;
    const { currentReplicas: from, desiredReplicas: to, reason } = decision;
    const fields = fieldsOf(key, result);
    const isNews = this.#isNews(key, result);
    if (outcome.type === 'Scaled') this.#logger.info({ ...fields, reason }, 'scaled');
    else if (outcome.type === 'Refused')
      this.#logger.warn({ ...fields, error: outcome.message }, 'cannot scale');
    else if (isWish(outcome) && to !== from) this.#logWish(key, to, { ...fields, reason });
    else {
      this.#wishes.delete(key);
      this.#logger[isNews ? 'info' : 'debug'](fields, 'decided');
    }
  }

  /** The first decision on an autoscaler is none: a start would tell of all of them. Troubles have lines of their own. */
  #isNews(key: string, { decision, told }: Decided): boolean {
    const [before, now] = [this.#outcomes.get(key), changeKey(told)];
    this.#outcomes.set(key, now);
    return before !== undefined && before !== now && !troubles.has(decision.verdict);
  }

  /** A dry run, or a pause, wishes the same tick after tick: that is told once. */
  #logWish(key: string, to: number, fields: object): void {
    const isNews = this.#wishes.get(key) !== to;
    this.#wishes.set(key, to);
    this.#logger[isNews ? 'info' : 'debug'](fields, 'would scale');
  }
}

/** Another count was wanted, and the mode kept it from being written. */
function isWish({ type }: Outcome): boolean {
  return type === 'DryRun' || type === 'Suspended';
}
