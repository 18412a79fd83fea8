import { type ChildProcess, execFile, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { eventually } from './wait.ts';

const bin = fileURLToPath(new URL('../../bin/plimsoll.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `plimsoll` command as its own process, as a user starts it. */
export class Plimsoll {
  readonly process: ChildProcess;
  stdout = '';
  stderr = '';

  constructor(args: readonly string[], options: SpawnOptions = {}) {
    this.process = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    this.process.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.process.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  get running(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Waits until stdout has a text; fails at once when the process ends first. */
  async printed(pattern: RegExp, limitMs = 60_000): Promise<RegExpExecArray> {
    return eventually(
      `stdout of plimsoll has ${String(pattern)}`,
      () => {
        const match = pattern.exec(this.stdout);
        if (match === null && !this.running) throw new Error(`plimsoll ended: ${this.stderr}`);
        return match ?? undefined;
      },
      limitMs,
    );
  }

  async ended(): Promise<Ended> {
    if (this.running) await once(this.process, 'close');
    return { code: this.process.exitCode, stdout: this.stdout, stderr: this.stderr };
  }

  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<Ended> {
    if (this.running) this.process.kill(signal);
    return this.ended();
  }
}

/** Runs a `plimsoll` command to its end. */
export async function plimsoll(args: readonly string[], options: SpawnOptions = {}): Promise<Ended> {
  return new Plimsoll(args, options).ended();
}

/** Runs any program to its end; never throws for its exit code. */
export async function runProgram(
  file: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; input?: string; timeoutMs?: number } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      file,
      [...args],
      { env: options.env, maxBuffer: 1 << 26, timeout: options.timeoutMs ?? 60_000 },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
    child.stdin?.end(options.input ?? '');
  });
}

interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  /** With the pid it names a process for ever, since pids come again. */
  readonly startTime: string;
}

function processes(): ProcessInfo[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (fields[0] === 'Z') return [];
        return [{ pid: Number(name), parent: Number(fields[1]), startTime: fields[19] ?? '' }];
      } catch {
        return []; // It ended between the listing and the reading.
      }
    });
}

/** Every process below `pid`, by /proc (Linux). */
export function descendants(pid: number): ProcessInfo[] {
  const all = processes();
  const below = (parent: number): ProcessInfo[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...below(one.pid)]);
  return below(pid);
}

/** Those of the processes that still run. */
export function stillRunning(ones: readonly ProcessInfo[]): ProcessInfo[] {
  const now = new Set(processes().map((one) => `${one.pid} ${one.startTime}`));
  return ones.filter((one) => now.has(`${one.pid} ${one.startTime}`));
}
