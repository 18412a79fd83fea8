import { readStatus } from '../api/status.ts';
import { hpaKind, hpaSpec } from '../api/hpa.ts';
import { toPolicy } from '../api/to-policy.ts';
import { decide } from '../decide/decide.ts';
import type { Decision, EventRecord, Outcome, Settlement } from '../decide/decision.ts';
import type { History } from '../decide/history.ts';
import { plan, withoutWrite } from '../decide/plan.ts';
import type { ControllerOptions, Policy } from '../decide/policy.ts';
import { settle } from '../decide/settle.ts';
import type { AutoscalerStatus } from '../decide/status.ts';
import { defaultFeatureGates } from './abilities.ts';
import type { RecordedTick, ReplicasAt, Scenario } from './scenario.ts';
import { snapshotReader } from './snapshot.ts';

/** One tick as this code decided it, with what was recorded beside it. */
export interface TickResult {
  /** Counted from 0. */
  readonly index: number;
  readonly tick: RecordedTick;
  readonly decision: Decision;
  /** What was written to the scale; null for no write, or one that was refused. */
  readonly scaledTo: number | null;
  readonly statusWritten: boolean;
  /** As it stands after the tick; the same value as before where it was not written. */
  readonly status: AutoscalerStatus;
  readonly events: readonly EventRecord[];
}

/** Replays a scenario; only what a controller would keep goes from tick to tick. */
export function* run(scenario: Scenario): Generator<TickResult> {
  const options = optionsOf(scenario);
  let object = scenario.autoscaler;
  let policy = policyOf(object);
  let readSnapshot = snapshotReader(scenario, policy);
  let status = readStatus(scenario.autoscaler.status);
  let history = historyOf(scenario);
  for (const [index, tick] of scenario.ticks.entries()) {
    if (tick.autoscalerUpdate !== undefined) {
      object = { ...object, spec: tick.autoscalerUpdate.spec };
      policy = policyOf(object);
      readSnapshot = snapshotReader(scenario, policy);
    }
    const snapshot = readSnapshot(tick, status);
    const decision = decide({ policy, snapshot, history, options, nowMs: Date.parse(tick.time) });
    const [write] = plan(decision, snapshot);
    const outcome = write === undefined ? withoutWrite(decision) : writeOutcome(tick);
    const settled = settle(decision, snapshot, outcome);
    history = settled.history;
    const statusWritten = settled.statusChanged && tick.statusUpdateError === undefined;
    if (statusWritten) status = settled.status;
    const scaledTo = outcome.type === 'Scaled' ? (write?.replicas ?? null) : null;
    yield { index, tick, decision, scaledTo, statusWritten, status, events: eventsOf(settled, tick) };
  }
}

/** Of an HPA only the fields of autoscaling/v2 count; what else stands in it is a key that is not known. */
function policyOf(object: Scenario['autoscaler']): Policy {
  return toPolicy(object.kind === hpaKind ? { ...object, spec: hpaSpec(object.spec) } : object);
}

function writeOutcome({ scaleUpdateError }: RecordedTick): Outcome {
  return scaleUpdateError === undefined ? { type: 'Scaled' } : { type: 'Refused', message: scaleUpdateError };
}

/** A status that could not be written is told in an event of its own. */
function eventsOf(
  { events, statusChanged }: Settlement,
  { statusUpdateError }: RecordedTick,
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
    featureGates: { ...defaultFeatureGates, ...featureGates },
  };
}

/** A state that is there and empty is a history without a first recommendation, which is not the same as none. */
function historyOf({ initialState }: Scenario): History | undefined {
  if (initialState === undefined) return undefined;
  const { recommendations = [], scaleUpEvents = [], scaleDownEvents = [] } = initialState;
  return {
    recommendations: recommendations.map(({ time, replicas }) => ({ atMs: Date.parse(time), replicas })),
    scaleUps: scaleUpEvents.map(scaleEventOf),
    scaleDowns: scaleDownEvents.map(scaleEventOf),
  };
}

function scaleEventOf({ time, replicas }: ReplicasAt) {
  return { atMs: Date.parse(time), change: replicas, outdated: false };
}
