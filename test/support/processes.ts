import { type ChildProcess, execFile, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { eventually } from './wait.ts';

const bin = fileURLToPath(new URL('../../bin/plimsoll.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  /** What ended it, when it did not end itself. */
  readonly signal: NodeJS.Signals | null;
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

  /** Waits until stdout has a text. @throws when the process ends first */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#wrote('stdout', pattern);
  }

  /** Waits until stderr has a text. @throws when the process ends first */
  async told(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#wrote('stderr', pattern);
  }

  async #wrote(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<RegExpExecArray> {
    const match = await eventually(`${stream} of plimsoll has ${String(pattern)}`, () => {
      const found = pattern.exec(this[stream]);
      return found ?? (this.running ? undefined : 'ended');
    });
    if (match === 'ended') throw new Error(`plimsoll ended without ${String(pattern)}: ${this.stderr}`);
    return match;
  }

  async ended(): Promise<Ended> {
    if (this.running) await once(this.process, 'close');
    const { exitCode: code, signalCode: signal } = this.process;
    return { code, signal, stdout: this.stdout, stderr: this.stderr };
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
      (_error, stdout, stderr) => resolve({ code: child.exitCode, signal: child.signalCode, stdout, stderr }),
    );
    child.stdin?.end(options.input ?? '');
  });
}

interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  /** With the pid it names a process for ever, since pids come again. */
  readonly startTime: string;
  readonly command: string;
}

/** Undefined when the process has ended in the meantime. */
function readProcess(pid: number): ProcessInfo | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return undefined;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return { pid, parent: Number(fields[1]), startTime: fields[19] ?? '', command };
  } catch {
    return undefined;
  }
}

/** Of all processes that run now, by /proc (Linux), in rising order. */
function pids(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0)
    .sort((a, b) => a - b);
}

function processes(): ProcessInfo[] {
  return pids().flatMap((pid) => readProcess(pid) ?? []);
}

const identity = ({ pid, startTime }: ProcessInfo): string => `${pid} ${startTime}`;
const isPod = ({ command }: ProcessInfo): boolean => command.includes('examples/walkthrough/app/server.js');

/**
 * Remembers every process that was ever below a command, from now until it has ended. Pods are in sessions of their own, but
 * children of the command as long as it lives.
 */
export class Descendants {
  readonly #seen = new Map<string, ProcessInfo>();
  /** Pids below the command, the command's own included. */
  readonly #below: Set<number>;
  /** Pids listed the last time: who their parent is was looked up then. */
  #known = new Set<number>();

  constructor(command: Plimsoll) {
    this.#below = new Set([command.pid]);
    const looking = setInterval(() => this.#look(), 5);
    command.process.once('exit', () => clearInterval(looking));
  }

  /** Of the walkthrough's app, and running now. */
  pods(): ProcessInfo[] {
    return this.remaining().filter(isPod);
  }

  /** How many pods of the walkthrough's app there ever were. */
  get podsSeen(): number {
    return [...this.#seen.values()].filter(isPod).length;
  }

  /** Those ever seen that run now. */
  remaining(): ProcessInfo[] {
    return processes().filter((one) => this.#seen.has(identity(one)));
  }

  #look(): void {
    const listed = pids();
    for (const pid of listed) if (!this.#known.has(pid)) this.#meet(pid);
    this.#known = new Set(listed);
    for (const [key, one] of this.#seen) {
      const now = readProcess(one.pid);
      // Until its exec a process has its parent's command line, in its last moments none.
      if (now?.startTime === one.startTime && now.command !== '') this.#seen.set(key, now);
    }
  }

  #meet(pid: number): void {
    const one = readProcess(pid);
    if (one === undefined || !this.#below.has(one.parent)) return;
    this.#below.add(pid);
    this.#seen.set(identity(one), one);
  }
}

/** Whatever runs with this variable in its environment, whoever its parent is; pods inherit HOME. */
export function processesWith(variable: string, value: string): ProcessInfo[] {
  return processes().filter(({ pid }) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`${variable}=${value}`);
    } catch {
      return false; // Ended, or another user's.
    }
  });
}

/** Whoever runs the tests, the command runs without privileges: as this user, or as nobody where this is root. */
export function unprivileged(home: string): SpawnOptions {
  if (process.getuid?.() !== 0) return {};
  const nobody = 65_534;
  chownSync(home, nobody, nobody);
  return { uid: nobody, gid: nobody, env: { PATH: process.env.PATH, HOME: home } };
}
