import { expect } from 'chai';
import { explain } from '../../src/decide/explain.ts';
import type { PodFacts } from '../../src/decide/snapshot.ts';
import * as given from '../decide/builders.ts';
import { Autoscaler } from './tick.ts';

/** kubernetes#78988, #41159, website#12657: the CPU of a JVM's start overshoots, and the periods are the cluster's alone. */
describe('thread 14: the CPU of a start', () => {
  /** Two pods are at their target; the third was ready for a moment and warms up since. */
  const seen = (warming: Partial<PodFacts>) =>
    given.snapshot(3, [given.usages(500, 500, 2000)], {
      pods: [...given.pods(2), given.pod('web-2', warming)],
    });
  const started = (agoMs: number, readyAfterMs: number): Partial<PodFacts> => ({
    startedAtMs: given.now - agoMs,
    ready: { status: 'False', sinceMs: given.now - agoMs + readyAfterMs },
  });

  it('is left out for as long as the object says', () => {
    const slow = seen(started(8 * given.minutes, 2 * given.minutes));
    expect(new Autoscaler({}).tick(slow).desiredReplicas).to.equal(6);
    const decision = new Autoscaler({ initializationPeriodSeconds: 600 }).tick(slow);
    expect(decision.desiredReplicas).to.equal(3);
    expect(explain(decision)).to.include('initialization period 10 m, readiness delay 30 s');
  });

  it('counts sooner where the object says so', () => {
    const warm = seen(started(2 * given.minutes, given.minutes));
    expect(new Autoscaler({}).tick(warm).desiredReplicas).to.equal(3);
    expect(new Autoscaler({ initializationPeriodSeconds: 60 }).tick(warm).desiredReplicas).to.equal(6);
  });

  it('is that of a pod that never was ready for as long as the object says', () => {
    const late = seen(started(6 * given.minutes, 45 * given.seconds));
    expect(new Autoscaler({}).tick(late).desiredReplicas).to.equal(6);
    const decision = new Autoscaler({ readinessDelaySeconds: 60 }).tick(late);
    expect(decision.desiredReplicas).to.equal(3);
    expect(explain(decision)).to.include('initialization period 5 m, readiness delay 1 m');
  });
});
