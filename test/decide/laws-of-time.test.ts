import { expect } from 'chai';
import fc from 'fast-check';
import { decide } from '../../src/decide/decide.ts';
import type { Decision } from '../../src/decide/decision.ts';
import type { History } from '../../src/decide/history.ts';
import { normalizeBehavior } from '../../src/decide/normalize-behavior.ts';
import { normalizeDefault } from '../../src/decide/normalize-default.ts';
import type { Behavior, Policy, ScalingPolicy, ScalingRules } from '../../src/decide/policy.ts';
import { plan, withoutWrite } from '../../src/decide/plan.ts';
import { settle } from '../../src/decide/settle.ts';
import type { Snapshot } from '../../src/decide/snapshot.ts';
import { behavior, history, holds, policy, usageIn, world } from './arbitraries.ts';
import * as given from './builders.ts';

const decideOn = (on: Policy, snapshot: Snapshot, past: History | undefined, nowMs = given.now) =>
  decide({ policy: on, snapshot, history: past, options: given.options, nowMs });
const tickMs = 15 * given.seconds;

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
    holds(
      fc.property(history, count, windowSeconds, (past, replicas, seconds) => {
        const recent = past.recommendations.filter(({ atMs }) => given.now - atMs <= seconds * 1000);
        const naive = Math.max(replicas, ...recent.map((one) => one.replicas));
        expect(normalizeDefault(proposed(replicas, past), seconds * 1000).limiters[0]?.to).to.equal(naive);
      }),
    );
  });

  it('with behavior, the result lies between the extremes of the two windows', () => {
    holds(
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

  it('nothing scales down below a recommendation of its window', () => {
    holds(
      fc.property(policy, world, history, (on, snapshot, past) => {
        const decision = decideOn(on, snapshot, past);
        if (decision.verdict !== 'Computed' || decision.desiredReplicas >= decision.currentReplicas) return;
        const windowMs = downWindowMs(on);
        for (const { atMs, replicas } of past.recommendations) {
          if (given.now - atMs < windowMs) expect(decision.desiredReplicas).to.be.at.least(replicas);
        }
      }),
      1000,
    );
  });

  it('no list of recommendations grows beyond its window', () => {
    let past = given.noHistory;
    for (let tick = 0; tick < 200; tick += 1) {
      const nowMs = given.now + tick * tickMs;
      past = normalizeDefault({ ...proposed(5, past), nowMs }, 5 * given.minutes).history;
    }
    expect(past.recommendations).to.have.length(21);
  });
});

function downWindowMs({ behavior: both }: Policy): number {
  const seconds = both?.scaleDown.stabilizationWindowSeconds;
  return seconds === undefined ? given.options.downscaleStabilizationMs : seconds * 1000;
}

describe('laws of history', () => {
  it('what lies before every window and period decides nothing', () => {
    holds(
      fc.property(policy, world, history, (on, snapshot, past) => {
        expect(seen(decideOn(on, snapshot, pruned(on, past)))).to.deep.equal(
          seen(decideOn(on, snapshot, past)),
        );
      }),
      1000,
    );
  });

  it('an hour later is no other time', () => {
    holds(
      fc.property(policy, world, history, fc.integer({ min: 1, max: 1e6 }), (on, snapshot, past, seconds) => {
        const byMs = seconds * 1000;
        const later = decideOn(on, delayed(snapshot, byMs), delayedHistory(past, byMs), given.now + byMs);
        const back = later.conditions.map((one) => ({
          ...one,
          lastTransitionAtMs: one.lastTransitionAtMs - byMs,
        }));
        expect({ ...seen(later), conditions: back }).to.deep.equal(seen(decideOn(on, snapshot, past)));
      }),
    );
  });
});

/** What a decision says, without what it remembers and its trace, which names times of the past. */
function seen({ desiredReplicas, rescale, reason, verdict, conditions, currentMetrics, events }: Decision) {
  return { desiredReplicas, rescale, reason, verdict, conditions, currentMetrics, events };
}

/** Without what nothing asks for any more. */
function pruned(on: Policy, past: History): History {
  const { behavior: both } = on;
  const upMs = (both?.scaleUp.stabilizationWindowSeconds ?? 0) * 1000;
  const windowMs = Math.max(upMs, downWindowMs(on));
  const policies = [...(both?.scaleUp.policies ?? []), ...(both?.scaleDown.policies ?? [])];
  const periodMs = Math.max(0, ...policies.map(({ periodSeconds }) => periodSeconds * 1000));
  const recent = ({ atMs }: { atMs: number }) => given.now - atMs < periodMs;
  return {
    recommendations: past.recommendations.filter(({ atMs }) => given.now - atMs <= windowMs),
    scaleUps: past.scaleUps.filter(recent),
    scaleDowns: past.scaleDowns.filter(recent),
  };
}

function delayed(snapshot: Snapshot, byMs: number): Snapshot {
  const pods = snapshot.pods.map((pod) => ({
    ...pod,
    ...(pod.startedAtMs === undefined ? {} : { startedAtMs: pod.startedAtMs + byMs }),
    ...(pod.ready === undefined ? {} : { ready: { ...pod.ready, sinceMs: pod.ready.sinceMs + byMs } }),
  }));
  const value = usageIn(snapshot).map((one) => ({ ...one, timestampMs: one.timestampMs + byMs }));
  return { ...snapshot, pods, metrics: [{ type: 'Resource', usage: { ok: true, value } }] };
}

function delayedHistory(past: History, byMs: number): History {
  const later = <T extends { atMs: number }>(list: readonly T[]) =>
    list.map((one) => ({ ...one, atMs: one.atMs + byMs }));
  return {
    recommendations: later(past.recommendations),
    scaleUps: later(past.scaleUps),
    scaleDowns: later(past.scaleDowns),
  };
}

/** A count that was reached, and when. */
interface Reached {
  readonly atMs: number;
  readonly replicas: number;
}

/** Ticks 15 seconds apart on a queue whose length changes, each decision carried out. */
function lived(on: Policy, queued: readonly number[], start: number): readonly Reached[] {
  const counts: Reached[] = [{ atMs: given.now - tickMs, replicas: start }];
  let past: History | undefined = given.noHistory;
  let replicas = start;
  for (const [index, length] of queued.entries()) {
    const atMs = given.now + index * tickMs;
    const snapshot = given.snapshot(replicas, [given.queue(length)]);
    const decision = decideOn(on, snapshot, past, atMs);
    const [write] = plan(decision, snapshot);
    const outcome = write === undefined ? withoutWrite(decision) : ({ type: 'Scaled' } as const);
    past = settle(decision, snapshot, outcome).history;
    replicas = write?.replicas ?? replicas;
    counts.push({ atMs, replicas });
  }
  return counts;
}

const queuePolicy = (rules: Behavior): Policy =>
  given.policy({ minReplicas: 1, maxReplicas: 1000, metrics: [given.queueOf10], behavior: rules });
const scalingPolicy: fc.Arbitrary<ScalingPolicy> = fc.record({
  type: fc.constantFrom('Pods', 'Percent'),
  value: fc.integer({ min: 1, max: 200 }),
  periodSeconds: fc.integer({ min: 1, max: 200 }),
});
const oneRule = scalingPolicy.map((one): ScalingRules => ({
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [one],
}));
const queued = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 2, maxLength: 40 });
const start = fc.integer({ min: 1, max: 100 });

describe('laws of speed', () => {
  /** The count in force a period before a step. */
  const before = (counts: readonly Reached[], { atMs }: Reached, { periodSeconds }: ScalingPolicy) =>
    counts.findLast((one) => one.atMs <= atMs - periodSeconds * 1000)?.replicas ?? counts[0]!.replicas;

  it('no step reaches higher than a policy lets the count of a period ago go', () => {
    holds(
      fc.property(oneRule, oneRule, queued, start, (scaleUp, scaleDown, lengths, first) => {
        const counts = lived(queuePolicy({ scaleUp, scaleDown }), lengths, first);
        const rule = scaleUp.policies[0]!;
        for (const [index, step] of counts.entries()) {
          if (index === 0 || step.replicas <= counts[index - 1]!.replicas) continue;
          const from = before(counts, step, rule);
          const limit = rule.type === 'Pods' ? from + rule.value : Math.ceil(from * (1 + rule.value / 100));
          expect(step.replicas).to.be.at.most(limit);
        }
      }),
    );
  });

  it('no step reaches lower than a policy lets the count of a period ago go', () => {
    holds(
      fc.property(oneRule, oneRule, queued, start, (scaleUp, scaleDown, lengths, first) => {
        const counts = lived(queuePolicy({ scaleUp, scaleDown }), lengths, first);
        const rule = scaleDown.policies[0]!;
        for (const [index, step] of counts.entries()) {
          if (index === 0 || step.replicas >= counts[index - 1]!.replicas) continue;
          const from = before(counts, step, rule);
          const limit = rule.type === 'Pods' ? from - rule.value : Math.trunc(from * (1 - rule.value / 100));
          expect(step.replicas).to.be.at.least(limit);
        }
      }),
    );
  });

  it('a direction that is disabled is never taken', () => {
    const disabled: ScalingRules = { selectPolicy: 'Disabled', policies: given.behavior().scaleUp.policies };
    holds(
      fc.property(oneRule, queued, start, (rule, lengths, first) => {
        const up = lived(queuePolicy({ scaleUp: rule, scaleDown: disabled }), lengths, first);
        const down = lived(queuePolicy({ scaleUp: disabled, scaleDown: rule }), lengths, first);
        for (const [index, { replicas }] of up.slice(1).entries()) {
          expect(replicas).to.be.at.least(up[index]!.replicas);
        }
        for (const [index, { replicas }] of down.slice(1).entries()) {
          expect(replicas).to.be.at.most(down[index]!.replicas);
        }
      }),
      100,
    );
  });

  it('a steady load is met, and then left alone', () => {
    const settings = fc.tuple(fc.integer({ min: 1, max: 900 }), start);
    holds(
      fc.property(settings, ([length, first]) => {
        const on = given.policy({ minReplicas: 1, maxReplicas: 100, metrics: [given.queueOf10] });
        const counts = lived(on, new Array<number>(60).fill(length), first);
        const end = counts.at(-1)!.replicas;
        expect(end * 10).to.be.at.least(length * 0.9);
        expect(end).to.be.at.most(Math.ceil(length / (10 * 0.9)));
        expect(counts.slice(-10).every(({ replicas }) => replicas === end)).to.equal(true);
      }),
    );
  });
});
