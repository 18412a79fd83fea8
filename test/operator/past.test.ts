import { expect } from 'chai';
import { wireHistory } from '../../src/api/history.ts';
import type { WireStatus } from '../../src/api/status.ts';
import { decide } from '../../src/decide/decide.ts';
import type { History } from '../../src/decide/history.ts';
import type { Snapshot } from '../../src/decide/snapshot.ts';
import type { Autoscaler } from '../../src/operator/autoscaler-table.ts';
import { historyForStatus, historyOf } from '../../src/operator/past.ts';
import type { Tools } from '../../src/operator/tools.ts';
import * as given from '../decide/builders.ts';
import { FakeClock } from '../support/fake-clock.ts';

const { now, seconds } = given;
const tools = {
  options: { controller: given.options, statusMetricsIntervalMs: 60 * seconds, syncPeriodMs: 15 * seconds },
  clock: new FakeClock(now),
} as unknown as Tools;

const falling: History = given.history({
  recommendations: [
    { atMs: now - 200 * seconds, replicas: 9 },
    { atMs: now - 20 * seconds, replicas: 3 },
  ],
});
const stored = wireHistory(falling, now - 20 * seconds);

function autoscaler(history: History | undefined, status: WireStatus): Autoscaler {
  return {
    history,
    object: { metadata: { name: 'web', namespace: 'default' }, status },
  } as unknown as Autoscaler;
}

const policy = given.policy({ metrics: [given.queueOf10] });
const unreadable: Partial<Snapshot> = { target: { ok: false, message: 'away' } };

describe('what an autoscaler remembers', () => {
  const snapshot = given.snapshot(9, [given.queue(30)]);

  it('is what it remembers in memory', () => {
    expect(historyOf(autoscaler(falling, {}), policy, snapshot, tools)).to.equal(falling);
  });

  it('is taken from its status after a restart', () => {
    const restored = historyOf(autoscaler(undefined, { history: stored! }), policy, snapshot, tools);
    expect(restored?.recommendations).to.deep.equal([...falling.recommendations, { atMs: now, replicas: 3 }]);
    const at = { policy, snapshot, options: given.options, nowMs: now };
    expect(decide({ ...at, history: restored }).desiredReplicas).to.equal(9);
  });

  it('counts a scale-down of which the status says nothing, but not in a dry run', () => {
    const behaved = { ...policy, behavior: given.behavior() };
    const changes = (mode: string) =>
      historyOf(
        autoscaler(undefined, { mode, desiredReplicas: 12, history: stored! }),
        behaved,
        snapshot,
        tools,
      )?.scaleDowns.map(({ change }) => change);
    expect(changes('Active')).to.deep.equal([3]);
    expect(changes('DryRun')).to.deep.equal([]);
  });

  it('is nothing where nothing is stored', () => {
    expect(historyOf(autoscaler(undefined, {}), policy, snapshot, tools)).to.equal(undefined);
  });
});

describe('the history for the status', () => {
  const forStatus = (history: History | undefined, changes: Partial<Snapshot> = {}) => {
    const snapshot = given.snapshot(9, [given.queue(30)], changes);
    const decision = decide({ policy, snapshot, history, options: given.options, nowMs: now });
    const one = autoscaler(history, { history: stored! });
    return historyForStatus(one, policy, { decision, outcome: { type: 'NotNeeded' } }, tools);
  };

  it('is as of the decision', () => {
    expect(forStatus(falling)).to.deep.equal(wireHistory(falling, now));
  });

  it('is absent when nothing is worth it', () => {
    expect(forStatus(given.noHistory)).to.equal(undefined);
  });

  it('stays what it was while the target was never read, for whoever reads it', () => {
    expect(forStatus(undefined, unreadable)).to.equal(stored);
  });
});
