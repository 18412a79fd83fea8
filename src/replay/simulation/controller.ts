import { readStatus } from '../../api/status.ts';
import { decide } from '../../decide/decide.ts';
import type { Decision, EventRecord } from '../../decide/decision.ts';
import type { History } from '../../decide/history.ts';
import { plan, withoutWrite } from '../../decide/plan.ts';
import type { ControllerOptions, Policy } from '../../decide/policy.ts';
import { settle } from '../../decide/settle.ts';
import type { Snapshot } from '../../decide/snapshot.ts';
import type { AutoscalerStatus } from '../../decide/status.ts';

export interface Ticked {
  readonly decision: Decision;
  readonly events: readonly EventRecord[];
  /** What the scale is to be written to; absent for no write. */
  readonly scaledTo?: number;
}

/** One autoscaler from tick to tick: decide, plan and settle as the operator runs them; every write succeeds. */
export class SimulatedController {
  readonly policy: Policy;
  readonly #options: ControllerOptions;
  readonly #periodMs: number;
  #status: AutoscalerStatus = readStatus(undefined);
  #history: History | undefined;
  #periodicMs: number;
  #transitionMs = Infinity;

  constructor(policy: Policy, options: ControllerOptions, periodMs: number, startMs: number) {
    this.policy = policy;
    this.#options = options;
    this.#periodMs = periodMs;
    this.#periodicMs = startMs;
  }

  /** At its period, and as a schedule opens or closes. */
  isDue(nowMs: number): boolean {
    return nowMs >= Math.min(this.#periodicMs, this.#transitionMs);
  }

  tick(seen: Omit<Snapshot, 'status'>, nowMs: number): Ticked {
    const { policy } = this;
    const snapshot = { ...seen, status: this.#status };
    const input = { policy, snapshot, history: this.#history, options: this.#options, nowMs };
    const decision = decide(input);
    const [write] = plan(decision, snapshot);
    const outcome = write === undefined ? withoutWrite(decision) : ({ type: 'Scaled' } as const);
    const settled = settle(decision, snapshot, outcome);
    this.#status = settled.status;
    this.#history = settled.history;
    if (nowMs >= this.#periodicMs) this.#periodicMs += this.#periodMs;
    this.#transitionMs = decision.nextTransition?.atMs ?? Infinity;
    return { decision, events: settled.events, ...(write && { scaledTo: write.replicas }) };
  }
}
