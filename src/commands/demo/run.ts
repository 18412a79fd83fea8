import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DevCluster, startDevCluster } from '../../devcluster/dev-cluster.ts';
import { connect, type KubeClient } from '../../kube/client.ts';
import { systemClock } from '../../lib/clock.ts';
import { errorMessage, UserError } from '../../lib/errors.ts';
import { createLogger } from '../../lib/logger.ts';
import { profileDurationMs } from '../../load/profile.ts';
import { runLoad } from '../../load/run-load.ts';
import { runOperator } from '../../operator/operator.ts';
import { defaultControllerOptions } from '../../operator/options.ts';
import type { DemoResult } from '../../report/demo-result.ts';
import { renderDemoSummary, scaledUpAndBack } from '../../report/demo-summary.ts';
import { demoUpdate } from '../../report/demo-view.ts';
import { LiveView } from '../../report/live-view.ts';
import type { LoadProgress, LoadResult } from '../../report/load-result.ts';
import { imageTable, installedCrds, packagedObjects } from '../assets.ts';
import { type Io, viewOptions } from '../io.ts';
import { Observer } from './observer.ts';
import { loadProfile, phaseInWords, type Phases, shortened, shortenedInWords } from './scenario.ts';
import { Timeline } from './timeline.ts';

export interface DemoOptions {
  readonly phases: Phases;
  /** False: load without autoscaling. */
  readonly operator: boolean;
  readonly output: 'text' | 'json';
}

const namespace = 'default';
const name = 'walkthrough';
const readyWithinMs = 60_000;
const backWithinMs = 60_000;

/** Everything that has been started, ended in the reverse order on every way out. */
type Ending = AsyncDisposableStack;

/**
 * The walkthrough: cluster, app, operator, load, summary.
 * @returns 0 when the app was scaled up and back down, 1 when not, 130 when interrupted
 */
export async function runDemo(options: DemoOptions, io: Io): Promise<number> {
  await using ending = new AsyncDisposableStack();
  const say = (line: string): unknown => io.stderr.write(`${line}\n`);
  try {
    say('Starting the dev cluster: an embedded Kubernetes API whose pods are processes of this machine ...');
    const { cluster, kubeconfig } = await startCluster(io, ending);
    say(`Cluster ready at ${cluster.url}. Look into it from another terminal:`);
    say(`  kubectl --kubeconfig ${kubeconfig} get cas,pods -w`);
    const client = connect({ kubeconfig });
    ending.defer(async () => client.close());
    const observer = await applyWalkthrough(client, io, ending);
    const url = await untilReady(observer, client, io);
    await untilMeasured(client, io);
    for (const line of shortenedInWords()) say(line);
    if (options.operator) startOperator(kubeconfig, io, ending);
    else say('No operator: the load meets one pod, and nothing scales.');
    const result = await underLoad(url, observer, options, io);
    if (io.signal.aborted) return interrupted(io);
    const lines = options.output === 'json' ? [JSON.stringify(result)] : summary(result, io);
    io.stdout.write(`${lines.join('\n')}\n`);
    return scaledUpAndBack(result) ? 0 : 1;
  } catch (error) {
    if (io.signal.aborted) return interrupted(io);
    throw error;
  }
}

function interrupted(io: Io): number {
  io.stderr.write('Interrupted: stopping the load, the operator, the pods and the cluster.\n');
  return 130;
}

function summary(result: DemoResult, io: Io): string[] {
  return ['', ...renderDemoSummary(result, viewOptions(io.stdout, io))];
}

async function startCluster(io: Io, ending: Ending): Promise<{ cluster: DevCluster; kubeconfig: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-demo-'));
  ending.defer(async () => rm(folder, { recursive: true, force: true }));
  const cluster = await startDevCluster({
    port: 0,
    crds: await installedCrds(),
    images: imageTable(),
    metricsWindowMs: shortened.metricsWindowMs,
    log: () => undefined,
  });
  io.onExit(() => cluster.killAllNow());
  ending.defer(async () => cluster.close());
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, cluster.kubeconfig, { mode: 0o600 });
  return { cluster, kubeconfig };
}

/** What `kubectl apply -k examples/walkthrough/` does. */
async function applyWalkthrough(client: KubeClient, io: Io, ending: Ending): Promise<Observer> {
  const collections: Readonly<Record<string, string>> = {
    Deployment: `/apis/apps/v1/namespaces/${namespace}/deployments`,
    Service: `/api/v1/namespaces/${namespace}/services`,
    CustomAutoscaler: `/apis/plimsoll.dev/v1/namespaces/${namespace}/customautoscalers`,
  };
  for (const file of ['deployment', 'service', 'customautoscaler']) {
    for (const object of await packagedObjects(`examples/walkthrough/${file}.yaml`)) {
      await client.create(collections[object.kind] ?? '', object, { signal: io.signal });
      io.stderr.write(`Applied ${object.kind} ${object.metadata.name}.\n`);
    }
  }
  const stop = new AbortController();
  const logger = createLogger({ format: 'text', level: 'silent', stream: io.stderr });
  const observer = new Observer(client, { namespace, name, logger, signal: stop.signal });
  ending.defer(async () => {
    stop.abort();
    await observer.done();
  });
  return observer;
}

/** Waits until the first pod is ready and the Service answers. @returns the Service's address */
async function untilReady(observer: Observer, client: KubeClient, io: Io): Promise<URL> {
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
  const address = service.metadata.annotations?.['plimsoll.dev/address'];
  if (address === undefined)
    throw new UserError(`the Service ${name} has no address; see docs/dev-cluster.md`, { exitCode: 1 });
  io.stderr.write(`First pod ready; the Service answers at http://${address}/\n`);
  return new URL(`http://${address}/`);
}

/** Before that, the operator would say that it has no metrics. */
async function untilMeasured(client: KubeClient, io: Io): Promise<void> {
  io.stderr.write('Waiting for the first CPU reading of the pod in metrics.k8s.io ...\n');
  const path = `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods`;
  await until('metrics.k8s.io has a reading of the pod', readyWithinMs, io.signal, async () => {
    const { items } = (await client.get(path, { signal: io.signal })) as { items: unknown[] };
    return items.length > 0;
  });
}

function startOperator(kubeconfig: string, io: Io, ending: Ending): void {
  const stop = new AbortController();
  const running = runOperator(
    {
      kubeconfig,
      syncPeriodMs: shortened.syncPeriodMs,
      concurrentSyncs: 1,
      bindAddress: undefined,
      controller: {
        ...defaultControllerOptions,
        downscaleStabilizationMs: shortened.downscaleStabilizationMs,
        cpuInitializationPeriodMs: shortened.cpuInitializationPeriodMs,
        initialReadinessDelayMs: shortened.initialReadinessDelayMs,
      },
    },
    { signal: stop.signal, logger: createLogger({ format: 'text', level: 'silent', stream: io.stderr }) },
  );
  running.catch((error: unknown) => io.stderr.write(`The operator ended: ${errorMessage(error)}\n`));
  ending.defer(async () => {
    stop.abort();
    await running.catch(() => undefined); // Told above.
  });
}

/** Runs the load with the live view beside it, then waits until the last pods have gone. */
async function underLoad(url: URL, observer: Observer, options: DemoOptions, io: Io): Promise<DemoResult> {
  const { phases } = options;
  const profile = loadProfile(phases);
  const timeline = new Timeline();
  const view = new LiveView(io.stderr);
  let progress: LoadProgress | undefined;
  const look = (): void => {
    timeline.add(observer.now(), progress);
    const observed = observer.now();
    const state = {
      title: `deployment/${name}`,
      phase: phaseInWords(phases, timeline.elapsedMs()),
      elapsedMs: timeline.elapsedMs(),
      durationMs: profileDurationMs(profile),
      samples: timeline.samples,
      ...(progress === undefined ? {} : { load: progress }),
      events: observer.events(timeline.startEpochMs),
      ...observed,
    };
    view.update(demoUpdate(state, viewOptions(io.stderr, io)));
  };
  const looking = setInterval(look, 1000);
  look();
  let load: LoadResult;
  try {
    load = await runLoad({ url, profile }, { signal: io.signal, onProgress: (now) => (progress = now) });
    progress = undefined;
    if (options.operator) await untilBack(timeline, observer, io);
    look();
  } finally {
    clearInterval(looking);
    view.stop();
  }
  return {
    replicas: timeline.replicas(),
    timeline: timeline.samples,
    events: observer.events(timeline.startEpochMs),
    load,
    perPod: load.perPod,
  };
}

/** A slow machine may need longer than the quiet phase; the verdict is the summary's. */
async function untilBack(timeline: Timeline, observer: Observer, io: Io): Promise<void> {
  const { start } = timeline.replicas();
  const isBack = (): boolean => {
    const { desiredReplicas, readyReplicas, pods } = observer.now();
    return desiredReplicas <= start && readyReplicas <= start && pods.length <= start;
  };
  const deadline = performance.now() + backWithinMs;
  while (!isBack() && performance.now() < deadline && !io.signal.aborted)
    await systemClock.sleep(100, io.signal);
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
