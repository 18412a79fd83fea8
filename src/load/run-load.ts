import { setImmediate as yieldTurn, setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../lib/errors.ts';
import type { LoadProgress, LoadResult } from '../report/load-result.ts';
import type { ClusterFeed } from './cluster-feed.ts';
import { startEventLoopMeter } from './event-loop-meter.ts';
import { type LoadOptions, type Settings, toSettings } from './load-options.ts';
import { LoadRun } from './load-run.ts';
import { checkAllowed, checkReachable, parseTarget } from './target.ts';
import { openSocket } from './wire.ts';

export interface LoadDeps {
  /** Ends the run early; the result is what was measured so far. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Absent: no cluster is known, and what needs one is refused. */
  readonly cluster?: ClusterFeed;
}

/**
 * Sends requests as the profile asks for, however slowly they are answered (open loop), or as fast as they are answered
 * (closed loop), and measures.
 * @throws UserError for options that make no sense, a target that is not allowed, or one that nothing listens on
 */
export async function runLoad(options: LoadOptions, deps: LoadDeps): Promise<LoadResult> {
  const settings = toSettings(options);
  const { url } = settings;
  const target = parseTarget(url, settings.request, settings.tls);
  if (deps.cluster === undefined) refuseClusterOptions(settings);
  await checkAllowed(url, target, settings.allowRemote);
  await checkReachable(url, target, settings.timeoutMs);
  const run = new LoadRun(settings, target, {
    ...deps,
    now: () => performance.now(),
    sleep: async (ms) => (ms === 0 ? yieldTurn() : sleep(ms)),
    openWire: openSocket,
    watchEventLoop: startEventLoopMeter,
  });
  return run.run();
}

function refuseClusterOptions({ expectations, rotation }: Settings): void {
  const needing = expectations
    .filter(({ needsCluster }) => needsCluster)
    .map(({ text }) => `--expect ${text}`);
  if (rotation.type === 'on-scale') needing.push('--rotate on-scale');
  if (needing.length === 0) return;
  throw new UserError(
    `${needing.join(', ')}: this needs to watch the replicas in a cluster; give --kubeconfig FILE, or leave it out`,
  );
}

/**
 * 130 when interrupted. With expectations: 3 when the generator was saturated, or late all the time, which makes them void, 0 when all were
 * met, 1 when not. Without: 0 when any request succeeded, else 1.
 */
export function loadExitCode({ interrupted, verdicts, generator, requests }: LoadResult): 0 | 1 | 3 | 130 {
  if (interrupted) return 130;
  if (verdicts.length === 0) return requests.ok > 0 ? 0 : 1;
  if (generator.saturated || verdicts.some(({ met }) => met === null)) return 3;
  return verdicts.every(({ met }) => met === true) ? 0 : 1;
}
