import { readFileSync } from 'node:fs';
import type { ControllerOptions } from '../../decide/policy.ts';
import { formatDuration } from '../../lib/duration.ts';
import { UserError } from '../../lib/errors.ts';
import { leaseName } from '../../operator/lease-name.ts';
import type { LeaderElectionOptions, OperatorOptions } from '../../operator/options.ts';
import type { Io } from '../io.ts';
import { prometheusServers, type PrometheusFlags } from '../prometheus-flags.ts';

/** As commander has them: what has no default may be absent; times in milliseconds. */
export interface OperatorFlags extends PrometheusFlags {
  readonly kubeconfig?: string;
  readonly namespace?: string;
  readonly selector?: string;
  readonly syncPeriod: number;
  readonly tolerance: number;
  readonly downscaleStabilization: number;
  readonly cpuInitializationPeriod: number;
  readonly initialReadinessDelay: number;
  readonly concurrentSyncs: number;
  readonly metricTimeout: number;
  readonly podScrapeTimeout: number;
  readonly podScrapeConcurrency: number;
  readonly statusMetricsInterval: number;
  readonly perAutoscalerMetrics: boolean;
  readonly kubeApiQps: number;
  readonly kubeApiBurst: number;
  readonly leaderElect?: boolean;
  readonly leaderElectLeaseDuration: number;
  readonly leaderElectRenewDeadline: number;
  readonly leaderElectRetryPeriod: number;
  readonly leaderElectResourceNamespace?: string;
  readonly leaderElectResourceName?: string;
  readonly bindAddress: { host: string; port: number } | false;
  readonly logFormat?: 'json' | 'text';
  readonly featureGates: ControllerOptions['featureGates'];
}

/** @throws UserError for servers and times that cannot work, and when no namespace for the Lease is known */
export function operatorOptions(flags: OperatorFlags, env: Io['env']): OperatorOptions {
  return {
    ...(flags.kubeconfig === undefined ? {} : { kubeconfig: flags.kubeconfig }),
    ...(flags.namespace === undefined ? {} : { namespace: flags.namespace }),
    ...(flags.selector === undefined ? {} : { selector: flags.selector }),
    ...(env.POD_NAME === undefined ? {} : { instance: env.POD_NAME }),
    syncPeriodMs: flags.syncPeriod,
    concurrentSyncs: flags.concurrentSyncs,
    metricTimeoutMs: flags.metricTimeout,
    podScrapeTimeoutMs: flags.podScrapeTimeout,
    podScrapeConcurrency: flags.podScrapeConcurrency,
    prometheusServers: prometheusServers(flags),
    statusMetricsIntervalMs: flags.statusMetricsInterval,
    bindAddress: flags.bindAddress === false ? undefined : flags.bindAddress,
    perAutoscalerMetrics: flags.perAutoscalerMetrics,
    kubeApiQps: flags.kubeApiQps,
    kubeApiBurst: flags.kubeApiBurst,
    leaderElection: leaderElection(flags, env),
    controller: {
      tolerance: flags.tolerance,
      downscaleStabilizationMs: flags.downscaleStabilization,
      cpuInitializationPeriodMs: flags.cpuInitializationPeriod,
      initialReadinessDelayMs: flags.initialReadinessDelay,
      featureGates: flags.featureGates,
    },
  };
}

/** @throws UserError for times that cannot work, and when no namespace for the Lease is known */
function leaderElection(flags: OperatorFlags, env: Io['env']): LeaderElectionOptions | undefined {
  const inCluster = env.KUBERNETES_SERVICE_HOST !== undefined && flags.kubeconfig === undefined;
  if (!(flags.leaderElect ?? inCluster)) return undefined;
  const namespace =
    flags.leaderElectResourceNamespace ?? env.POD_NAMESPACE ?? (inCluster ? ownNamespace() : undefined);
  if (namespace === undefined)
    throw new UserError(
      '--leader-elect: the namespace of the Lease is not known outside a cluster; give --leader-elect-resource-namespace, or set POD_NAMESPACE',
    );
  const { namespace: served, selector } = flags;
  const name =
    flags.leaderElectResourceName ?? leaseName({ namespace: served, selector, leaseNamespace: namespace });
  const leaseDurationMs = flags.leaderElectLeaseDuration;
  const renewDeadlineMs = flags.leaderElectRenewDeadline;
  const retryPeriodMs = flags.leaderElectRetryPeriod;
  if (!(leaseDurationMs > renewDeadlineMs && renewDeadlineMs > retryPeriodMs)) {
    const [lease, renew, retry] = [leaseDurationMs, renewDeadlineMs, retryPeriodMs].map(formatDuration);
    throw new UserError(
      `--leader-elect-lease-duration ${lease}, --leader-elect-renew-deadline ${renew}, --leader-elect-retry-period ${retry}: each must be longer than the next`,
    );
  }
  return { namespace, name, leaseDurationMs, renewDeadlineMs, retryPeriodMs };
}

/** Of the service account, where Kubernetes puts it. */
function ownNamespace(): string | undefined {
  try {
    return readFileSync('/var/run/secrets/kubernetes.io/serviceaccount/namespace', 'utf8').trim();
  } catch {
    return undefined; // not mounted: then it must be named
  }
}
