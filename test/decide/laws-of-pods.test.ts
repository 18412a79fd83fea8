import { expect } from 'chai';
import fc from 'fast-check';
import { decide } from '../../src/decide/decide.ts';
import type { Decision } from '../../src/decide/decision.ts';
import type { History } from '../../src/decide/history.ts';
import type { Policy } from '../../src/decide/policy.ts';
import type { Snapshot } from '../../src/decide/snapshot.ts';
import { cpuWorld, frozen, history, holds, policy, usageIn, world } from './arbitraries.ts';
import * as given from './builders.ts';

const decideOn = (on: Policy, snapshot: Snapshot, past: History): Decision =>
  decide(frozen({ policy: on, snapshot, history: past, options: given.options, nowMs: given.now }));

/** What was decided, without the words of why. */
const outcome = (decision: Decision): unknown => ({ ...decision, trace: undefined });

/** Any world whose pods are owned by one of two ReplicaSets, or by somebody else. */
const ownedWorld = fc
  .tuple(world, fc.array(fc.constantFrom('new', 'old', 'job'), { minLength: 30, maxLength: 30 }))
  .map(([snapshot, by]) => ({
    ...snapshot,
    pods: snapshot.pods.map((pod, index) => ({ ...pod, ownerUid: by[index] ?? 'job' })),
    owners: ['new', 'old', 'deployment'],
  }));

const everything: Partial<Policy> = {
  podSelection: 'Owned',
  requireFreshSamples: true,
  onAllPodsUnready: 'StepUp',
  initializationPeriodSeconds: 120,
  readinessDelaySeconds: 10,
};

describe('laws of the right pods', () => {
  it('facts about owners change nothing without podSelection: Owned', () => {
    holds(
      fc.property(policy, ownedWorld, history, (on, snapshot, past) => {
        const { target, pods, metrics, status } = snapshot;
        const plain = { target, pods, metrics, status, otherAutoscalers: [] };
        expect(decideOn(on, snapshot, past)).to.deep.equal(decideOn(on, plain, past));
      }),
    );
  });

  it('each field at its default decides as if it was absent', () => {
    const defaults: Partial<Policy> = {
      podSelection: 'Selector',
      requireFreshSamples: false,
      onAllPodsUnready: 'Hold',
      initializationPeriodSeconds: 300,
      readinessDelaySeconds: 30,
    };
    holds(
      fc.property(policy, ownedWorld, history, (on, snapshot, past) => {
        const written = decideOn({ ...on, ...defaults }, snapshot, past);
        expect(outcome(written)).to.deep.equal(outcome(decideOn(on, snapshot, past)));
      }),
    );
  });

  it('strangers, whatever they use, change nothing with podSelection: Owned', () => {
    holds(
      fc.property(policy, ownedWorld, history, (on, snapshot, past) => {
        const owned = { ...on, podSelection: 'Owned' } as const;
        const strangers = given
          .pods(4, { ownerUid: 'job' })
          .map((pod, index) => ({ ...pod, name: `x-${index}` }));
        const usage = strangers.map(({ name }) => given.usage(name, 3000));
        const { metrics } = cpuWorld(0, [], [...usageIn(snapshot), ...usage]);
        const crowded = { ...snapshot, metrics, pods: [...snapshot.pods, ...strangers] };
        expect(outcome(decideOn(owned, crowded, past))).to.deep.equal(
          outcome(decideOn(owned, snapshot, past)),
        );
      }),
    );
  });

  it('a written count always lies within the bounds, with everything switched on', () => {
    const lastGood = { atMs: given.now, replicas: 5, aboveTarget: true, nonZero: true };
    holds(
      fc.property(policy, ownedWorld, history, (on, snapshot, past) => {
        const remembered = { ...past, metrics: { 'Resource/cpu': { lastGood } } };
        const decision = decideOn({ ...on, ...everything }, snapshot, remembered);
        if (!decision.rescale) return;
        expect(decision.desiredReplicas).to.be.within(on.minReplicas, on.maxReplicas);
      }),
      500,
    );
  });

  it('a step up never goes down, and only where no pod is ready', () => {
    const lastGood = { atMs: given.now, replicas: 5, aboveTarget: true, nonZero: true };
    let steps = 0;
    holds(
      fc.property(policy, ownedWorld, history, (on, snapshot, past) => {
        const remembered = { ...past, metrics: { 'Resource/cpu': { lastGood } } };
        const unready = snapshot.pods.map((pod) => ({
          ...pod,
          ready: { status: 'False', sinceMs: given.now } as const,
          startedAtMs: given.now - given.minutes,
        }));
        const decision = decideOn({ ...on, ...everything }, { ...snapshot, pods: unready }, remembered);
        if (decision.trace.stepUp === undefined) return;
        steps += 1;
        expect(decision.trace.stepUp.to).to.be.above(decision.currentReplicas);
        expect(decision.trace.proposals.every(({ ok }) => !ok)).to.equal(true);
      }),
      500,
    );
    expect(steps).to.be.above(20);
  });
});
