import { expect } from 'chai';
import { explain } from '../../src/decide/explain.ts';
import type { Policy } from '../../src/decide/policy.ts';
import type { Snapshot } from '../../src/decide/snapshot.ts';
import * as given from '../decide/builders.ts';
import { Autoscaler } from './tick.ts';

/** kubernetes#69687, #110278, knative#2103, #9104, #8498: who scaled to zero, and how long the way back takes. */
describe('thread 23: zero and back', () => {
  const policy: Partial<Policy> = { minReplicas: 0, metrics: [given.queueOf10] };
  const at = (second: number): number => given.now + second * given.seconds;
  const seen = (replicas: number, queue: number, changes: Partial<Snapshot> = {}): Snapshot =>
    given.snapshot(replicas, [given.queue(queue)], changes);

  /** An autoscaler that has just brought its target to zero. */
  function asleep(changes: Partial<Policy> = {}): Autoscaler {
    const autoscaler = new Autoscaler({ ...policy, ...changes }, given.scaleToZero);
    autoscaler.tick(seen(1, 0), at(-400));
    autoscaler.tick(seen(1, 0), at(-10));
    return autoscaler;
  }

  it('tells that a user switched it off, and leaves it so', () => {
    const autoscaler = new Autoscaler(policy, given.scaleToZero);
    const decision = autoscaler.tick(seen(0, 100));
    expect(decision).to.include({ verdict: 'Disabled', rescale: false });
    expect(explain(decision)).to.include('at 0 replicas, which this autoscaler did not set');
  });

  it('wakes what it brought to zero itself', () => {
    const autoscaler = asleep();
    expect(autoscaler.condition('ScaledToZero')?.status).to.equal('True');
    expect(autoscaler.tick(seen(0, 30), at(0)).desiredReplicas).to.equal(3);
  });

  it('is not woken by what is not worth a pod, and then by one more', () => {
    const autoscaler = asleep({ metrics: [{ ...given.queueOf10, activationMilli: 5000n }] });
    const still = autoscaler.tick(seen(0, 5), at(0));
    expect(still.desiredReplicas).to.equal(0);
    expect(explain(still)).to.include('only more than 5 wakes it from zero');
    expect(autoscaler.tick(seen(0, 6), at(15)).desiredReplicas).to.equal(1);
  });

  it('does not go up and down again and again around one: the dead zone', () => {
    const autoscaler = asleep({ metrics: [{ ...given.queueOf10, activationMilli: 5000n }] });
    let replicas = 0;
    const counts = [6, 4, 6, 4, 6, 4].map((queue, tick) => {
      replicas = autoscaler.tick(seen(replicas, queue), at(15 * tick)).desiredReplicas;
      return replicas;
    });
    expect(counts).to.deep.equal([1, 1, 1, 1, 1, 1]);
  });

  it('measures the time from zero to the first ready pod, and shows it', () => {
    const autoscaler = asleep();
    autoscaler.tick(seen(0, 30), at(0));
    const starting = given.pods(3, { phase: 'Pending', startedAtMs: at(1) });
    expect(autoscaler.tick(seen(3, 30, { pods: starting }), at(15))).not.to.have.property('coldStart');
    const pods = [
      given.pod('web-0', { startedAtMs: at(1), ready: { status: 'True', sinceMs: at(18) } }),
      given.pod('web-1', { startedAtMs: at(1), ready: { status: 'True', sinceMs: at(12) } }),
    ];
    const decision = autoscaler.tick(seen(3, 30, { pods }), at(30));
    expect(decision.coldStart).to.deep.equal({ atMs: at(12), seconds: 12 });
    expect(explain(decision)).to.include('a pod was ready 12 s after zero');
    expect(autoscaler.status.coldStart).to.deep.equal({ atMs: at(12), seconds: 12 });
    autoscaler.tick(seen(3, 30, { pods }), at(45));
    expect(autoscaler.history).not.to.have.property('wokeAtMs');
    expect(autoscaler.status.coldStart).to.deep.equal({ atMs: at(12), seconds: 12 });
  });

  it('comes up to a minimum that was raised while it was at zero', () => {
    const autoscaler = asleep();
    const raised = new Autoscaler({ ...policy, minReplicas: 2 }, given.scaleToZero);
    raised.status = autoscaler.status;
    expect(raised.tick(seen(0, 0), at(0)).desiredReplicas).to.equal(2);
  });
});
