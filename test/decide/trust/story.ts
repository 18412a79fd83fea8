import { advise } from '../../../src/decide/advice.ts';
import { historyToKeep, historyWindows } from '../../../src/decide/compact-history.ts';
import { decide } from '../../../src/decide/decide.ts';
import type { Decision, EventRecord } from '../../../src/decide/decision.ts';
import { explain } from '../../../src/decide/explain.ts';
import type { History } from '../../../src/decide/history.ts';
import { plan, withoutWrite } from '../../../src/decide/plan.ts';
import type { ControllerOptions, Policy } from '../../../src/decide/policy.ts';
import { restoreHistory } from '../../../src/decide/restore-history.ts';
import type { StoredHistory } from '../../../src/decide/restore-history.ts';
import { settle } from '../../../src/decide/settle.ts';
import type { MetricReading } from '../../../src/decide/snapshot.ts';
import type { AutoscalerStatus } from '../../../src/decide/status.ts';
import * as given from '../builders.ts';

/** What one tick came to. */
export interface Told {
  readonly replicas: number;
  readonly words: string;
  readonly decision: Decision;
  readonly status: AutoscalerStatus;
  readonly events: readonly EventRecord[];
}

/** One autoscaler and its target over time: each tick is decided, written and settled as the operator does it. */
export class Story {
  nowMs = given.now;
  replicas: number;
  history: History | undefined;
  status: AutoscalerStatus = given.noStatus;
  readonly policy: Policy;
  readonly options: ControllerOptions;

  constructor(policy: Policy, replicas: number, options = given.options) {
    this.policy = policy;
    this.replicas = replicas;
    this.options = options;
  }

  /** A tick, `afterSeconds` later than the last one. */
  tick(metrics: readonly MetricReading[], afterSeconds = 15): Told {
    this.nowMs += afterSeconds * given.seconds;
    const { policy, options, history, nowMs } = this;
    const snapshot = { ...given.snapshot(this.replicas, metrics), status: this.status };
    const decision = decide({ policy, snapshot, history, options, nowMs });
    const [action] = plan(decision, snapshot);
    const settled = settle(decision, snapshot, action ? { type: 'Scaled' } : withoutWrite(decision));
    this.status = advise(settled.status, { policy, snapshot, decision, options });
    this.history = settled.history;
    if (action !== undefined) this.replicas = action.replicas;
    const { replicas, status } = this;
    return { replicas, words: explain(decision), decision, status, events: settled.events };
  }

  /** Ticks for so long, all with the same metrics. @returns the last one */
  ticks(metrics: (nowMs: number) => readonly MetricReading[], forSeconds: number): Told {
    let told = this.tick(metrics(this.nowMs + 15_000));
    for (let passed = 15; passed < forSeconds; passed += 15) told = this.tick(metrics(this.nowMs + 15_000));
    return told;
  }

  /**
   * The operator stops and another begins: what is known is what the status holds.
   * @param store how a history is written and read again; by default, nothing of it is lost
   */
  restart(store: (stored: StoredHistory) => StoredHistory | undefined = structuredClone): void {
    const windows = historyWindows(this.policy, this.options);
    const kept = historyToKeep(this.history, windows, { replicas: this.replicas, nowMs: this.nowMs });
    const stored = kept && store({ asOfMs: this.nowMs, history: kept });
    const known = { windows, currentReplicas: this.replicas, nowMs: this.nowMs, lagMs: 60_000 };
    this.history = stored && restoreHistory(stored, known);
  }

  condition(type: string) {
    return this.status.conditions.find((condition) => condition.type === type);
  }
}

/** The same reading of CPU for each of so many pods, measured at `atMs`. */
export function cpuAt(millicores: number, count: number, atMs: number): MetricReading {
  const value = Array.from({ length: count }, (_, index) =>
    given.usage(`web-${index}`, millicores, { timestampMs: atMs }),
  );
  return { type: 'Resource', usage: { ok: true, value } };
}

export const lostCpu: MetricReading = {
  type: 'Resource',
  usage: { ok: false, message: 'connection refused' },
};

export const lostQueue: MetricReading = {
  type: 'External',
  milli: { ok: false, message: 'connection refused' },
};
