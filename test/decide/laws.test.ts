import { expect } from 'chai';
import fc from 'fast-check';
import { decide } from '../../src/decide/decide.ts';
import type { History } from '../../src/decide/history.ts';
import { plan } from '../../src/decide/plan.ts';
import type { Policy } from '../../src/decide/policy.ts';
import { settle } from '../../src/decide/settle.ts';
import type { MetricReading, PodFacts, Snapshot } from '../../src/decide/snapshot.ts';
import { cpuWorld, frozen, history, holds, podChange, policy, usageIn, world } from './arbitraries.ts';
import * as given from './builders.ts';

const decideOn = (on: Policy, snapshot: Snapshot, past: History | undefined, nowMs = given.now) =>
  decide({ policy: on, snapshot, history: past, options: given.options, nowMs });
const desired = (on: Policy, snapshot: Snapshot, past: History | undefined) =>
  decideOn(on, snapshot, past).desiredReplicas;

/** One order of a list for each number. */
const shuffled = <T>(list: readonly T[], seed: number): T[] =>
  list
    .map((value, index) => ({ value, rank: ((index + 1) * (seed * 2 + 1) * 7919) % 104_729 }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ value }) => value);

describe('laws of decisions', () => {
  it('a written count always lies within the bounds', () => {
    holds(
      fc.property(policy, world, fc.option(history, { nil: undefined }), (on, snapshot, past) => {
        const decision = decideOn(on, snapshot, past);
        if (!decision.rescale) return;
        expect(decision.desiredReplicas).to.be.within(on.minReplicas, on.maxReplicas);
      }),
      500,
    );
  });

  it('more load never means fewer replicas while nothing is remembered', () => {
    const loads = fc.array(fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 3000 })), {
      minLength: 1,
      maxLength: 20,
    });
    holds(
      fc.property(policy, loads, fc.array(podChange, { maxLength: 5 }), (on, cpu, strangers) => {
        const pods = [
          ...given.pods(cpu.length),
          ...strangers.map((change, index) => given.pod(`x-${index}`, change)),
        ];
        const replicasFor = (usages: readonly number[]) => {
          const snapshot = given.snapshot(pods.length, [given.usages(...usages)], { pods });
          return desired(on, snapshot, given.noHistory);
        };
        const calm = replicasFor(cpu.map(([least]) => least));
        const busy = replicasFor(cpu.map(([least, more]) => least + more));
        expect(busy).to.be.at.least(calm);
      }),
      500,
    );
  });

  it('the same inputs give the same decision, and are not touched by it', () => {
    holds(
      fc.property(policy, world, history, (on, snapshot, past) => {
        frozen({ on, snapshot, past });
        const decision = frozen(decideOn(on, snapshot, past));
        expect(decideOn(on, snapshot, past)).to.deep.equal(decision);
        const type = decision.rescale ? 'Scaled' : 'NotNeeded';
        expect(settle(decision, snapshot, { type })).to.deep.equal(settle(decision, snapshot, { type }));
      }),
    );
  });

  it('the order of pods and of their metrics does not matter', () => {
    holds(
      fc.property(policy, world, history, fc.nat(1000), (on, snapshot, past, seed) => {
        const pods = shuffled(snapshot.pods, seed);
        const value = shuffled(usageIn(snapshot), seed + 1);
        const usage = { ok: true, value } as const;
        const mixed = { ...snapshot, pods, metrics: [{ type: 'Resource', usage }] } as const;
        const { trace: first, ...decision } = decideOn(on, snapshot, past);
        const { trace: second, ...again } = decideOn(on, mixed, past);
        expect(again).to.deep.equal(decision);
        expect(second.limiters).to.deep.equal(first.limiters);
      }),
    );
  });

  it('usage and requests of another unit give the same count', () => {
    const scaled = (snapshot: Snapshot, factor: number): Snapshot => {
      const times = (resources: Readonly<Record<string, number>>) =>
        Object.fromEntries(Object.entries(resources).map(([name, milli]) => [name, milli * factor]));
      const pods = snapshot.pods.map((pod) => ({
        ...pod,
        containers: pod.containers.map(({ name, requests }) => ({ name, requests: times(requests) })),
      }));
      const value = usageIn(snapshot).map((one) => ({
        ...one,
        containers: one.containers.map(({ name, usage }) => ({ name, usage: times(usage) })),
      }));
      return cpuWorld(replicasOf(snapshot), pods, value);
    };
    holds(
      fc.property(policy, world, history, fc.integer({ min: 2, max: 1e9 }), (on, snapshot, past, factor) => {
        const other = scaled(snapshot, factor);
        expect(desired(on, other, past)).to.equal(desired(on, snapshot, past));
      }),
    );
  });

  it('pods that are going or Failed have no say, whatever they use', () => {
    const going: fc.Arbitrary<Partial<PodFacts>> = fc.constantFrom({ deleting: true }, { phase: 'Failed' });
    const strangers = fc.array(fc.tuple(going, fc.nat(5000)), { minLength: 1, maxLength: 5 });
    holds(
      fc.property(policy, world, history, strangers, (on, snapshot, past, more) => {
        if (usageIn(snapshot).length === 0) return;
        const pods = [...snapshot.pods, ...more.map(([change], index) => given.pod(`x-${index}`, change))];
        const usage = more.map(([, cpu], index) => given.usage(`x-${index}`, cpu));
        const other = cpuWorld(replicasOf(snapshot), pods, [...usageIn(snapshot), ...usage]);
        expect(desired(on, other, past)).to.equal(desired(on, snapshot, past));
      }),
    );
  });

  it('at exactly the target nothing changes while nothing else was recommended', () => {
    holds(
      fc.property(policy, fc.integer({ min: 1, max: 60 }), (on, replicas) => {
        if (replicas < on.minReplicas || replicas > on.maxReplicas) return;
        const snapshot = cpuWorld(
          replicas,
          given.pods(replicas),
          given.pods(replicas).map(({ name }) => given.usage(name, 500)),
        );
        expect(decideOn(on, snapshot, given.noHistory).rescale).to.equal(false);
      }),
    );
  });
});

const replicasOf = ({ target }: Snapshot): number => (target.ok ? target.value.specReplicas : 0);

describe('laws of missing data', () => {
  it('pods without metrics move the count no further than their metrics would have, either way', () => {
    const load = fc.array(fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.boolean()), {
      minLength: 2,
      maxLength: 30,
    });
    holds(
      fc.property(policy, load, fc.integer({ min: 1, max: 40 }), (on, entries, current) => {
        const pods = given.pods(entries.length);
        const all = entries.map(([cpu], index) => given.usage(`web-${index}`, cpu));
        const some = all.filter((_, index) => entries[index]?.[1] === true);
        const known = desired(on, cpuWorld(current, pods, all), given.noHistory);
        const guessed = desired(on, cpuWorld(current, pods, some), given.noHistory);
        const held = Math.min(Math.max(current, on.minReplicas), on.maxReplicas);
        expect(guessed).to.be.within(Math.min(held, known), Math.max(held, known));
      }),
      1000,
    );
  });

  const several = given.policy({
    minReplicas: 1,
    maxReplicas: 50,
    metrics: [given.queueOf10, given.queueOf10, given.queueOf10],
  });
  const failed: MetricReading = { type: 'External', milli: { ok: false, message: 'gone' } };
  const reading: fc.Arbitrary<MetricReading> = fc.nat(500).map(given.queue);
  const readings = fc.tuple(reading, reading, reading);
  const replicas = fc.integer({ min: 1, max: 50 });

  it('a metric that failed is never a zero: nothing scales down beside it', () => {
    holds(
      fc.property(readings, fc.nat(2), replicas, history, (metrics, broken, current, past) => {
        const withFailure = metrics.with(broken, failed);
        const decision = decideOn(several, given.snapshot(current, withFailure), given.noHistory);
        expect(decision.desiredReplicas).to.be.at.least(current);
        const remembered = decideOn(several, given.snapshot(current, withFailure), past);
        expect(remembered.desiredReplicas).to.be.at.least(current);
      }),
    );
  });

  it('a metric that failed asks for no more than it would have read', () => {
    holds(
      fc.property(readings, fc.nat(2), replicas, (metrics, broken, current) => {
        const whole = desired(several, given.snapshot(current, metrics), given.noHistory);
        const snapshot = given.snapshot(current, metrics.with(broken, failed));
        expect(desired(several, snapshot, given.noHistory)).to.be.at.most(Math.max(whole, current));
      }),
    );
  });

  it('nothing changes when all metrics failed', () => {
    holds(
      fc.property(replicas, history, (current, past) => {
        const decision = decideOn(several, given.snapshot(current, [failed, failed, failed]), past);
        expect(decision).to.include({ verdict: 'MetricsFailed', desiredReplicas: current, rescale: false });
      }),
    );
  });

  it('the order of metrics does not matter to the count', () => {
    holds(
      fc.property(readings, fc.array(fc.nat(2)), replicas, history, (metrics, broken, current, past) => {
        const given3: readonly MetricReading[] = metrics.map((one, i) => (broken.includes(i) ? failed : one));
        const [a, b, c] = given3 as [MetricReading, MetricReading, MetricReading];
        const counts = [
          [a, b, c],
          [c, a, b],
          [b, c, a],
          [c, b, a],
        ].map((order) => desired(several, given.snapshot(current, order), past));
        expect(new Set(counts)).to.have.property('size', 1);
      }),
    );
  });
});

describe('laws of writing', () => {
  it('the plan is empty once it was carried out', () => {
    holds(
      fc.property(policy, world, history, (on, snapshot, past) => {
        const decision = decideOn(on, snapshot, past);
        const [write] = plan(decision, snapshot);
        if (write === undefined) return;
        const applied = { ...snapshot, target: { ok: true, value: given.scale(write.replicas) } } as const;
        expect(plan(decision, applied)).to.deep.equal([]);
      }),
    );
  });

  it('a tick that nothing follows from writes no status the second time', () => {
    holds(
      fc.property(policy, world, history, (on, snapshot, past) => {
        const first = decideOn(on, snapshot, past);
        if (first.rescale) return;
        const settled = settle(first, snapshot, { type: 'NotNeeded' });
        const again = { ...snapshot, status: settled.status };
        const second = decideOn(on, again, past);
        expect(settle(second, again, { type: 'NotNeeded' }).statusChanged).to.equal(false);
      }),
    );
  });

  it('a dry run decides the same, and writes nothing', () => {
    holds(
      fc.property(policy, world, history, (on, snapshot, past) => {
        const dry = decideOn({ ...on, mode: 'DryRun' }, snapshot, past);
        expect(dry.desiredReplicas).to.equal(desired(on, snapshot, past));
        expect(plan(dry, snapshot)).to.deep.equal([]);
      }),
    );
  });

  it('a pause decides the same, and writes exactly what it does not hold back', () => {
    holds(
      fc.property(policy, world, history, fc.boolean(), fc.boolean(), (on, snapshot, past, up, down) => {
        const suspend = { scaleUp: up, scaleDown: down };
        const active = decideOn(on, snapshot, past);
        const paused = decideOn({ ...on, mode: 'Paused', suspend }, snapshot, past);
        expect(paused.desiredReplicas).to.equal(active.desiredReplicas);
        const isHeld = active.desiredReplicas > active.currentReplicas ? up : down;
        expect(plan(paused, snapshot)).to.deep.equal(isHeld ? [] : plan(active, snapshot));
      }),
    );
  });
});
