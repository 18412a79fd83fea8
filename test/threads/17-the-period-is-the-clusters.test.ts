import { expect } from 'chai';
import type { Policy } from '../../src/decide/policy.ts';
import type { MetricReading, Snapshot } from '../../src/decide/snapshot.ts';
import { heartbeatSlackMs, nextTickMs, periodMsOf } from '../../src/operator/wake.ts';
import * as given from '../decide/builders.ts';
import { Autoscaler } from './tick.ts';

/** kubernetes#110317, metrics-server#763: 15 s for all; and a shorter period acts on the same sample again and again. */
describe('thread 17: the sync period is the cluster’s', () => {
  it('is an object’s own where it has one', () => {
    const ticks = (policy: Partial<Policy>): number => {
      let count = 0;
      const endMs = given.now + given.minutes;
      const periodMs = periodMsOf(policy, 15 * given.seconds);
      for (let ms = given.now; ms <= endMs; ms = nextTickMs('shop', ms + heartbeatSlackMs, periodMs)) count++;
      return count;
    };
    expect(ticks({ syncPeriodSeconds: 1 })).to.be.at.least(59);
    expect(ticks({})).to.be.within(4, 5);
    expect(ticks({ syncPeriodSeconds: 300 })).to.be.at.most(2);
  });

  /** A source that measures every 15 s: so many times its target whatever the replicas are, until the next measurement. */
  const rate = (ratio: number, atMs: number): MetricReading => ({
    type: 'External',
    milli: { ok: true, value: [BigInt(ratio * 1000)] },
    timestampMs: atMs,
  });
  const metrics = [
    { type: 'External', metric: { name: 'rate' }, target: { type: 'Value', valueMilli: 1000n } },
  ] as const;

  /** Replicas after each second, from 2, decided each second on a sample that is new every 15 s. */
  function run(policy: Partial<Policy>, seconds: number, ratio: number): number[] {
    const behavior = given.behavior({}, { stabilizationWindowSeconds: 0 });
    const autoscaler = new Autoscaler({
      metrics,
      maxReplicas: 1000,
      behavior,
      syncPeriodSeconds: 1,
      ...policy,
    });
    let replicas = 16;
    return Array.from({ length: seconds }, (_, second) => {
      const sampleMs = given.now + Math.floor(second / 15) * 15 * given.seconds;
      const seen: Snapshot = given.snapshot(replicas, [rate(ratio, sampleMs)]);
      replicas = autoscaler.tick(seen, given.now + second * given.seconds).desiredReplicas;
      return replicas;
    });
  }

  it('acts on one sample again and again without requireFreshSamples', () => {
    expect(run({}, 5, 0.5).at(-1)).to.be.below(8);
  });

  it('acts on each sample once with it', () => {
    const replicas = run({ requireFreshSamples: true }, 32, 0.5);
    expect(new Set(replicas.slice(0, 15))).to.deep.equal(new Set([8]));
    expect(new Set(replicas.slice(15, 30))).to.deep.equal(new Set([4]));
    expect(replicas[30]).to.equal(2);
  });

  it('acts at once on the next sample, not a sync period later', () => {
    expect(run({ requireFreshSamples: true }, 16, 1.5).slice(14)).to.deep.equal([24, 36]);
  });
});
