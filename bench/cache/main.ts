/**
 * `npm run bench:cache`: what it costs to know 20,000 pods, beside client-node's own list.
 * One JSON object on standard output; exit code 1 when a promise is not kept.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machine, printResult, rounded } from '../support.ts';
import type { Blocked } from './blocked.ts';
import { realisticPod } from './pod.ts';

const { values: flags } = parseArgs({
  options: { pods: { type: 'string', default: '20000' }, runs: { type: 'string', default: '3' } },
});
const serverProgram = fileURLToPath(new URL('./server.ts', import.meta.url));
const fillProgram = fileURLToPath(new URL('./fill.ts', import.meta.url));
const promised = { bytesAPod: 1024, blockedMs: 100 };

interface Filled {
  readonly pods: number;
  readonly bytesAPod: number;
  readonly listMs: number;
  readonly blocked: Blocked;
}

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
const server = spawn(process.execPath, [serverProgram, flags.pods], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const [url] = (await once(createInterface(server.stdout), 'line')) as [string];
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigOf(url));
  const ours = measure('reflector', kubeconfig);
  const theirs = measure('clientNode', kubeconfig);
  const kept = {
    memory: ours.bytesAPod <= promised.bytesAPod,
    eventLoop: ours.blockedCpuMs <= promised.blockedMs,
  };
  printResult({
    machine: { ...machine(), loadAverage: loadavg().map(rounded) },
    pods: Number(flags.pods),
    podJsonBytes: jsonBytes(),
    promised,
    kept,
    reflector: ours,
    clientNodeList: theirs,
    timesLess: {
      memory: rounded(theirs.bytesAPod / ours.bytesAPod),
      blocked: rounded(theirs.blockedCpuMs / ours.blockedCpuMs),
    },
  });
  process.exitCode = kept.memory && kept.eventLoop ? 0 : 1;
} finally {
  server.kill();
  rmSync(folder, { recursive: true });
}

/**
 * Medians of several runs, each in a process of its own; of the time that the thread computed without a pause, which is what is
 * judged, the longest of all runs: what the wall
 * clock says has in it what other processes took of the processors.
 */
function measure(way: string, kubeconfig: string) {
  const runs = Array.from({ length: Number(flags.runs) }, () => fill(way, kubeconfig));
  return {
    pods: runs[0]?.pods ?? 0,
    bytesAPod: median(runs.map(({ bytesAPod }) => bytesAPod)),
    listMs: median(runs.map(({ listMs }) => listMs)),
    blockedMs: median(runs.map(({ blocked }) => blocked.longestMs)),
    blockedCpuMs: rounded(Math.max(...runs.map(({ blocked }) => blocked.longestCpuMs))),
    perfHooksMs: median(runs.map(({ blocked }) => blocked.perfHooksMs)),
    eachBlockedMs: runs.map(({ blocked }) => rounded(blocked.longestMs)),
  };
}

function fill(way: string, kubeconfig: string): Filled {
  const output = execFileSync(process.execPath, ['--expose-gc', fillProgram, way, kubeconfig], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output) as Filled;
}

function median(values: readonly number[]): number {
  return rounded(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN);
}

function jsonBytes(): object {
  const sizes = Array.from({ length: 240 }, (_, index) => JSON.stringify(realisticPod(index)).length);
  return {
    min: Math.min(...sizes),
    mean: Math.round(sizes.reduce((sum, size) => sum + size, 0) / sizes.length),
    max: Math.max(...sizes),
  };
}

function kubeconfigOf(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'bench', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'bench', user: {} }],
    contexts: [{ name: 'bench', context: { cluster: 'bench', user: 'bench' } }],
    'current-context': 'bench',
  });
}
