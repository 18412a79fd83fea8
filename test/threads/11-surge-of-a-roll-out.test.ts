import { expect } from 'chai';
import type { Policy } from '../../src/decide/policy.ts';
import type { PodFacts } from '../../src/decide/snapshot.ts';
import * as given from '../decide/builders.ts';
import { Autoscaler } from './tick.ts';

/** kubernetes#72775, #84142, #90461, #98914, #87199: 383 -> 479 -> 589 -> 664 during a roll-out, as surge pods count. */
describe('thread 11: the surge of a roll-out', () => {
  const podsOf = (owner: string, count: number): PodFacts[] =>
    Array.from({ length: count }, (_, index) => given.pod(`${owner}-${index}`, { ownerUid: owner }));

  /** Every pod is at 60 % against 50 %. */
  function desired(policy: Partial<Policy>, pods: readonly PodFacts[], replicas: number): number {
    const usage = pods.map(({ name }) => given.usage(name, 600));
    const target = { ok: true, value: given.scale(replicas, { statusReplicas: pods.length }) } as const;
    const metrics = [{ type: 'Resource', usage: { ok: true, value: usage } }] as const;
    const seen = given.snapshot(0, metrics, { target, pods, owners: ['new', 'old', 'deployment'] });
    return new Autoscaler({ maxReplicas: 1000, ...policy }).tick(seen).desiredReplicas;
  }

  const settled = podsOf('old', 20);
  const surging = [...podsOf('new', 10), ...podsOf('old', 15)];

  it('asks for more the more pods there are, as the HPA does', () => {
    expect(desired({}, settled, 20)).to.equal(24);
    expect(desired({}, surging, 20)).to.equal(30);
  });

  it('asks for as many as without the roll-out with podSelection: Owned', () => {
    expect(desired({ podSelection: 'Owned' }, settled, 20)).to.equal(24);
    expect(desired({ podSelection: 'Owned' }, surging, 20)).to.equal(24);
  });

  it('does not run away from tick to tick', () => {
    let replicas = 383;
    for (let tick = 0; tick < 4; tick++) {
      const surge = [...podsOf('new', Math.ceil(replicas / 4)), ...podsOf('old', replicas)];
      const idle = surge.map(({ name }) => given.usage(name, 500));
      const metrics = [{ type: 'Resource', usage: { ok: true, value: idle } }] as const;
      const target = { ok: true, value: given.scale(replicas) } as const;
      const seen = given.snapshot(0, metrics, { target, pods: surge, owners: ['new', 'old'] });
      replicas = new Autoscaler({ maxReplicas: 1000, podSelection: 'Owned' }).tick(seen).desiredReplicas;
    }
    expect(replicas).to.equal(383);
  });

  it('shares a total by the replicas that are wanted, not by those of the surge', () => {
    const target = { ok: true, value: given.scale(10, { statusReplicas: 13 }) } as const;
    const queue = given.snapshot(0, [given.queue(120)], { target, pods: surging, owners: ['new', 'old'] });
    const metrics = [given.queueOf10];
    const ask = (policy: Partial<Policy>): number =>
      new Autoscaler({ metrics, maxReplicas: 100, ...policy }).tick(queue).desiredReplicas;
    // 120 for the 13 replicas that are there is within the tolerance of 10 for each, so 13 are right.
    expect(ask({})).to.equal(13);
    expect(ask({ podSelection: 'Owned' })).to.equal(12);
  });
});
