import type { KubeClient } from '../kube/client.ts';
import { isKubeError } from '../kube/errors.ts';
import type { KubeErrorType } from '../kube/errors.ts';
import type { Clock } from '../lib/clock.ts';
import { errorMessage, UserError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import { newLease } from '../kube/lease-record.ts';
import { leasesPath } from '../kube/lease.ts';
import { watchedPaths } from './caches.ts';
import type { LeaderElectionOptions } from './options.ts';

export interface StartCheck {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly namespace: string | undefined;
  /** Where the Lease is or will be; undefined: none is needed. */
  readonly lease: LeasePlace | undefined;
  readonly signal: AbortSignal;
}

type LeasePlace = Pick<LeaderElectionOptions, 'namespace' | 'name'>;

/** A definition that was applied a moment ago is served a little later. */
const crdTries = 4;
const crdWaitMs = 500;

/** What the operator goes without where it is not served, and what that means. */
const dispensable: Readonly<Record<string, string>> = {
  deployments: 'the scales of Deployments are asked for one by one',
  statefulsets: 'the scales of StatefulSets are asked for one by one',
  replicasets: 'the scales of ReplicaSets are asked for one by one',
  horizontalpodautoscalers: 'there are none that could scale the same targets',
};

/**
 * Looks whether the operator can work at all, while somebody is there to read why not. What may heal by itself (metrics) is only
 * a warning.
 * @returns the watched resources that the server does not serve
 * @throws UserError when the server cannot be reached, does not let us in or near the Lease, or does not know CustomAutoscalers
 */
export async function checkStart(check: StartCheck): Promise<{ readonly absent: ReadonlySet<string> }> {
  const { customautoscalers = '', ...others } = watchedPaths(check.namespace);
  await canList(customautoscalers, check, crdTries);
  const absent = new Set<string>();
  for (const [resource, path] of Object.entries(others)) {
    if (await isServed(resource, path, check)) continue;
    absent.add(resource);
    check.logger.warn({ resource, path }, `not served: ${dispensable[resource] ?? ''}`);
  }
  if (check.lease !== undefined) await checkLease(check.lease, check);
  await checkMetrics(check);
  return { absent };
}

async function isServed(resource: string, path: string, check: StartCheck): Promise<boolean> {
  try {
    await canList(path, check, 1);
    return true;
  } catch (error) {
    const cause = error instanceof UserError ? error.cause : undefined;
    if (isKubeError(cause, 'NotFound') && resource in dispensable) return false;
    throw error;
  }
}

/** Tries what the election will do, without doing it. What may heal by itself is left to the election, which tries again. */
async function checkLease({ namespace, name }: LeasePlace, { client, signal }: StartCheck): Promise<void> {
  const collection = leasesPath(namespace);
  const path = `${collection}/${encodeURIComponent(name)}`;
  const call = { query: { dryRun: 'All' }, signal };
  try {
    const lease = await client.get(path, { signal }).catch(undefinedIfAbsent);
    if (lease === undefined) await client.create(collection, newLease(namespace, name), call);
    else await client.replace(path, lease, call);
  } catch (error) {
    const next = isKubeError(error, 'Forbidden', 'NotFound') ? leaseAdvice[error.type] : undefined;
    if (next === undefined) return;
    const message = `Lease ${namespace}/${name}: ${error instanceof Error ? error.message : ''}; ${next}`;
    throw new UserError(message, { cause: error });
  }
}

const leaseAdvice: Partial<Record<KubeErrorType, string>> = {
  Forbidden:
    'grant the operator its Role for Leases in that namespace (deploy/), or run the only operator of a cluster with --leader-elect=false',
  NotFound: 'create the namespace, or name another with --leader-elect-resource-namespace',
};

function undefinedIfAbsent(error: unknown): undefined {
  if (!isKubeError(error, 'NotFound')) throw error;
}

async function checkMetrics({ client, logger, signal }: StartCheck): Promise<void> {
  try {
    await client.get('/apis/metrics.k8s.io/v1beta1', { signal });
  } catch (error) {
    if (isKubeError(error, 'Aborted')) return;
    logger.warn(
      { error: errorMessage(error) },
      'no metrics API (metrics.k8s.io): CPU and memory cannot be read until metrics-server is installed',
    );
  }
}

async function canList(path: string, { client, clock, signal }: StartCheck, tries: number): Promise<void> {
  try {
    await client.get(path, { query: { limit: 1 }, signal });
  } catch (error) {
    if (isKubeError(error, 'Aborted')) return;
    if (!isKubeError(error, 'NotFound') || tries <= 1) throw userError(error, client.server);
    await clock.sleep(crdWaitMs, signal);
    await canList(path, { client, clock, signal } as StartCheck, tries - 1);
  }
}

/** What to do next, by what went wrong. */
const advice: Partial<Record<KubeErrorType, string>> = {
  Unreachable: 'is the cluster running, and is it the one that the kubeconfig names?',
  Timeout: 'is the cluster running, and is it the one that the kubeconfig names?',
  Unauthorized: 'log in again, or name another kubeconfig with --kubeconfig',
  Forbidden: 'grant the operator its ClusterRole, or serve one namespace with --namespace',
};

function userError(error: unknown, server: string): UserError {
  if (isKubeError(error, 'NotFound')) {
    const message = `the cluster at ${server} does not know CustomAutoscalers; install them first: kubectl apply -f crds/`;
    return new UserError(message, { cause: error });
  }
  const next = error instanceof Error && 'type' in error ? advice[error.type as KubeErrorType] : undefined;
  return new UserError(`${errorMessageOnce(error)}${next === undefined ? '' : `; ${next}`}`, {
    cause: error,
  });
}

/** A KubeError's message holds its cause already. */
function errorMessageOnce(error: unknown): string {
  return error instanceof Error ? error.message : errorMessage(error);
}
