import fc from 'fast-check';
import { decide } from '../../src/decide/decide.ts';
import type { Decision } from '../../src/decide/decision.ts';
import type { History } from '../../src/decide/history.ts';
import { plan } from '../../src/decide/plan.ts';
import type { Behavior, Policy, ScalingRules } from '../../src/decide/policy.ts';
import { settle } from '../../src/decide/settle.ts';
import * as given from './builders.ts';

/** Arbitrary histories, and what is decided by them over time. */

const rules: fc.Arbitrary<ScalingRules> = fc.record({
  stabilizationWindowSeconds: fc.constantFrom(0, 15, 60, 300, 900),
  selectPolicy: fc.constantFrom('Max', 'Min', 'Disabled'),
  policies: fc.array(
    fc.record({
      type: fc.constantFrom('Pods', 'Percent'),
      value: fc.integer({ min: 1, max: 120 }),
      periodSeconds: fc.constantFrom(15, 30, 60, 180),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});
export const behavior: fc.Arbitrary<Behavior> = fc.record({ scaleUp: rules, scaleDown: rules });

export const policy: fc.Arbitrary<Policy> = fc.option(behavior, { nil: undefined }).map((one) => ({
  ...given.policy({ maxReplicas: 40, metrics: [given.queueOf10] }),
  ...(one === undefined ? {} : { behavior: one }),
}));

const age = fc.integer({ min: 0, max: 1000 }).map((seconds) => given.now - seconds * 1000);
const event = fc.record({ atMs: age, change: fc.integer({ min: 1, max: 10 }), outdated: fc.boolean() });
export const history: fc.Arbitrary<History> = fc.record({
  recommendations: fc.array(fc.record({ atMs: age, replicas: fc.integer({ min: 0, max: 30 }) }), {
    maxLength: 15,
  }),
  scaleUps: fc.array(event, { maxLength: 6 }),
  scaleDowns: fc.array(event, { maxLength: 6 }),
});

/** Milliseconds from now on. */
export const later = fc.integer({ min: 0, max: 400 }).map((seconds) => seconds * 1000);

/** What the metrics ask for, tick by tick, 15 seconds apart; never none at all. */
export const proposals = fc
  .array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 60 })
  .map((counts) => counts as [number, ...number[]]);

export const tickMs = 15_000;

interface Moment {
  readonly nowMs: number;
  readonly replicas: number;
}

/** One decision for a target of so many replicas whose metrics ask for `proposal`. */
export function decideAt(
  on: Policy,
  past: History | undefined,
  { nowMs, replicas, proposal }: Moment & { readonly proposal: number },
): Decision {
  const snapshot = given.snapshot(replicas, [given.queue(proposal * 10)]);
  return decide({ policy: on, snapshot, history: past, options: given.options, nowMs });
}

export interface State extends Moment {
  readonly history: History | undefined;
}

/**
 * The state after some ticks, each written as it was decided, and the replica counts on the way.
 * @param keep what becomes of the history after each tick
 */
export function run(
  on: Policy,
  from: State,
  asked: readonly number[],
  keep: (history: History, nowMs: number) => History = (one) => one,
): State & { readonly counts: readonly number[] } {
  let { nowMs, replicas, history: past } = from;
  const counts: number[] = [];
  for (const proposal of asked) {
    const snapshot = given.snapshot(replicas, [given.queue(proposal * 10)]);
    const decision = decideAt(on, past, { nowMs, replicas, proposal });
    const isWritten = plan(decision, snapshot).length > 0;
    const settled = settle(decision, snapshot, { type: isWritten ? 'Scaled' : 'NotNeeded' });
    past = settled.history === undefined ? undefined : keep(settled.history, nowMs);
    replicas = decision.desiredReplicas;
    counts.push(replicas);
    nowMs += tickMs;
  }
  return { nowMs, replicas, history: past, counts };
}
