import { readStatus, wireStatus } from '../../src/api/status.ts';
import type { AutoscalerObject } from '../../src/api/to-policy.ts';
import { toPolicy } from '../../src/api/to-policy.ts';
import { decide } from '../../src/decide/decide.ts';
import type { Decision, EventRecord, History, Outcome, Settlement } from '../../src/decide/decision.ts';
import { plan } from '../../src/decide/plan.ts';
import type { ControllerOptions } from '../../src/decide/policy.ts';
import { settle } from '../../src/decide/settle.ts';
import type { AutoscalerStatus } from '../../src/decide/snapshot.ts';
import { formatAsStored, parseQuantity } from '../../src/lib/quantity.ts';
import type { Scenario, WireReplicasAt, WireTick } from './scenario.ts';
import { snapshotOf } from './wire-snapshot.ts';

/** One tick as this code decided it. */
export interface TickResult {
  readonly tick: WireTick;
  readonly object: AutoscalerObject;
  readonly decision: Decision;
  readonly scaledTo: number | null;
  readonly statusWritten: boolean;
  readonly status: AutoscalerStatus;
  readonly events: readonly EventRecord[];
}

/** Runs a recorded scenario; only what a controller would keep goes from tick to tick. */
export function* run(scenario: Scenario): Generator<TickResult> {
  const options = optionsOf(scenario);
  let object: AutoscalerObject = scenario.autoscaler;
  let policy = toPolicy(object);
  let status = readStatus(scenario.autoscaler.status);
  let history = historyOf(scenario);
  for (const tick of scenario.ticks) {
    if (tick.autoscalerUpdate !== undefined) {
      object = { ...object, spec: tick.autoscalerUpdate.spec };
      policy = toPolicy(object);
    }
    const snapshot = snapshotOf(scenario, tick, policy, status);
    const decision = decide({ policy, snapshot, history, options, nowMs: Date.parse(tick.time) });
    const [write] = plan(decision, snapshot);
    const outcome = outcomeOf(write !== undefined, tick);
    const settled = settle(decision, snapshot, outcome);
    history = settled.history;
    const written = settled.statusChanged && tick.statusUpdateError === undefined;
    if (written) status = settled.status;
    const scaledTo = outcome.type === 'Scaled' ? (write?.replicas ?? null) : null;
    yield {
      tick,
      object,
      decision,
      scaledTo,
      statusWritten: written,
      status,
      events: eventsOf(settled, tick),
    };
  }
}

function outcomeOf(needed: boolean, { scaleUpdateError }: WireTick): Outcome {
  if (!needed) return { type: 'NotNeeded' };
  return scaleUpdateError === undefined ? { type: 'Scaled' } : { type: 'Refused', message: scaleUpdateError };
}

function eventsOf(
  { events, statusChanged }: Settlement,
  { statusUpdateError }: WireTick,
): readonly EventRecord[] {
  if (!statusChanged || statusUpdateError === undefined) return events;
  return [...events, { type: 'Warning', reason: 'FailedUpdateStatus', message: statusUpdateError }];
}

function optionsOf({ controller, featureGates }: Scenario): ControllerOptions {
  return {
    tolerance: controller.tolerance,
    downscaleStabilizationMs: controller.downscaleStabilizationSeconds * 1000,
    cpuInitializationPeriodMs: controller.cpuInitializationPeriodSeconds * 1000,
    initialReadinessDelayMs: controller.initialReadinessDelaySeconds * 1000,
    featureGates: {
      HPAScaleToZero: false,
      HPAConfigurableTolerance: true,
      PodLevelResources: true,
      ...featureGates,
    },
  };
}

function historyOf({ initialState }: Scenario): History | undefined {
  if (initialState === undefined) return undefined;
  const { recommendations = [], scaleUpEvents = [], scaleDownEvents = [] } = initialState;
  return {
    recommendations: recommendations.map(({ time, replicas }) => ({ atMs: Date.parse(time), replicas })),
    scaleUps: scaleUpEvents.map(scaleEventOf),
    scaleDowns: scaleDownEvents.map(scaleEventOf),
  };
}

function scaleEventOf({ time, replicas }: WireReplicasAt) {
  return { atMs: Date.parse(time), change: replicas, outdated: false };
}

/** Where a tick differs from what was recorded, in the recording's own form. */
export function differencesOf({
  tick,
  object,
  scaledTo,
  statusWritten,
  status,
  events,
}: TickResult): Difference[] {
  const got = {
    scaledTo,
    statusWritten,
    status: recordedForm(status, object),
    events: events.map(({ type, reason }) => ({ type, reason })),
  };
  const found: Difference[] = [];
  compare('', tick.expect, got, found);
  return tick.notes === undefined ? found : found.filter(({ path }) => !path.endsWith('.averageValue'));
}

/** The HPA's own fields as an API server gives them back, conditions without time and message. */
function recordedForm(status: AutoscalerStatus, { spec }: AutoscalerObject): object {
  const wire = wireStatus(status, { spec });
  return {
    currentReplicas: wire.currentReplicas ?? 0,
    desiredReplicas: wire.desiredReplicas,
    lastScaleTime: wire.lastScaleTime ?? null,
    currentMetrics: stored(wire.currentMetrics ?? null),
    conditions: wire.conditions?.map(({ type, status: state, reason }) => ({ type, status: state, reason })),
  };
}

function stored(metrics: unknown): unknown {
  const restore = (key: string, value: unknown) =>
    /^(averageV|v)alue$/.test(key) && typeof value === 'string'
      ? formatAsStored(parseQuantity(value))
      : value;
  return JSON.parse(JSON.stringify(metrics), restore);
}

export interface Difference {
  readonly path: string;
  readonly expected: unknown;
  readonly got: unknown;
}

function compare(path: string, expected: unknown, got: unknown, found: Difference[]): void {
  if (typeof expected !== 'object' || typeof got !== 'object' || expected === null || got === null) {
    if (expected !== got) found.push({ path, expected, got });
    return;
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(got)])) {
    const of = (value: object): unknown => (value as Record<string, unknown>)[key];
    compare(`${path}.${key}`, of(expected), of(got), found);
  }
}
