import { Command, InvalidArgumentError, Option } from 'commander';
import type { ControllerOptions } from '../decide/policy.ts';
import { errorMessage } from '../lib/errors.ts';
import { createLogger } from '../lib/logger.ts';
import { parseSelector } from '../lib/selector.ts';
import { defaultOperatorOptions, type OperatorOptions } from '../operator/options.ts';
import { wantsColor } from '../report/style.ts';
import { bindAddress, count, durationOption, number, positiveDuration } from './flags.ts';
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
  readonly selector?: string;
  readonly syncPeriod: number;
  readonly tolerance: number;
  readonly downscaleStabilization: number;
  readonly cpuInitializationPeriod: number;
  readonly initialReadinessDelay: number;
  readonly concurrentSyncs: number;
  readonly bindAddress: { host: string; port: number } | false;
  readonly logFormat?: 'json' | 'text';
  readonly featureGates: FeatureGates;
}

type FeatureGates = ControllerOptions['featureGates'];

export function operatorCommand(io: Io, done: (exitCode: number) => void): Command {
  const command = new Command('operator').description(
    'Run the operator: watch CustomAutoscalers, decide, scale; on any cluster that the kubeconfig reaches',
  );
  for (const option of [...servingOptions(), ...decisionOptions()]) command.addOption(option);
  return command
    .addHelpText(
      'after',
      `
The HPA controller's long flag names work too:
--horizontal-pod-autoscaler-sync-period and so on.

Example:
  plimsoll operator --kubeconfig ./plimsoll.kubeconfig --sync-period 5s`,
    )
    .action(async (flags: OperatorFlags) => {
      const format = flags.logFormat ?? (io.stderr.isTTY === true ? 'text' : 'json');
      const logger = createLogger({ format, stream: io.stderr, color: wantsColor(io.stderr, io.env) });
      const { runOperator } = await import('../operator/operator.ts'); // Late: it loads the whole API client.
      await runOperator(operatorOptions(flags), { signal: io.signal, logger });
      done(0);
    });
}

/** Whom it serves, and how it is looked at. */
function servingOptions(): Option[] {
  const { bindAddress: address } = defaultOperatorOptions;
  return [
    new Option(
      '--kubeconfig <file>',
      'default: $KUBECONFIG, ~/.kube/config, or the service account inside a cluster',
    ),
    new Option('--namespace <name>', 'serve only this namespace (default: all)'),
    new Option(
      '--selector <labels>',
      'serve only autoscalers with these labels, such as team=web (default: all)',
    ).argParser(labels),
    new Option('--bind-address <host:port>', '/healthz, /readyz and /metrics; 0 serves none')
      .argParser(bindAddress)
      .default(address ?? false, address === undefined ? '0' : `${address.host}:${address.port}`),
    new Option('--log-format <format>', 'default: text on a terminal, json elsewhere').choices([
      'json',
      'text',
    ]),
  ];
}

/** The HPA controller's flags, in its order. */
function decisionOptions(): Option[] {
  const { controller, syncPeriodMs, concurrentSyncs } = defaultOperatorOptions;
  const { downscaleStabilizationMs, cpuInitializationPeriodMs, initialReadinessDelayMs } = controller;
  const time = (name: string, description: string, defaultMs: number): Option =>
    durationOption(
      `--${name} <duration>`,
      description,
      defaultMs,
      name === 'sync-period' ? syncPeriod : undefined,
    );
  return [
    time('sync-period', 'time between two decisions of one autoscaler, at least 1s', syncPeriodMs),
    new Option('--tolerance <ratio>', 'change of usage against target below which nothing is scaled')
      .argParser(tolerance)
      .default(controller.tolerance),
    time('downscale-stabilization', 'the highest recommendation of this time wins', downscaleStabilizationMs),
    time(
      'cpu-initialization-period',
      'time after start in which CPU samples may be skipped',
      cpuInitializationPeriodMs,
    ),
    time(
      'initial-readiness-delay',
      'an unready pod whose readiness last changed within this time of its start was never ready',
      initialReadinessDelayMs,
    ),
    new Option('--concurrent-syncs <n>', 'autoscalers decided at the same time')
      .argParser(count)
      .default(concurrentSyncs),
    new Option('--feature-gates <gates>', `NAME=true|false, comma-separated; ${gateNames().join(', ')}`)
      .argParser(featureGates)
      .default(controller.featureGates, 'as in Kubernetes 1.36'),
  ];
}

function operatorOptions(flags: OperatorFlags): OperatorOptions {
  return {
    ...(flags.kubeconfig === undefined ? {} : { kubeconfig: flags.kubeconfig }),
    ...(flags.namespace === undefined ? {} : { namespace: flags.namespace }),
    ...(flags.selector === undefined ? {} : { selector: flags.selector }),
    syncPeriodMs: flags.syncPeriod,
    concurrentSyncs: flags.concurrentSyncs,
    bindAddress: flags.bindAddress === false ? undefined : flags.bindAddress,
    controller: {
      tolerance: flags.tolerance,
      downscaleStabilizationMs: flags.downscaleStabilization,
      cpuInitializationPeriodMs: flags.cpuInitializationPeriod,
      initialReadinessDelayMs: flags.initialReadinessDelay,
      featureGates: flags.featureGates,
    },
  };
}

function syncPeriod(text: string): number {
  const ms = positiveDuration(text);
  if (ms < 1000) throw new InvalidArgumentError('Allowed is 1s or longer.');
  return ms;
}

function tolerance(text: string): number {
  return number(text, { min: 0, max: 1000, what: 'a ratio of 0 or more, such as 0.1 for 10 %' });
}

function labels(text: string): string {
  try {
    return parseSelector(text).toString();
  } catch (error) {
    throw new InvalidArgumentError(
      `Allowed is a label selector such as team=web,tier!=test: ${errorMessage(error)}.`,
    );
  }
}

const gateNames = (): string[] => Object.keys(defaultOperatorOptions.controller.featureGates);

function featureGates(text: string): FeatureGates {
  const given = text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const [name = '', value = ''] = part.split('=');
      if (!gateNames().includes(name) || !/^(true|false)$/.test(value)) {
        throw new InvalidArgumentError(
          `Allowed are NAME=true and NAME=false with NAME one of ${gateNames().join(', ')}, not "${part}".`,
        );
      }
      return [name, value === 'true'] as const;
    });
  return { ...defaultOperatorOptions.controller.featureGates, ...Object.fromEntries(given) };
}
