import fc from 'fast-check';
import type { History } from '../../src/decide/history.ts';
import type { Behavior, Policy, ScalingRules } from '../../src/decide/policy.ts';
import type { PodFacts, PodUsage, Snapshot } from '../../src/decide/snapshot.ts';
import * as given from './builders.ts';

/**
 * Tries a law on many values: always the same ones, so that a run tells of a change and not of luck. `LAWS_SEED=n` tries
 * others; a failure prints its seed and the smallest value that breaks the law.
 */
export function holds<Values extends [unknown, ...unknown[]]>(
  property: fc.IProperty<Values>,
  numRuns = 300,
): void {
  fc.assert(property, { numRuns, seed: Number(process.env.LAWS_SEED ?? 20_000_101) });
}

/** @param windowSeconds undefined: the controller's own, where scaling down has none */
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
export const behavior: fc.Arbitrary<Behavior> = fc.record({ scaleUp: rules, scaleDown: rules });

const age = fc.integer({ min: 0, max: 4000 }).map((seconds) => given.now - seconds * 1000);
const event = fc.record({ atMs: age, change: fc.integer({ min: 1, max: 50 }), outdated: fc.boolean() });
const recommendation = fc.record({ atMs: age, replicas: fc.integer({ min: 0, max: 60 }) });
export const history: fc.Arbitrary<History> = fc.record({
  recommendations: fc.array(recommendation, { maxLength: 12 }),
  scaleUps: fc.array(event, { maxLength: 5 }),
  scaleDowns: fc.array(event, { maxLength: 5 }),
});

/** CPU at 50 %, any bounds, with or without behavior. */
export const policy: fc.Arbitrary<Policy> = fc
  .tuple(
    fc.integer({ min: 1, max: 30 }),
    fc.integer({ min: 0, max: 30 }),
    fc.option(behavior, { nil: undefined }),
  )
  .map(([minReplicas, more, rulesOrNone]) => {
    const bounds = { minReplicas, maxReplicas: minReplicas + more };
    return given.policy(rulesOrNone === undefined ? bounds : { ...bounds, behavior: rulesOrNone });
  });

/** What may be special about a pod; mostly nothing. */
export const podChange: fc.Arbitrary<Partial<PodFacts>> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  fc.constant({ phase: 'Pending' }),
  fc.constant({ deleting: true }),
  fc.record({
    startedAtMs: age,
    ready: fc.record({ status: fc.constantFrom('True', 'False', 'Unknown'), sinceMs: age }),
  }),
);

/** Millicores of a pod that requests a core; undefined: its metrics are missing. */
const cpu = fc.option(fc.integer({ min: 0, max: 3000 }), { nil: undefined });

/** Any target of CPU metrics: pods of every kind, some without metrics, and any count of replicas. */
export const world: fc.Arbitrary<Snapshot> = fc
  .tuple(fc.array(fc.tuple(podChange, cpu), { maxLength: 30 }), fc.integer({ min: 0, max: 70 }))
  .map(([entries, replicas]) => {
    const pods = entries.map(([change], index) => given.pod(`web-${index}`, change));
    const value = entries.flatMap(([, millicores], index) =>
      millicores === undefined ? [] : [given.usage(`web-${index}`, millicores)],
    );
    return cpuWorld(replicas, pods, value);
  });

/** A target of so many replicas with these pods and their metrics. */
export function cpuWorld(replicas: number, pods: readonly PodFacts[], value: readonly PodUsage[]): Snapshot {
  return given.snapshot(replicas, [{ type: 'Resource', usage: { ok: true, value } }], { pods });
}

/** What was read of CPU. */
export function usageIn({ metrics }: Snapshot): readonly PodUsage[] {
  const [reading] = metrics;
  return reading?.type === 'Resource' && reading.usage.ok ? reading.usage.value : [];
}

/** Freezes all the way down: code that changes its input throws. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}
