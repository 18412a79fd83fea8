import { parseAutoscaler } from '../../api/parse.ts';
import type { ControllerOptions, Policy } from '../../decide/policy.ts';
import { UserError } from '../../lib/errors.ts';
import { profileDurationMs } from '../../lib/load-profile.ts';
import { readManifests } from '../../migrate/manifests.ts';
import type { Manifest } from '../../migrate/manifests.ts';
import { simulate } from '../../replay/simulate.ts';
import { defaultSimulationOptions } from '../../replay/simulation/model.ts';
import type { Signal } from '../../replay/simulation/model.ts';
import type { Io } from '../io.ts';
import { readProfile, readText } from '../profile-flag.ts';
import { printText, type Simulated } from './print-text.ts';

export interface SimulateFlags {
  readonly profile: string;
  readonly capacity: number;
  /** Milliseconds, as all times here. */
  readonly startUp: number;
  readonly queue: boolean;
  readonly patience?: number;
  readonly begin?: number;
  readonly replicas?: number;
  readonly seed: number;
  readonly featureGates?: ControllerOptions['featureGates'];
  readonly output: 'text' | 'json';
}

/** @returns the process's exit code */
export function runSimulate(files: readonly string[], flags: SimulateFlags, io: Io): number {
  if (flags.patience !== undefined && !flags.queue)
    throw new UserError('--patience is for work that waits: give --queue too');
  const policies = files.flatMap(policiesOf).map((one) => asActive(one, io));
  const profile = readProfile(flags.profile);
  const startMs = flags.begin ?? wholeMinute(Date.now());
  const results = policies.map(({ name, policy }): Simulated => {
    const model = { ...modelOf(flags, policy), profile, startMs, policy };
    return { policy: name, ...simulate(model) };
  });
  if (flags.output === 'json')
    io.stdout.write(`${JSON.stringify({ begin: new Date(startMs).toISOString(), policies: results })}\n`);
  else {
    const begin = beginWords(startMs, flags, policies);
    io.stdout.write(`${begin}\n${printText(results, profileDurationMs(profile), io.stdout.columns ?? 80)}`);
  }
  return 0;
}

interface Named {
  readonly name: string;
  readonly policy: Policy;
}

/** What is asked is what a policy would do once it is let: held back, it would never scale. One direction alone says something. */
function asActive({ name, policy }: Named, io: Io): Named {
  const { mode = 'Active', suspend, ...active } = policy;
  if (mode === 'Active') return { name, policy };
  const isHeld = suspend === undefined || (suspend.scaleUp && suspend.scaleDown);
  io.stderr.write(`${name}: its mode is ${mode}; simulated as ${isHeld ? 'Active' : 'it is'}.\n`);
  return isHeld ? { name, policy: active } : { name, policy };
}

/** The time at which the load begins, and whether it matters. */
function beginWords(startMs: number, { begin }: SimulateFlags, policies: readonly Named[]): string {
  const at = `begins ${new Date(startMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  if (begin !== undefined) return at;
  const hasSchedules = policies.some(({ policy }) => (policy.schedules ?? []).length > 0);
  return hasSchedules ? `${at}, which is now; schedules go by it: see --begin` : `${at}, which is now`;
}

function modelOf(flags: SimulateFlags, policy: Policy) {
  const { capacity, startUp, queue, patience = 60_000, replicas, seed } = flags;
  const signal: Signal = queue ? 'Backlog' : 'Load';
  const gates = flags.featureGates ?? defaultSimulationOptions.featureGates;
  return {
    app: {
      capacityPerSecond: capacity,
      start: { readySeconds: startUp / 1000 },
      ...(queue && { queue: { patienceSeconds: patience / 1000 } }),
    },
    signals: policy.metrics.map(() => signal),
    ...(replicas !== undefined && { startReplicas: replicas }),
    seed,
    options: { ...defaultSimulationOptions, featureGates: gates },
  };
}

function wholeMinute(ms: number): number {
  return Math.floor(ms / 60_000) * 60_000;
}

/** @throws UserError with all that is wrong, or where no policy is in the file */
function policiesOf(file: string): Named[] {
  const manifests = readManifests(file, readText(file)).filter(({ object }) =>
    ['CustomAutoscaler', 'HorizontalPodAutoscaler'].includes(String(object.kind)),
  );
  if (manifests.length === 0)
    throw new UserError(`${file}: there is no CustomAutoscaler or HorizontalPodAutoscaler in it`);
  return manifests.map(policyOf);
}

function policyOf({ origin, object }: Manifest) {
  const parsed = parseAutoscaler(object);
  if (!parsed.ok)
    throw new UserError(`${origin}: ${parsed.problems.map(({ message }) => message).join('; ')}`);
  return { name: `${origin}: ${parsed.policy.name}`, policy: parsed.policy };
}
