import { parseAutoscaler } from '../../api/parse.ts';
import type { ControllerOptions, Policy } from '../../decide/policy.ts';
import { UserError } from '../../lib/errors.ts';
import { profileDurationMs } from '../../lib/load-profile.ts';
import { readManifests } from '../../migrate/manifests.ts';
import type { Manifest } from '../../migrate/manifests.ts';
import { simulate } from '../../replay/simulate.ts';
import type { Simulation } from '../../replay/simulate.ts';
import { defaultSimulationOptions } from '../../replay/simulation/model.ts';
import type { Signal } from '../../replay/simulation/model.ts';
import type { Io } from '../io.ts';
import { readProfile, readText } from '../profile-flag.ts';
import { printText } from './print-text.ts';

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

/** One policy, and what it would have done. */
export interface Simulated extends Simulation {
  /** `office.yaml: intranet` */
  readonly policy: string;
}

/** @returns the process's exit code */
export function runSimulate(files: readonly string[], flags: SimulateFlags, io: Io): number {
  if (flags.patience !== undefined && !flags.queue)
    throw new UserError('--patience is for work that waits: give --queue too');
  const policies = files.flatMap(policiesOf);
  const profile = readProfile(flags.profile);
  const startMs = flags.begin ?? wholeMinute(Date.now());
  const results = policies.map(({ name, policy }): Simulated => {
    const model = { ...modelOf(flags, policy), profile, startMs, policy };
    return { policy: name, ...simulate(model) };
  });
  if (flags.output === 'json')
    io.stdout.write(`${JSON.stringify({ begin: new Date(startMs).toISOString(), policies: results })}\n`);
  else io.stdout.write(printText(results, profileDurationMs(profile), io.stdout.columns ?? 80));
  return 0;
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
function policiesOf(file: string): { readonly name: string; readonly policy: Policy }[] {
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
