import { connect } from '../../kube/client.ts';
import { systemClock } from '../../lib/clock.ts';
import { profileDurationMs } from '../../lib/load-profile.ts';
import { runLoad } from '../../load/run-load.ts';
import type { DemoResult } from '../../report/demo-result.ts';
import { renderDemoSummary, scaledUpAndBack } from '../../report/demo-summary.ts';
import { demoUpdate } from '../../report/demo-view.ts';
import { renderDemoReport } from '../../report/html/page.ts';
import { LiveView } from '../../report/live-view.ts';
import type { LoadProgress, LoadResult } from '../../report/load-result.ts';
import { type Io, viewOptions } from '../io.ts';
import { writeReport } from '../report-file.ts';
import type { Observer } from './observer.ts';
import {
  loadProfile,
  phaseInWords,
  type Phases,
  shortenedInWords,
  shownAtMs,
  type Variant,
} from './scenario.ts';
import { applyWalkthrough, name, startCluster, startOperator, untilMeasured, untilReady } from './stage.ts';
import { Timeline } from './timeline.ts';

export interface DemoOptions {
  readonly phases: Phases;
  /** False: load without autoscaling. */
  readonly operator: boolean;
  readonly by: Variant;
  readonly output: 'text' | 'json';
  /** Where the HTML report goes; none without. */
  readonly report?: string;
}

const backWithinMs = 60_000;
/** Of what the dev cluster complained about, when the demo fails. */
const shownTroubles = 5;

/**
 * The walkthrough: cluster, app, operator, load, summary.
 * @returns 0 when the app was scaled up and back down, 1 when not, 130 when interrupted
 */
export async function runDemo(options: DemoOptions, io: Io): Promise<number> {
  await using ending = new AsyncDisposableStack();
  const say = (line: string): unknown => io.stderr.write(`${line}\n`);
  const troubles: string[] = [];
  try {
    say('Starting the dev cluster: an embedded Kubernetes API, pods as processes ...');
    const { url: server, kubeconfig } = await startCluster(io, ending, (line) => troubles.push(line));
    say(`Cluster ready at ${server}; look into it from another terminal:`);
    say(`  kubectl --kubeconfig ${kubeconfig} get cas -w`);
    const client = connect({ kubeconfig });
    ending.defer(async () => client.close());
    const observer = await applyWalkthrough(client, options, io, ending);
    const url = await untilReady(observer, client, io);
    await untilMeasured(client, io);
    for (const line of shortenedInWords(options.by)) say(line);
    if (options.operator) startOperator(kubeconfig, io, ending);
    else say('No operator: the load meets one pod, and nothing scales.');
    const result = await underLoad(url, observer, options, io);
    if (io.signal.aborted) return interrupted(io);
    const lines = options.output === 'json' ? [JSON.stringify(result)] : summary(result, io);
    io.stdout.write(`${lines.join('\n')}\n`);
    await writeReport(
      options.report,
      () => renderDemoReport(result, observer.now().cpuTargetPercent),
      (line) => io.stderr.write(line),
    );
    if (scaledUpAndBack(result)) return 0;
    tell(troubles, say);
    return 1;
  } catch (error) {
    if (io.signal.aborted) return interrupted(io);
    tell(troubles, say);
    throw error;
  }
}

function tell(troubles: readonly string[], say: (line: string) => unknown): void {
  for (const line of troubles.slice(-shownTroubles)) say(`dev cluster: ${line}`);
}

function interrupted(io: Io): number {
  io.stderr.write('Interrupted: stopping the load, the operator, the pods and the cluster.\n');
  return 130;
}

function summary(result: DemoResult, io: Io): string[] {
  return ['', ...renderDemoSummary(result, viewOptions(io.stdout, io))];
}

/** Runs the load with the live view beside it, then waits until the last pods have gone. */
async function underLoad(url: URL, observer: Observer, options: DemoOptions, io: Io): Promise<DemoResult> {
  const { phases } = options;
  const profile = loadProfile(phases);
  const timeline = new Timeline();
  const view = new LiveView(io.stderr);
  let progress: LoadProgress | undefined;
  let told = 0;
  const look = (): void => {
    timeline.add(observer.now(), progress);
    const observed = observer.now();
    const events = observer.events(timeline.startEpochMs);
    const state = {
      title: `deployment/${name}`,
      phase: phaseInWords(phases, shownAtMs(progress, timeline.elapsedMs())),
      elapsedMs: timeline.elapsedMs(),
      durationMs: profileDurationMs(profile),
      samples: timeline.samples,
      ...(progress === undefined ? {} : { load: progress }),
      events,
      freshEvents: events.slice(told),
      ...observed,
    };
    told = events.length;
    view.update(demoUpdate(state, viewOptions(io.stderr, io)));
  };
  const looking = setInterval(look, 1000);
  look();
  let load: LoadResult;
  try {
    load = await runLoad({ url, profile }, { signal: io.signal, onProgress: (now) => (progress = now) });
    progress = progress && ended(progress, load);
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
    perPod: inShort(load.perPod),
  };
}

/** What the demo promises of each pod; the load's own part tells more. */
function inShort(perPod: LoadResult['perPod']): DemoResult['perPod'] {
  return Object.fromEntries(
    Object.entries(perPod).map(([name, { requests, connections, share, firstResponseAtMs }]) => [
      name,
      { requests, connections, share, firstResponseAtMs },
    ]),
  );
}

/** How the load stands after its end: nothing more comes, and the totals are the result's. */
function ended(progress: LoadProgress, { requests, perPod }: LoadResult): LoadProgress {
  return { ...progress, offeredPerSecond: 0, donePerSecond: 0, requests, perPod };
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
