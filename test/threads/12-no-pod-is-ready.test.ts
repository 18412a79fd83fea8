import { expect } from 'chai';
import { readHistory, wireHistory } from '../../src/api/history.ts';
import { historyToKeep, historyWindows } from '../../src/decide/compact-history.ts';
import { explain } from '../../src/decide/explain.ts';
import { restoreHistory } from '../../src/decide/restore-history.ts';
import type { PodFacts, Snapshot } from '../../src/decide/snapshot.ts';
import * as given from '../decide/builders.ts';
import { Autoscaler } from './tick.ts';

/** kubernetes#130130, #51650, #64088, #30471: overload leaves no pod ready, so there are no metrics, so nothing scales out. */
describe('thread 12: no pod is ready', () => {
  const unready: Partial<PodFacts> = {
    startedAtMs: given.now - given.minutes,
    ready: { status: 'False', sinceMs: given.now - 10 * given.seconds },
  };
  const busy = given.snapshot(4, [given.usages(900, 900, 900, 900)]);
  const overloaded = (replicas: number): Snapshot =>
    given.snapshot(replicas, [given.usages(1000, 1000, 1000, 1000)], { pods: given.pods(replicas, unready) });
  const at = (tick: number): number => given.now + tick * 15 * given.seconds;

  it('stays as it is by default, as the HPA does', () => {
    const autoscaler = new Autoscaler({});
    autoscaler.tick(busy, at(0));
    expect(autoscaler.tick(overloaded(8), at(1))).to.include({ verdict: 'MetricsFailed', rescale: false });
  });

  it('steps up once with onAllPodsUnready: StepUp, and again only after a pod was ready', () => {
    const autoscaler = new Autoscaler({ onAllPodsUnready: 'StepUp', maxReplicas: 50 });
    expect(autoscaler.tick(busy, at(0)).desiredReplicas).to.equal(8);
    const step = autoscaler.tick(overloaded(8), at(1));
    expect(step.desiredReplicas).to.equal(12);
    expect(explain(step)).to.include('12 instead of 8: no pod is ready and a metric was above its target');
    expect(autoscaler.tick(overloaded(12), at(2)).desiredReplicas).to.equal(12);
    expect(autoscaler.tick(overloaded(12), at(3)).desiredReplicas).to.equal(12);
    const awake = given.snapshot(12, [given.usages(...Array<number>(12).fill(900))]);
    autoscaler.tick(awake, at(4));
    expect(autoscaler.tick(overloaded(22), at(5)).desiredReplicas).to.equal(33);
  });

  it('is not made while the old pods of a roll-out serve, though with podSelection: Owned the new ones count', () => {
    const policy = { onAllPodsUnready: 'StepUp', podSelection: 'Owned', maxReplicas: 50 } as const;
    const autoscaler = new Autoscaler(policy);
    const old = given.pods(4, { ownerUid: 'old' });
    const owners = ['new', 'old'];
    autoscaler.tick({ ...busy, pods: old, owners }, at(0));
    const fresh = given
      .pods(8, { ...unready, ownerUid: 'new' })
      .map((pod, index) => ({ ...pod, name: `next-${index}` }));
    const surge = given.snapshot(8, [given.usages(900, 900, 900, 900)], { pods: [...fresh, ...old], owners });
    expect(autoscaler.tick(surge, at(1))).to.include({ verdict: 'MetricsFailed', rescale: false });
    expect(autoscaler.tick({ ...surge, pods: fresh }, at(2)).desiredReplicas).to.equal(12);
  });

  it('is not done again by an operator that is restarted meanwhile', () => {
    const autoscaler = new Autoscaler({ onAllPodsUnready: 'StepUp', maxReplicas: 50 });
    autoscaler.tick(busy, at(0));
    autoscaler.tick(overloaded(8), at(1));
    const windows = historyWindows({}, given.options);
    const kept = historyToKeep(autoscaler.history, windows, { replicas: 12, nowMs: at(1) });
    const stored = readHistory(wireHistory(kept, at(1)));
    if (stored === undefined) throw new Error('nothing was stored');
    autoscaler.history = restoreHistory(stored, { windows, currentReplicas: 12, nowMs: at(3), lagMs: 0 });
    expect(autoscaler.tick(overloaded(12), at(3)).rescale).to.equal(false);
  });

  it('holds to the scale-up rules and the maximum', () => {
    const slow = given.behavior({ policies: [{ type: 'Pods', value: 1, periodSeconds: 15 }] });
    const rated = new Autoscaler({ onAllPodsUnready: 'StepUp', maxReplicas: 50, behavior: slow });
    rated.tick(busy, at(0));
    expect(rated.tick(overloaded(5), at(2)).desiredReplicas).to.equal(6);
    const bounded = new Autoscaler({ onAllPodsUnready: 'StepUp', maxReplicas: 9 });
    bounded.tick(busy, at(0));
    expect(bounded.tick(overloaded(8), at(1)).desiredReplicas).to.equal(9);
  });

  it('does nothing where the selector is what is wrong', () => {
    const autoscaler = new Autoscaler({ onAllPodsUnready: 'StepUp', maxReplicas: 50 });
    autoscaler.tick(busy, at(0));
    const otherAutoscalers = [{ namespace: 'default', name: 'other', selector: 'app=web' }];
    expect(autoscaler.tick({ ...overloaded(8), otherAutoscalers }, at(1)).rescale).to.equal(false);
  });

  it('does nothing where the last good sample was not above its target: a crash is no overload', () => {
    const autoscaler = new Autoscaler({ onAllPodsUnready: 'StepUp', maxReplicas: 50 });
    autoscaler.tick(given.snapshot(4, [given.usages(500, 500, 500, 500)]), at(0));
    expect(autoscaler.tick(overloaded(4), at(1)).rescale).to.equal(false);
  });
});
