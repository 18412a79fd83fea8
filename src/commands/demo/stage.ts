import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDevCluster } from '../../devcluster/dev-cluster.ts';
import { addressAnnotation } from '../../devcluster/network/service-proxy.ts';
import type { KubeClient } from '../../kube/client.ts';
import { systemClock } from '../../lib/clock.ts';
import { errorMessage, UserError } from '../../lib/errors.ts';
import { silentLogger } from '../../lib/logger.ts';
import { runOperator } from '../../operator/operator.ts';
import { defaultControllerOptions, defaultOperatorOptions } from '../../operator/options.ts';
import { imageTable, installedCrds, packagedObjects } from '../assets.ts';
import type { Io } from '../io.ts';
import { CpuReader } from './cpu-reader.ts';
import { Observer } from './observer.ts';
import { shortened, type Variant, variants } from './scenario.ts';

/** Everything that has been started, ended in the reverse order on every way out. */
export type Ending = AsyncDisposableStack;

const namespace = 'default';
export const name = 'walkthrough';
const readyWithinMs = 60_000;

/** @param trouble is told what goes wrong inside the cluster */
export async function startCluster(
  io: Io,
  ending: Ending,
  trouble: (line: string) => void,
): Promise<{ url: string; kubeconfig: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-demo-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  io.onExit(remove); // Also on the ways out that wait for nothing.
  ending.defer(remove);
  const cluster = await startDevCluster({
    port: 0,
    crds: await installedCrds(),
    images: imageTable(),
    metricsWindowMs: shortened.metricsWindowMs,
    log: trouble,
  });
  io.onExit(() => cluster.killAllNow());
  ending.defer(async () => cluster.close());
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, cluster.kubeconfig, { mode: 0o600 });
  return { url: cluster.url, kubeconfig };
}

/** What `kubectl apply -k examples/walkthrough/` does. */
export async function applyWalkthrough(
  client: KubeClient,
  { operator, by }: { readonly operator: boolean; readonly by: Variant },
  io: Io,
  ending: Ending,
): Promise<Observer> {
  const collections: Readonly<Record<string, string>> = {
    Deployment: `/apis/apps/v1/namespaces/${namespace}/deployments`,
    Service: `/api/v1/namespaces/${namespace}/services`,
    CustomAutoscaler: `/apis/plimsoll.dev/v1/namespaces/${namespace}/customautoscalers`,
  };
  for (const file of ['deployment', 'service', variants[by]]) {
    for (const object of await packagedObjects(`examples/walkthrough/${file}.yaml`)) {
      await client.create(collections[object.kind] ?? '', object, { signal: io.signal });
      io.stderr.write(`Applied ${object.kind} ${object.metadata.name}.\n`);
    }
  }
  const stop = new AbortController();
  const observer = new Observer(client, {
    ...{ namespace, name, logger: silentLogger, signal: stop.signal },
    ...(operator && by === 'cpu' ? {} : { cpu: new CpuReader(client, namespace, stop.signal) }),
  });
  ending.defer(async () => {
    stop.abort();
    await observer.done();
  });
  return observer;
}

/** Waits until the first pod is ready and the Service answers. @returns the Service's address */
export async function untilReady(observer: Observer, client: KubeClient, io: Io): Promise<URL> {
  await until(
    'the first pod of the example app is ready',
    readyWithinMs,
    io.signal,
    () => observer.now().readyReplicas >= 1,
  );
  const path = `/api/v1/namespaces/${namespace}/services/${name}`;
  const service = (await client.get(path, { signal: io.signal })) as {
    metadata: { annotations?: Record<string, string> };
  };
  const address = service.metadata.annotations?.[addressAnnotation];
  if (address === undefined)
    throw new UserError(`the Service ${name} has no address; see docs/dev-cluster.md`, { exitCode: 1 });
  io.stderr.write(`First pod ready; the Service answers at http://${address}/\n`);
  return new URL(`http://${address}/`);
}

/** Before that, the operator would say that it has no metrics. */
export async function untilMeasured(client: KubeClient, io: Io): Promise<void> {
  io.stderr.write('Waiting for the first CPU reading of the pod in metrics.k8s.io ...\n');
  const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods`;
  await until('metrics.k8s.io has a reading of the pod', readyWithinMs, io.signal, async () => {
    const { items } = (await client.get(path, { signal: io.signal })) as { items: unknown[] };
    return items.length > 0;
  });
}

export function startOperator(kubeconfig: string, io: Io, ending: Ending): void {
  const stop = new AbortController();
  const running = runOperator(
    {
      ...defaultOperatorOptions,
      kubeconfig,
      syncPeriodMs: shortened.syncPeriodMs,
      concurrentSyncs: 1,
      bindAddress: undefined,
      statusMetricsIntervalMs: 0, // The view shows the CPU that status tells of.
      controller: {
        ...defaultControllerOptions,
        downscaleStabilizationMs: shortened.downscaleStabilizationMs,
        cpuInitializationPeriodMs: shortened.cpuInitializationPeriodMs,
        initialReadinessDelayMs: shortened.initialReadinessDelayMs,
      },
    },
    { signal: stop.signal, logger: silentLogger },
  );
  running.catch((error: unknown) => io.stderr.write(`The operator ended: ${errorMessage(error)}\n`));
  ending.defer(async () => {
    stop.abort();
    await running.catch(() => undefined); // Told above.
  });
}

async function until(
  what: string,
  limitMs: number,
  signal: AbortSignal,
  check: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await check())) {
    if (signal.aborted) throw new Error('interrupted');
    if (performance.now() > deadline) {
      throw new UserError(
        `not within ${limitMs / 1000} s: ${what}; run it again, and see docs/dev-cluster.md if it stays so`,
        {
          exitCode: 1,
        },
      );
    }
    await systemClock.sleep(50, signal);
  }
}
