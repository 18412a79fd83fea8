import type { KubeClient } from '../../kube/client.ts';
import { KubeError } from '../../kube/errors.ts';
import { type Reflector, startReflector } from '../../kube/reflector.ts';
import { systemClock } from '../../lib/clock.ts';
import { errorMessage, UserError } from '../../lib/errors.ts';
import { silentLogger } from '../../lib/logger.ts';
import { hostOf, portOf } from '../../load/address.ts';
import type { ClusterFeed } from '../../load/cluster-feed.ts';
import type { LoadOptions } from '../../load/load-options.ts';
import { autoscalersPath, collectionPath } from '../../operator/names.ts';
import { openPlace } from '../place.ts';
import { ClusterWatcher } from './cluster-watcher.ts';
import { addressesOf, findWatched, type Found } from './find-watched.ts';
import type { Aim } from './way-in.ts';

/** Which cluster, and what of it; each may be absent. */
export interface ClusterFlags {
  readonly kubeconfig?: string;
  readonly autoscaler?: string;
  readonly namespace?: string;
}

/** A cluster that is watched until it is disposed of. */
export interface ClusterWatch extends AsyncDisposable {
  readonly feed: ClusterFeed;
  readonly inCluster: boolean;
  /** What is watched, in words. */
  readonly words: string;
  /** Watches that are broken now, in words. */
  troubles(): string[];
}

/** How long the first lists may take. */
const syncedWithinMs = 10_000;

/**
 * Watches the autoscaler, its target, the endpoints and the events, and knows all of them when it resolves. Without a kubeconfig
 * flag it is the one that kubectl would take.
 * @throws UserError when there is nothing to watch, or the cluster cannot be asked
 */
export async function watchCluster(
  flags: ClusterFlags,
  options: LoadOptions,
  signal: AbortSignal,
): Promise<ClusterWatch> {
  const { client, namespace } = openPlace(flags);
  await using ending = new AsyncDisposableStack();
  ending.defer(async () => client.close());
  try {
    const found = await findWatched(client, {
      ...{ namespace, aim: await aimOf(options), signal },
      ...(flags.autoscaler === undefined ? {} : { autoscaler: flags.autoscaler }),
    });
    const stop = new AbortController();
    const feed = new ClusterWatcher(found.watched);
    const reflectors = startReflectors(client, found, feed, AbortSignal.any([signal, stop.signal]));
    ending.defer(async () => {
      stop.abort();
      await Promise.all(Object.values(reflectors).map((reflector) => reflector.done));
    });
    await synced(reflectors, signal);
    const kept = ending.move();
    return {
      ...{ feed, inCluster: found.inCluster, words: wordsOf(found) },
      troubles: () => troublesOf(reflectors),
      [Symbol.asyncDispose]: async () => kept.disposeAsync(),
    };
  } catch (cause) {
    if (signal.aborted) throw new UserError('interrupted before the load began', { exitCode: 130, cause });
    if (!(cause instanceof KubeError)) throw cause;
    throw new UserError(
      `cannot watch the cluster at ${client.server}: ${errorMessage(cause)}; check --kubeconfig and --namespace, or leave them out`,
      { cause },
    );
  }
}

async function aimOf({ url, request }: LoadOptions): Promise<Aim> {
  const hostname = hostOf(url);
  const header = request?.headers
    ?.find((line) => /^host:/i.test(line))
    ?.slice('host:'.length)
    .trim();
  return {
    addresses: await addressesOf(hostname),
    port: portOf(url) ?? 0, // Of another scheme, which the load refuses.
    host: header?.replace(/:\d+$/, '') ?? hostname,
    path: url.pathname,
  };
}

/** By the names that messages use. */
function startReflectors(
  client: KubeClient,
  { namespace, workloadsPath, services, watched }: Found,
  watcher: ClusterWatcher,
  signal: AbortSignal,
): Readonly<Record<string, Reflector>> {
  const options = { client, clock: systemClock, random: Math.random, logger: silentLogger, signal };
  const project = (object: unknown): never => object as never;
  const slices = `kubernetes.io/service-name in (${services.join(',')})`;
  return {
    CustomAutoscaler: startReflector({
      ...{ ...options, project },
      ...{ path: autoscalersPath(namespace), handler: watcher.autoscalers },
    }),
    [watched.target.kind]: startReflector({
      ...{ ...options, project, path: workloadsPath, handler: watcher.workloads },
    }),
    EndpointSlices: startReflector({
      ...{ ...options, project, labelSelector: slices, handler: watcher.slices },
      path: collectionPath('discovery.k8s.io/v1', 'endpointslices', namespace),
    }),
    events: startReflector({
      ...{ ...options, project, handler: watcher.events },
      path: collectionPath('events.k8s.io/v1', 'events', namespace),
    }),
  };
}

/** @throws UserError when a first list does not come */
async function synced(reflectors: Readonly<Record<string, Reflector>>, signal: AbortSignal): Promise<void> {
  const given = new AbortController();
  const late = systemClock.sleep(syncedWithinMs, AbortSignal.any([signal, given.signal]));
  const all = Promise.all(Object.values(reflectors).map((reflector) => reflector.firstSync));
  await Promise.race([all, late]);
  given.abort();
  if (signal.aborted || Object.values(reflectors).every((reflector) => reflector.synced)) return;
  throw new UserError(
    `cannot watch the cluster: ${troublesOf(reflectors).join('; ') || 'no answer'}; may this user list and watch them?`,
  );
}

function troublesOf(reflectors: Readonly<Record<string, Reflector>>): string[] {
  return Object.entries(reflectors).flatMap(([name, { failure }]) =>
    failure === undefined ? [] : [`watching ${name}: ${failure}`],
  );
}

function wordsOf({ watched, namespace, services }: Found): string {
  const { autoscaler, target } = watched;
  return `CustomAutoscaler ${autoscaler} of ${target.kind}/${target.name}, Service ${services.join(', ')}, namespace ${namespace}`;
}
