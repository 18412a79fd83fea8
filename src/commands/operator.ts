import { Command, InvalidArgumentError, Option } from 'commander';
import type { ControllerOptions } from '../decide/policy.ts';
import { errorMessage } from '../lib/errors.ts';
import { createLogger } from '../lib/logger.ts';
import { parseSelector } from '../lib/selector.ts';
import { defaultLeaseTimes, defaultOperatorOptions } from '../operator/options.ts';
import { wantsColor } from '../report/style.ts';
import {
  bindAddress,
  count,
  durationOption,
  namespaceName,
  number,
  positiveDuration,
  trueOrFalse,
} from './flags.ts';
import type { Io } from './io.ts';
import { operatorOptions, type OperatorFlags } from './operator/options.ts';
import { prometheusOptions } from './prometheus-flags.ts';

/** The HPA controller's names for the same things. */
export const operatorFlagAliases: Readonly<Record<string, string>> = {
  '--horizontal-pod-autoscaler-sync-period': '--sync-period',
  '--horizontal-pod-autoscaler-tolerance': '--tolerance',
  '--horizontal-pod-autoscaler-downscale-stabilization': '--downscale-stabilization',
  '--horizontal-pod-autoscaler-cpu-initialization-period': '--cpu-initialization-period',
  '--horizontal-pod-autoscaler-initial-readiness-delay': '--initial-readiness-delay',
  '--concurrent-horizontal-pod-autoscaler-syncs': '--concurrent-syncs',
};

type FeatureGates = ControllerOptions['featureGates'];

export function operatorCommand(io: Io, done: (exitCode: number) => void): Command {
  const command = new Command('operator').description(
    'Run the operator: watch CustomAutoscalers, decide, scale; on any cluster that the kubeconfig reaches',
  );
  for (const option of [
    ...servingOptions(),
    ...decisionOptions(),
    ...scrapeOptions(),
    ...prometheusOptions(),
    ...electionOptions(),
  ])
    command.addOption(option);
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
      await runOperator(operatorOptions(flags, io.env), { signal: io.signal, logger });
      done(0);
    });
}

/** Whom it serves, and how it is looked at. */
function servingOptions(): Option[] {
  const { bindAddress: address, perAutoscalerMetrics, statusMetricsIntervalMs } = defaultOperatorOptions;
  const { kubeApiQps, kubeApiBurst } = defaultOperatorOptions;
  return [
    new Option(
      '--kubeconfig <file>',
      'default: $KUBECONFIG, ~/.kube/config, or the service account inside a cluster',
    ),
    new Option('--namespace <name>', 'serve only this namespace (default: all)').argParser(namespaceName),
    new Option(
      '--selector <labels>',
      'serve only autoscalers with these labels, such as team=web (default: all)',
    ).argParser(labels),
    new Option('--bind-address <host:port>', '/healthz, /readyz, /metrics and /decisions/; 0 serves none')
      .argParser(bindAddress)
      .default(address ?? false, address === undefined ? '0' : `${address.host}:${address.port}`),
    new Option('--per-autoscaler-metrics [boolean]', 'metrics with a series for each autoscaler')
      .argParser(trueOrFalse)
      .default(perAutoscalerMetrics),
    durationOption(
      '--status-metrics-interval <duration>',
      'metric values that change alone are written to the status once in this time; 0: each tick, as the HPA does',
      statusMetricsIntervalMs,
    ),
    new Option('--kube-api-qps <n>', 'requests a second to the API server in the long run; 0: no limit')
      .argParser(qps)
      .default(kubeApiQps),
    new Option('--kube-api-burst <n>', 'requests at once after a quiet time')
      .argParser(count)
      .default(kubeApiBurst),
    new Option('--log-format <format>', 'default: text on a terminal, json elsewhere').choices([
      'json',
      'text',
    ]),
  ];
}

/** The HPA controller's flags, in its order. */
function decisionOptions(): Option[] {
  const { controller, syncPeriodMs, concurrentSyncs, metricTimeoutMs } = defaultOperatorOptions;
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
    new Option(
      '--concurrent-syncs <n>',
      'autoscalers decided at the same time, of those that read the same sources of metrics',
    )
      .argParser(count)
      .default(concurrentSyncs),
    durationOption(
      '--metric-timeout <duration>',
      'deadline of each question to a source of metrics',
      metricTimeoutMs,
      positiveDuration,
    ),
    new Option('--feature-gates <gates>', `NAME=true|false, comma-separated; ${gateNames().join(', ')}`)
      .argParser(featureGates)
      .default(controller.featureGates, 'as in Kubernetes 1.36'),
  ];
}

/** How the pods of metrics of type PodScrape are read. */
function scrapeOptions(): Option[] {
  const { podScrapeTimeoutMs, podScrapeConcurrency } = defaultOperatorOptions;
  return [
    durationOption(
      '--pod-scrape-timeout <duration>',
      'how long one pod has to answer a scrape; all pods of a metric together have --metric-timeout',
      podScrapeTimeoutMs,
      positiveDuration,
    ),
    new Option('--pod-scrape-concurrency <n>', 'pods scraped at the same time, of all autoscalers')
      .argParser(count)
      .default(podScrapeConcurrency),
  ];
}

/** kube-controller-manager's flags. */
function electionOptions(): Option[] {
  const { leaseDurationMs, renewDeadlineMs, retryPeriodMs } = defaultLeaseTimes;
  const time = (name: string, description: string, defaultMs: number): Option =>
    durationOption(`--leader-elect-${name} <duration>`, description, defaultMs, positiveDuration);
  return [
    new Option(
      '--leader-elect [boolean]',
      'write only while holding a Lease, others stand by (default: true inside a cluster, else false)',
    ).argParser(trueOrFalse),
    time('lease-duration', 'how long others wait for a sign of life of the leader', leaseDurationMs),
    time('renew-deadline', 'how long after its last renewal a leader may write', renewDeadlineMs),
    time('retry-period', 'time between two tries to get or renew the Lease', retryPeriodMs),
    new Option(
      '--leader-elect-resource-namespace <name>',
      'namespace of the Lease (default: $POD_NAMESPACE, or that of the service account)',
    ).argParser(namespaceName),
    new Option(
      '--leader-elect-resource-name <name>',
      'name of the Lease (default: plimsoll, with a hash of --namespace and --selector where they are given)',
    ),
  ];
}

function qps(text: string): number {
  return number(text, { min: 0, max: 1_000_000, what: 'a number of 0 or more' });
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

export function featureGates(text: string): FeatureGates {
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
