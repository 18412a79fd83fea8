import { Command } from 'commander';
import { createLogger } from '../lib/logger.ts';
import { UserError } from '../lib/errors.ts';
import { runOperator } from '../operator/operator.ts';
import { bindAddress, count, duration, number, positiveDuration } from './flags.ts';
import type { Io } from './io.ts';

/** The HPA controller's names for the same things. */
export const operatorFlagAliases: Readonly<Record<string, string>> = {
  '--horizontal-pod-autoscaler-sync-period': '--sync-period',
  '--horizontal-pod-autoscaler-tolerance': '--tolerance',
  '--horizontal-pod-autoscaler-downscale-stabilization': '--downscale-stabilization',
  '--horizontal-pod-autoscaler-cpu-initialization-period': '--cpu-initialization-period',
  '--horizontal-pod-autoscaler-initial-readiness-delay': '--initial-readiness-delay',
  '--concurrent-horizontal-pod-autoscaler-syncs': '--concurrent-syncs',
};

interface OperatorFlags {
  readonly kubeconfig?: string;
  readonly namespace?: string;
  readonly syncPeriod: number;
  readonly tolerance: number;
  readonly downscaleStabilization: number;
  readonly cpuInitializationPeriod: number;
  readonly initialReadinessDelay: number;
  readonly concurrentSyncs: number;
  readonly bindAddress: { host: string; port: number } | undefined;
  readonly logFormat: 'json' | 'text';
  readonly featureGates: string;
}

export function operatorCommand(io: Io, done: (exitCode: number) => void): Command {
  return new Command('operator')
    .description(
      'Run the operator: watch CustomAutoscalers, decide, scale; against any cluster that the kubeconfig reaches',
    )
    .option(
      '--kubeconfig <file>',
      'default: $KUBECONFIG, ~/.kube/config, or the service account inside a cluster',
    )
    .option('--namespace <name>', 'serve only this namespace (default: all)')
    .option(
      '--sync-period <duration>',
      'time between two decisions of one autoscaler',
      positiveDuration,
      15_000,
    )
    .option(
      '--tolerance <ratio>',
      'change of usage against target below which nothing is scaled',
      tolerance,
      0.1,
    )
    .option(
      '--downscale-stabilization <duration>',
      'the highest recommendation of this time wins',
      duration,
      300_000,
    )
    .option(
      '--cpu-initialization-period <duration>',
      'time after start in which CPU samples may be skipped',
      duration,
      300_000,
    )
    .option(
      '--initial-readiness-delay <duration>',
      'time after start in which an unready pod never was ready',
      duration,
      30_000,
    )
    .option('--concurrent-syncs <n>', 'autoscalers decided at the same time', count, 20)
    .option(
      '--bind-address <host:port>',
      '/healthz, /readyz and /metrics; 0 serves none',
      bindAddress,
      bindAddress('127.0.0.1:8080'),
    )
    .option(
      '--feature-gates <gates>',
      'HPAScaleToZero, HPAConfigurableTolerance, PodLevelResources: NAME=true|false,...',
      '',
    )
    .option('--log-format <format>', 'json or text (default: text on a terminal, json elsewhere)')
    .addHelpText(
      'after',
      `
The HPA controller's long flag names (--horizontal-pod-autoscaler-sync-period and so on) work too.

Example:
  plimsoll operator --kubeconfig ./plimsoll.kubeconfig --sync-period 5s`,
    )
    .action(async (flags: OperatorFlags) => {
      await runOperator(operatorOptions(flags), {
        signal: io.signal,
        logger: createLogger({ format: logFormat(flags, io), stream: io.stderr }),
      });
      done(0);
    });
}

function tolerance(text: string): number {
  return number(text, { min: 0, max: 1000, what: 'a ratio of 0 or more, such as 0.1 for 10 %' });
}
