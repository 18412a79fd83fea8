import { expect } from 'chai';
import fc from 'fast-check';
import { decide } from '../../src/decide/decide.ts';
import type { History } from '../../src/decide/decision.ts';
import { normalizeBehavior } from '../../src/decide/normalize-behavior.ts';
import { normalizeDefault } from '../../src/decide/normalize-default.ts';
import { plan } from '../../src/decide/plan.ts';
import type { Behavior, Policy, ScalingRules } from '../../src/decide/policy.ts';
import { settle } from '../../src/decide/settle.ts';
import type { PodFacts, Snapshot } from '../../src/decide/snapshot.ts';
import * as given from './builders.ts';

const rules: fc.Arbitrary<ScalingRules> = fc.record({
  stabilizationWindowSeconds: fc.integer({ min: 0, max: 3600 }),
  selectPolicy: fc.constantFrom('Max', 'Min', 'Disabled'),
  policies: fc.array(
    fc.record({
      type: fc.constantFrom('Pods', 'Percent'),
      value: fc.integer({ min: 1, max: 900 }),
      periodSeconds: fc.integer({ min: 1, max: 1800 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});
const behavior: fc.Arbitrary<Behavior> = fc.record({ scaleUp: rules, scaleDown: rules });

const age = fc.integer({ min: 0, max: 4000 }).map((seconds) => given.now - seconds * 1000);
const event = fc.record({ atMs: age, change: fc.integer({ min: 1, max: 50 }), outdated: fc.boolean() });
const recommendation = fc.record({ atMs: age, replicas: fc.integer({ min: 0, max: 60 }) });
const history: fc.Arbitrary<History> = fc.record({
  recommendations: fc.array(recommendation, { maxLength: 12 }),
  scaleUps: fc.array(event, { maxLength: 5 }),
  scaleDowns: fc.array(event, { maxLength: 5 }),
});

const policy: fc.Arbitrary<Policy> = fc
  .tuple(
    fc.integer({ min: 1, max: 30 }),
    fc.integer({ min: 0, max: 30 }),
    fc.option(behavior, { nil: undefined }),
  )
  .map(([minReplicas, more, rulesOrNone]) => {
    const bounds = { minReplicas, maxReplicas: minReplicas + more };
    return given.policy(rulesOrNone === undefined ? bounds : { ...bounds, behavior: rulesOrNone });
  });

const podChange: fc.Arbitrary<Partial<PodFacts>> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  fc.constant({ phase: 'Pending' }),
  fc.constant({ deleting: true }),
  fc.record({
    startedAtMs: age,
    ready: fc.record({ status: fc.constantFrom('True', 'False', 'Unknown'), sinceMs: age }),
  }),
);
const podsAndUsage = fc.array(
  fc.tuple(podChange, fc.option(fc.integer({ min: 0, max: 3000 }), { nil: undefined })),
  {
    maxLength: 30,
  },
);

const world: fc.Arbitrary<Snapshot> = podsAndUsage.chain((entries) =>
  fc.integer({ min: 0, max: 70 }).map((replicas) => {
    const value = entries.flatMap(([, cpu], index) =>
      cpu === undefined ? [] : [given.usage(`web-${index}`, cpu)],
    );
    return given.snapshot(replicas, [{ type: 'Resource', usage: { ok: true, value } }], {
      pods: entries.map(([change], index) => given.pod(`web-${index}`, change)),
    });
  }),
);

const decideOn = (on: Policy, snapshot: Snapshot, past: History | undefined, nowMs = given.now) =>
  decide({ policy: on, snapshot, history: past, options: given.options, nowMs });

describe('laws of decisions', () => {
  it('a written count always lies within the bounds', () => {
    fc.assert(
      fc.property(policy, world, fc.option(history, { nil: undefined }), (on, snapshot, past) => {
        const decision = decideOn(on, snapshot, past);
        if (!decision.rescale) return;
        expect(decision.desiredReplicas).to.be.within(on.minReplicas, on.maxReplicas);
      }),
      { numRuns: 500 },
    );
  });

  it('more load never means fewer replicas while nothing is remembered', () => {
    const loads = fc.array(fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 3000 })), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(policy, loads, fc.array(podChange, { maxLength: 5 }), (on, cpu, strangers) => {
        const pods = [
          ...given.pods(cpu.length),
          ...strangers.map((change, index) => given.pod(`x-${index}`, change)),
        ];
        const replicasFor = (usages: readonly number[]) => {
          const snapshot = given.snapshot(pods.length, [given.usages(...usages)], { pods });
          return decideOn(on, snapshot, given.noHistory).desiredReplicas;
        };
        const calm = replicasFor(cpu.map(([least]) => least));
        const busy = replicasFor(cpu.map(([least, more]) => least + more));
        expect(busy).to.be.at.least(calm);
      }),
      { numRuns: 500 },
    );
  });

  it('the plan is empty once it was carried out', () => {
    fc.assert(
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
    fc.assert(
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

  it('the same inputs give the same decision, and are not changed by it', () => {
    fc.assert(
      fc.property(policy, world, history, (on, snapshot, past) => {
        const before = structuredClone({ on, snapshot, past });
        const decision = decideOn(on, snapshot, past);
        expect({ on, snapshot, past }).to.deep.equal(before);
        expect(decideOn(on, snapshot, past)).to.deep.equal(decision);
      }),
    );
  });
});

describe('laws of stabilization', () => {
  const proposed = (proposedReplicas: number, past: History) => ({
    proposedReplicas,
    currentReplicas: 20,
    minReplicas: 0,
    maxReplicas: 1000,
    history: past,
    nowMs: given.now,
  });
  const windowSeconds = fc.integer({ min: 0, max: 4000 });
  const count = fc.integer({ min: 0, max: 60 });

  it('without behavior, the result is the largest number of the window', () => {
    fc.assert(
      fc.property(history, count, windowSeconds, (past, replicas, seconds) => {
        const recent = past.recommendations.filter(({ atMs }) => given.now - atMs <= seconds * 1000);
        const naive = Math.max(replicas, ...recent.map((one) => one.replicas));
        expect(normalizeDefault(proposed(replicas, past), seconds * 1000).limiters[0]?.to).to.equal(naive);
      }),
    );
  });

  it('with behavior, the result lies between the extremes of the two windows', () => {
    fc.assert(
      fc.property(history, count, behavior, (past, replicas, both) => {
        const within = ({ stabilizationWindowSeconds = 0 }: ScalingRules) =>
          past.recommendations
            .filter(({ atMs }) => given.now - atMs < stabilizationWindowSeconds * 1000)
            .map((one) => one.replicas);
        const lowest = Math.min(replicas, ...within(both.scaleUp));
        const highest = Math.max(replicas, ...within(both.scaleDown));
        const naive = Math.min(Math.max(20, lowest), highest);
        expect(normalizeBehavior(proposed(replicas, past), both, 0).limiters[0]?.to).to.equal(naive);
      }),
    );
  });

  it('no list of recommendations grows beyond its window', () => {
    let past = given.noHistory;
    for (let tick = 0; tick < 200; tick += 1) {
      const nowMs = given.now + tick * 15_000;
      past = normalizeDefault({ ...proposed(5, past), nowMs }, 5 * given.minutes).history;
    }
    expect(past.recommendations).to.have.length(21);
  });
});
