import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { timing } from '../support.ts';
import type { Effort, Round, Timing } from '../support.ts';
import type { Workload } from './workload.ts';

/** What Kubernetes' own code made of each workload. */
export type Peer =
  | { readonly ok: true; readonly go: string; readonly results: readonly PeerResult[] }
  | { readonly ok: false; readonly reason: string };

interface PeerResult {
  readonly desiredReplicas: number;
  readonly timing: Timing;
}

const source = new URL('go/', import.meta.url).pathname;

/** Builds the Go program, where there is Go, and gives it the same workloads. */
export function runPeer(workloads: readonly Workload[], effort: Effort): Peer {
  const version = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' });
  if (version.error !== undefined) return { ok: false, reason: 'no go on the PATH' };
  const program = join(cacheFolder(), 'podautoscaler');
  const build = spawnSync('go', ['build', '-o', program, '.'], { cwd: source, encoding: 'utf8' });
  if (build.status !== 0) return { ok: false, reason: `go build failed: ${firstLine(build.stderr)}` };
  const input = JSON.stringify({ ...effort, workloads });
  const run = spawnSync(program, { input, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (run.status !== 0) return { ok: false, reason: `the Go program failed: ${firstLine(run.stderr)}` };
  const results = JSON.parse(run.stdout) as { desiredReplicas: number; rounds: Round[] }[];
  return {
    ok: true,
    go: version.stdout.trim(),
    results: results.map(({ desiredReplicas, rounds }) => ({ desiredReplicas, timing: timing(rounds) })),
  };
}

function cacheFolder(): string {
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'plimsoll-bench');
  mkdirSync(folder, { recursive: true });
  return folder;
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
