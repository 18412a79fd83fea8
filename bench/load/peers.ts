import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram, generate } from './programs.ts';

/** How to have one generator load a server in a closed loop. */
export interface Generator {
  readonly name: string;
  /** @returns requests per second */
  readonly run: (load: ClosedLoop) => Promise<number>;
}

interface ClosedLoop {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** For what has to be written on the way. */
  readonly folder: string;
}

export type Peer = Generator | { readonly name: string; readonly absent: string };

const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'plimsoll-bench');
const bin = fileURLToPath(new URL('../../bin/plimsoll.js', import.meta.url));
const k6Script = fileURLToPath(new URL('closed-loop.k6', import.meta.url));

export const ours: Generator = {
  name: 'plimsoll',
  run: async ({ url, connections, seconds }) => {
    const result = await runPlimsoll(url, [
      '--connections',
      String(connections),
      '--duration',
      `${seconds}s`,
    ]);
    return result.rate.done;
  },
};

/** Of what `load --output json` prints. */
export interface LoadFigures {
  readonly rate: { readonly offered: number; readonly done: number };
  readonly sendLagMs: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly requests: { readonly ok: number; readonly failed: number; readonly dropped: number };
}

export async function runPlimsoll(url: string, flags: readonly string[]): Promise<LoadFigures> {
  return JSON.parse(
    await generate(process.execPath, [bin, 'load', url, ...flags, '--output', 'json']),
  ) as LoadFigures;
}

interface PeerRow {
  readonly name: string;
  /** Where the program is, once it is there. @throws Error when it cannot be had */
  readonly find: () => string;
  readonly run: (program: string, load: ClosedLoop) => Promise<number>;
}

const rows: readonly PeerRow[] = [
  {
    name: 'wrk',
    find: () => findProgram('wrk') ?? absent('not on the PATH'),
    run: async (wrk, { url, connections, seconds }) =>
      perSecondIn(await generate(wrk, ['-t1', `-c${connections}`, `-d${seconds}s`, url])),
  },
  {
    name: 'autocannon',
    find: () => installed('autocannon@9.0.0', join(cache, 'npm/node_modules/autocannon/autocannon.js')),
    run: async (script, { url, connections, seconds }) => {
      const args = ['-c', String(connections), '-d', String(seconds), '--json', '-n', url];
      const { requests, duration } = JSON.parse(await generate(process.execPath, [script, ...args])) as {
        requests: { total: number };
        duration: number;
      };
      return requests.total / duration;
    },
  },
  {
    name: 'hey',
    find: () => goProgram('hey', 'github.com/rakyll/hey@v0.1.4'),
    run: async (hey, { url, connections, seconds }) =>
      perSecondIn(await generate(hey, ['-z', `${seconds}s`, '-c', String(connections), url])),
  },
  {
    name: 'vegeta',
    find: () => goProgram('vegeta', 'github.com/tsenart/vegeta/v12@v12.12.0'),
    run: runVegeta,
  },
  {
    name: 'k6',
    find: () => goProgram('k6', 'go.k6.io/k6@v1.8.1'),
    run: async (k6, { url, connections, seconds }) => {
      const flags = [
        '--quiet',
        '--vus',
        String(connections),
        '--duration',
        `${seconds}s`,
        '-e',
        `URL=${url}`,
      ];
      return Number(await generate(k6, ['run', ...flags, k6Script]));
    },
  },
];

/** All of them, those that cannot be had with the reason. Installs what is missing, where the means are there. */
export function peers(): Peer[] {
  return rows.map(({ name, find, run }) => {
    try {
      const program = find();
      return { name, run: async (load) => run(program, load) };
    } catch (error) {
      return { name, absent: firstLine(error) };
    }
  });
}

async function runVegeta(vegeta: string, { url, connections, seconds, folder }: ClosedLoop): Promise<number> {
  const [targets, results] = [join(folder, 'vegeta.targets'), join(folder, 'vegeta.results')];
  execFileSync('sh', ['-c', 'echo "GET $1" > "$2"', 'sh', url, targets]);
  const limits = ['-rate=0', `-workers=${connections}`, `-max-workers=${connections}`];
  await generate(vegeta, [
    'attack',
    ...limits,
    `-duration=${seconds}s`,
    '-targets',
    targets,
    '-output',
    results,
  ]);
  const report = await generate(vegeta, ['report', '-type=json', results]);
  return (JSON.parse(report) as { throughput: number }).throughput;
}

/** Of wrk's and hey's words. */
function perSecondIn(text: string): number {
  const [, value = ''] = /^\s*Requests\/sec:\s+([\d.]+)$/m.exec(text) ?? [];
  if (value === '') throw new Error(`Cannot find Requests/sec in ${JSON.stringify(text)}`);
  return Number(value);
}

/** Not a dependency of the project: only this benchmark wants it. */
function installed(name: string, script: string): string {
  if (existsSync(script)) return script;
  const folder = join(cache, 'npm');
  mkdirSync(folder, { recursive: true });
  execFileSync('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', name], { stdio: 'pipe' });
  return script;
}

function goProgram(name: string, module: string): string {
  const program = join(cache, 'bin', name);
  if (existsSync(program)) return program;
  if (findProgram('go') === undefined) absent('no go on the PATH');
  const env = { ...process.env, GOBIN: join(cache, 'bin') };
  execFileSync('go', ['install', module], { env, stdio: 'pipe' });
  return program;
}

function absent(reason: string): never {
  throw new Error(reason);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim().split('\n')[0] ?? '';
}
