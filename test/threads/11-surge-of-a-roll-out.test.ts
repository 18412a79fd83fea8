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

  /** Replicas after each of four ticks from 383, while each pod is at 57 % against 50 % and a part of new pods runs besides. */
  function rollOut(policy: Partial<Policy>, surgeRatio: number): number[] {
    const autoscaler = new Autoscaler({ maxReplicas: 10_000, ...policy });
    let replicas = 383;
    return Array.from({ length: 4 }, (_, tick) => {
      const pods = [...podsOf('new', Math.ceil(replicas * surgeRatio)), ...podsOf('old', replicas)];
      const usage = pods.map(({ name }) => given.usage(name, 570));
      const target = { ok: true, value: given.scale(replicas, { statusReplicas: pods.length }) } as const;
      const metrics = [{ type: 'Resource', usage: { ok: true, value: usage } }] as const;
      const seen = given.snapshot(0, metrics, { target, pods, owners: ['new', 'old', 'deployment'] });
      replicas = autoscaler.tick(seen, given.now + tick * 15 * given.seconds).desiredReplicas;
      return replicas;
    });
  }

  it('runs away from tick to tick with the HPA: the complaint', () => {
    const [first = 0, ...later] = rollOut({}, 0.25);
    expect(first).to.equal(547); // 1.14 * 479
    expect(later.at(-1)).to.be.greaterThan(2 * (rollOut({}, 0).at(-1) ?? 0));
  });

  it('changes no step of any tick with podSelection: Owned', () => {
    const calm = rollOut({}, 0);
    expect(calm).to.deep.equal([437, 499, 569, 649]);
    for (const surge of [0.01, 0.25, 1])
      expect(rollOut({ podSelection: 'Owned' }, surge), String(surge)).to.deep.equal(calm);
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
