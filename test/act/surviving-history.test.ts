import { expect } from 'chai';
import fc from 'fast-check';
import { historyLagMs, planStatus } from '../../src/act/status-plan.ts';
import { readHistory, wireHistory } from '../../src/api/history.ts';
import { wireStatus } from '../../src/api/status.ts';
import type { WireStatus } from '../../src/api/status.ts';
import { historyToKeep, historyWindows } from '../../src/decide/compact-history.ts';
import type { Decision } from '../../src/decide/decision.ts';
import type { History } from '../../src/decide/history.ts';
import type { Policy } from '../../src/decide/policy.ts';
import { restoreHistory } from '../../src/decide/restore-history.ts';
import { rememberRescale } from '../../src/decide/scale-events.ts';
import * as given from '../decide/builders.ts';
import { decideAt, policy, proposals, run, tickMs } from '../decide/histories.ts';
import type { State } from '../decide/histories.ts';

const { now, seconds } = given;
const spec = { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, maxReplicas: 40 };

/** An operator that writes its status only for the sake of the history, which is the least that it may be. */
interface Operator {
  readonly state: State;
  readonly status: WireStatus;
  readonly writes: number;
}

function operate(
  on: Policy,
  from: State,
  asked: readonly number[],
  statusMetricsIntervalMs: number,
): Operator {
  const windows = historyWindows(on, given.options);
  let [state, writes] = [from, 0];
  let status: WireStatus = wireStatus({ ...given.noStatus, desiredReplicas: 0 }, { spec });
  let writtenMs: number | undefined;
  for (const proposal of asked) {
    const { nowMs, replicas: before } = state;
    state = run(on, state, [proposal]);
    const { replicas } = state;
    const kept = historyToKeep(state.history, windows, { replicas, nowMs });
    const after = { ...status, history: wireHistory(kept, nowMs) };
    const plan = planStatus({
      before: status,
      after: after as WireStatus,
      statusChanged: replicas !== before,
      rescaled: replicas !== before,
      sinceLastWriteMs: writtenMs === undefined ? undefined : nowMs - writtenMs,
      statusMetricsIntervalMs,
    });
    if (plan === undefined) continue;
    [status, writtenMs, writes] = [JSON.parse(JSON.stringify(after)) as WireStatus, nowMs, writes + 1];
  }
  return { state, status, writes };
}

/** The state of the next operator, `afterMs` after the last tick of the one before. */
function restart(on: Policy, { state, status }: Operator, afterMs: number, lagMs: number): State {
  const nowMs = state.nowMs - tickMs + afterMs;
  const { replicas } = state;
  const stored = readHistory(status.history);
  if (stored === undefined) return { nowMs, replicas, history: undefined };
  const windows = historyWindows(on, given.options);
  return {
    nowMs,
    replicas,
    history: restoreHistory(stored, {
      windows,
      currentReplicas: replicas,
      expectedReplicas: replicas,
      nowMs,
      lagMs,
    }),
  };
}

/** What a decision's history becomes when another decision is written. */
function written(on: Policy, decision: Decision, made: Decision): History {
  const { currentReplicas: from, desiredReplicas: to, atMs } = made;
  const history = decision.history ?? given.noHistory;
  return from === to ? history : rememberRescale(history, on.behavior, { from, to }, atMs);
}

const start: State = { nowMs: now, replicas: 5, history: undefined };

describe('an operator that is killed', () => {
  it('never scales down earlier, nor further, than if it had gone on', () => {
    const interval = fc.constantFrom(0, 20 * seconds, 60 * seconds, 600 * seconds);
    fc.assert(
      fc.property(
        policy,
        proposals,
        proposals,
        fc.nat(14_999),
        interval,
        (on, before, after, restartMs, intervalMs) => {
          const lagMs = historyLagMs({ statusMetricsIntervalMs: intervalMs, syncPeriodMs: tickMs });
          const killed = operate(on, start, before, intervalMs);
          let { nowMs, replicas, history } = restart(on, killed, restartMs, lagMs);
          let whole: History | undefined = killed.state.history;
          for (const proposal of after) {
            const moment = { nowMs, replicas, proposal };
            const decision = decideAt(on, history, moment);
            const uninterrupted = decideAt(on, whole, moment);
            const desired = decision.desiredReplicas;
            expect(desired).to.be.at.least(Math.min(replicas, uninterrupted.desiredReplicas));
            history = written(on, decision, decision);
            whole = written(on, uninterrupted, decision);
            replicas = desired;
            nowMs += tickMs;
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('scales down no later than the lag after it would have, wherever in the window it was killed', () => {
    const lagMs = historyLagMs({ statusMetricsIntervalMs: 60 * seconds, syncPeriodMs: tickMs });
    const on = given.policy({ metrics: [given.queueOf10] });
    const asked = [10, 10, ...Array.from({ length: 40 }, () => 2)];
    const { counts } = run(on, start, asked);
    expect(counts.slice(0, 2)).to.deep.equal([10, 10]);
    const downAtTick = counts.indexOf(2);
    expect(downAtTick).to.equal(22);
    for (let ticks = 3; ticks < downAtTick; ticks++) {
      const killed = operate(on, start, asked.slice(0, ticks), 60 * seconds);
      const from = restart(on, killed, tickMs, lagMs);
      const rest = run(on, from, asked.slice(ticks));
      const restartedAtTick = ticks + rest.counts.indexOf(2);
      expect(restartedAtTick - downAtTick, `killed after ${ticks} ticks`).to.be.within(0, lagMs / tickMs);
    }
  });

  it('has written a quiet autoscaler no history, and a noisy one little', () => {
    const on = given.policy({ metrics: [given.queueOf10] });
    const hour = 240;
    expect(
      operate(
        on,
        { ...start, replicas: 7 },
        Array.from({ length: hour }, () => 7),
        60 * seconds,
      ).writes,
    ).to.equal(0);
    const noisy = Array.from({ length: hour }, (_, tick) => [7, 5, 6, 5, 7, 6, 6][tick % 7]!);
    expect(operate(on, { ...start, replicas: 7 }, noisy, 60 * seconds).writes).to.be.below(hour / 2);
  });
});
