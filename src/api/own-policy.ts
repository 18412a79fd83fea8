import { parseCron } from './cron.ts';
import type * as wire from './generated/custom-autoscaler.ts';
import { defined, timeMs } from './json.ts';
import { durationMs } from './validate-schedules.ts';
import type { CronFields, Policy, ScheduleSpec, Suspension } from '../decide/policy.ts';
import { UserError } from '../lib/errors.ts';

/** The fields of a policy that autoscaling/v2 does not have; each that the spec leaves out is absent. */
export function ownPolicy(spec: Partial<wire.CustomAutoscalerSpec>): Partial<Policy> {
  const { mode, suspend, schedules } = spec;
  return defined({
    mode,
    suspend: mode === 'Paused' ? suspension(suspend) : undefined,
    schedules: schedules?.map(scheduleSpec),
    podSelection: spec.podSelection,
    syncPeriodSeconds: spec.syncPeriodSeconds,
    initializationPeriodSeconds: spec.initializationPeriodSeconds,
    readinessDelaySeconds: spec.readinessDelaySeconds,
    onAllPodsUnready: spec.onAllPodsUnready,
    requireFreshSamples: spec.requireFreshSamples,
  });
}

/** Where no direction is named, both are held back. */
function suspension({ scaleUp, scaleDown, until, reason }: wire.Suspension = {}): Suspension {
  const isWhole = scaleUp === undefined && scaleDown === undefined;
  return defined({
    scaleUp: isWhole || scaleUp === true,
    scaleDown: isWhole || scaleDown === true,
    untilMs: until === undefined ? undefined : timeMs(until.toUpperCase()),
    reason,
  });
}

function scheduleSpec(schedule: wire.Schedule): ScheduleSpec {
  const { name, timeZone = 'Etc/UTC', minReplicas, maxReplicas, replicas, excludeDates } = schedule;
  return defined({
    name,
    start: startOf(schedule),
    timeZone,
    durationMs: spanOf(schedule, 'duration') ?? 0,
    minReplicas,
    maxReplicas,
    replicas,
    rampUpMs: spanOf(schedule, 'rampUp'),
    rampDownMs: spanOf(schedule, 'rampDown'),
    excludeDates,
  });
}

function startOf({ name, start }: wire.Schedule): CronFields {
  const parsed = parseCron(start);
  if (!parsed.ok) throw new UserError(`schedule ${name}: start ${JSON.stringify(start)} ${parsed.problem}`);
  return parsed.fields;
}

function spanOf(schedule: wire.Schedule, field: 'duration' | 'rampUp' | 'rampDown'): number | undefined {
  const given = schedule[field];
  if (given === undefined) return undefined;
  const ms = durationMs(given);
  if (ms !== undefined) return ms;
  throw new UserError(
    `schedule ${schedule.name}: ${field} ${JSON.stringify(given)} must be a duration such as 10h`,
  );
}
