import { advise } from '../../src/decide/advice.ts';
import { decide } from '../../src/decide/decide.ts';
import type { Decision, Outcome } from '../../src/decide/decision.ts';
import type { History } from '../../src/decide/history.ts';
import { plan, withoutWrite } from '../../src/decide/plan.ts';
import type { ControllerOptions, Policy } from '../../src/decide/policy.ts';
import { settle } from '../../src/decide/settle.ts';
import type { Snapshot } from '../../src/decide/snapshot.ts';
import type { AutoscalerStatus, Condition } from '../../src/decide/status.ts';
import * as given from '../decide/builders.ts';

/** One autoscaler from tick to tick, as the operator runs it: what one leaves is what the next begins with. */
export class Autoscaler {
  status: AutoscalerStatus = given.noStatus;
  history: History | undefined;
  /** What became of the last tick. */
  outcome: Outcome = { type: 'NotNeeded' };
  #policy: Policy;
  readonly #options: ControllerOptions;

  constructor(policy: Partial<Policy>, options: ControllerOptions = given.options) {
    this.#policy = given.policy(policy);
    this.#options = options;
  }

  /** @returns the decision, carried out */
  tick(seen: Omit<Snapshot, 'status'>, nowMs = given.now): Decision {
    const snapshot = { ...seen, status: this.status };
    const input = { policy: this.#policy, snapshot, history: this.history, options: this.#options, nowMs };
    const decision = decide(input);
    const [write] = plan(decision, snapshot);
    this.outcome = write === undefined ? withoutWrite(decision) : { type: 'Scaled' };
    const settled = settle(decision, snapshot, this.outcome);
    this.status = advise(settled.status, { ...input, decision });
    this.history = settled.history;
    return decision;
  }

  /** Somebody edits the spec. */
  edit(policy: Partial<Policy>): void {
    this.#policy = given.policy(policy);
  }

  condition(type: string): Condition | undefined {
    return this.status.conditions.find((condition) => condition.type === type);
  }
}
